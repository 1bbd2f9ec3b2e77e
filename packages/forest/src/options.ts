/** The settings of a fit: scikit-learn's names in camelCase, with scikit-learn's meaning. */
import { ForestError } from './errors.ts';

/** Trees finished so far. */
export interface ForestProgress {
  readonly done: number;
  readonly total: number;
}

/** How to grow a forest; every setting has a default. */
export interface ForestOptions {
  /** Number of trees, default 100. */
  readonly nEstimators?: number | undefined;
  /** Splits on the longest path of a tree, default unlimited. */
  readonly maxDepth?: number | undefined;
  /** Rows a node needs to be split, from 2, or a fraction of all rows in (0, 1]. Default 2. */
  readonly minSamplesSplit?: number | undefined;
  /** Rows every leaf must have, from 1, or a fraction of all rows in (0, 1). Default 1. A row drawn twice counts once. */
  readonly minSamplesLeaf?: number | undefined;
  /**
   * Features tried at a node: a fraction in (0, 1], a whole number above 1, `'sqrt'` or `'log2'`. Default: 1, all of
   * them, for a regressor and `'sqrt'` for a classifier (JavaScript cannot tell 1 from 1.0: to try a single one, give a small fraction).
   */
  readonly maxFeatures?: number | 'sqrt' | 'log2' | undefined;
  /** Whether each tree sees a bootstrap sample (default) or all rows. */
  readonly bootstrap?: boolean | undefined;
  /** Whether to predict every row by the trees that have not seen it; needs `bootstrap`. Default false. */
  readonly oobScore?: boolean | undefined;
  /** Whole number from 0: the only source of randomness. Default 0. */
  readonly seed?: number | undefined;
  /** Worker threads, default 1 (no worker, the calling thread). The forest is the same for every number. */
  readonly threads?: number | undefined;
  /** Called after each tree. */
  readonly onProgress?: ((progress: ForestProgress) => void) | undefined;
  /** Ends the fit between two trees; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Where the worker's program lies, for code bundled into other files than these. Default `./worker.ts`. */
  readonly workerUrl?: URL | undefined;
}

/** Settings that decide what is grown, with fractions turned into numbers of rows and features. */
export interface GrowSettings {
  readonly nEstimators: number;
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  readonly maxFeatures: number;
  readonly bootstrap: boolean;
  readonly oobScore: boolean;
  readonly seed: number;
}

/**
 * Checks the options against a data set of `rows` × `features` and fills in the defaults.
 * @throws ForestError `invalid-option`
 */
export function resolveSettings(options: ForestOptions, rows: number, features: number): GrowSettings {
  const bootstrap = options.bootstrap ?? true;
  const oobScore = options.oobScore ?? false;
  if (oobScore && !bootstrap) {
    throw refusal('oobScore', 'true with bootstrap false', 'true only with bootstrap: without it no row is out of bag');
  }
  return {
    nEstimators: wholeNumber('nEstimators', options.nEstimators ?? 100, 1, 1_000_000),
    maxDepth: options.maxDepth === undefined ? Infinity : wholeNumber('maxDepth', options.maxDepth, 1, 2 ** 31 - 1),
    minSamplesSplit: rowCount('minSamplesSplit', options.minSamplesSplit ?? 2, 2, rows),
    minSamplesLeaf: rowCount('minSamplesLeaf', options.minSamplesLeaf ?? 1, 1, rows),
    maxFeatures: featureCount(options.maxFeatures ?? 1, features),
    bootstrap,
    oobScore,
    seed: wholeNumber('seed', options.seed ?? 0, 0, Number.MAX_SAFE_INTEGER),
  };
}

/**
 * How many worker threads to start for `trees` trees: never more than there are trees.
 * @throws ForestError `invalid-option`
 */
export function resolveThreads(options: ForestOptions, trees: number): number {
  return Math.min(wholeNumber('threads', options.threads ?? 1, 1, 1024), trees);
}

function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw refusal(name, value, `a whole number from ${least} to ${most}`);
}

function rowCount(name: string, value: number, least: number, rows: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  if (value > 0 && (least === 1 ? value < 1 : value <= 1)) return Math.max(least, Math.ceil(value * rows));
  throw refusal(name, value, `a whole number from ${least}, or a fraction of the rows between 0 and 1`);
}

function featureCount(value: number | 'sqrt' | 'log2', features: number): number {
  if (value === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(features)));
  if (value === 'log2') return Math.max(1, Math.floor(Math.log2(features)));
  if (value > 0 && value <= 1) return Math.max(1, Math.floor(value * features));
  if (Number.isInteger(value) && value > 1 && value <= features) return value;
  throw refusal('maxFeatures', value, `a fraction in (0, 1], a whole number from 2 to the number of features (${features}), "sqrt" or "log2"`);
}

function refusal(name: string, got: unknown, allowed: string): ForestError {
  return new ForestError('invalid-option', `${name}: got ${String(got)}, allowed: ${allowed}`);
}
