/** The settings of a fit: scikit-learn's names in camelCase, with scikit-learn's meaning. */
import { ForestError } from './errors.ts';
import type { TrainingSet } from './training-set.ts';

/** Trees finished so far. */
export interface ForestProgress {
  readonly done: number;
  readonly total: number;
  /** An estimate from the pace so far; `undefined` before the first tree. */
  readonly secondsLeft: number | undefined;
  /** The out-of-bag score of the trees so far; `undefined` where `oobScore` was not asked for. */
  readonly oobScore: number | undefined;
}

/** One tree of an unfinished fit, to be kept and handed to a later fit of the same data and options. */
export interface FinishedTree {
  /** Number of the tree in its forest, from 0. */
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** Trees of a forest by their numbers, from 0: `from` is the first of them, `to` the first that is none. */
export interface TreeRange {
  readonly from: number;
  readonly to: number;
}

/** What a row counts by its class, beside its own weight. */
export type ClassWeight = 'balanced' | 'balanced_subsample' | readonly number[];

/** How to grow a forest; every setting has a default. */
export interface ForestOptions {
  /** Number of trees, default 100. */
  readonly nEstimators?: number | undefined;
  /**
   * What a split has to reduce: `'gini'` (default) or `'entropy'`, in bits, for a classifier; `'squared_error'`, the
   * variance, for a regressor.
   */
  readonly criterion?: 'squared_error' | 'gini' | 'entropy' | undefined;
  /**
   * `'best'` (default) tries every threshold of a feature, `'random'` a single one drawn at random: extremely randomised
   * trees (Geurts, Ernst and Wehenkel, 2006), which those authors grow with `bootstrap: false`.
   */
  readonly splitter?: 'best' | 'random' | undefined;
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
  /** Leaves of a tree, from 2; the splits that reduce the impurity most come first then. Default unlimited. */
  readonly maxLeafNodes?: number | undefined;
  /**
   * The least that a split must reduce the impurity of the whole tree by, in the impurity's unit (the target's squared,
   * for a regressor). Default 0, with which a split that reduces nothing is made as well.
   */
  readonly minImpurityDecrease?: number | undefined;
  /** Whether each tree sees a bootstrap sample (default) or all rows. */
  readonly bootstrap?: boolean | undefined;
  /** Rows drawn for a tree: a fraction in (0, 1] or a whole number above 1; needs `bootstrap`. Default 1, as many as there are. */
  readonly maxSamples?: number | undefined;
  /** Whether to predict every row by the trees that have not seen it; needs `bootstrap`. Default false. */
  readonly oobScore?: boolean | undefined;
  /**
   * Classifiers only: `'balanced'` gives every class the same total weight, `'balanced_subsample'` does so in each tree's
   * sample; or one factor a class. Default: every class counts 1.
   */
  readonly classWeight?: ClassWeight | undefined;
  /** Whole number from 0: the only source of randomness. Default 0. */
  readonly seed?: number | undefined;
  /** Worker threads, default 1 (no worker, the calling thread). The forest is the same for every number. */
  readonly threads?: number | undefined;
  /** Most bins that the values of a feature are put in, 2 to 255; they hold about as many rows each. Default 255 where bins are used. */
  readonly maxBins?: number | undefined;
  /** Whether values are put in bins: quicker and leaner where rows are many. Default `'auto'`: where `maxBins` is given, or from 500,000 rows on. */
  readonly histogram?: 'auto' | boolean | undefined;
  /** Whether the artifact keeps the weight of the rows in each node, 4 bytes a node, which contributions are computed from. Default false. */
  readonly nodeWeights?: boolean | undefined;
  /** Regressors only: whether the artifact keeps what quantiles are predicted from; needs `bootstrap`, as they are calibrated out of bag. Default false. */
  readonly quantiles?: boolean | undefined;
  /** Whether to measure each feature's importance by permuting it among out-of-bag rows; needs `bootstrap`. Default false. */
  readonly oobImportances?: boolean | undefined;
  /** Called after each tree. */
  readonly onProgress?: ((progress: ForestProgress) => void) | undefined;
  /** Called with each finished tree, in any order, so that an interrupted fit can be taken up again. */
  readonly onTree?: ((tree: FinishedTree) => void) | undefined;
  /** Trees of an earlier fit of the same data and options; they are not grown again. */
  readonly finishedTrees?: readonly FinishedTree[] | undefined;
  /** Grows these of the trees alone, a shard of the forest for `mergeForests`; out-of-bag figures are theirs. Default all trees. */
  readonly treeRange?: TreeRange | undefined;
  /** Ends the fit between two trees; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Where the worker's program lies, for code bundled into other files than these. Default `./worker.ts`. */
  readonly workerUrl?: URL | undefined;
  /** Which of the two programs, of equal results, does the work. Default `'auto'`: WebAssembly where it runs. */
  readonly kernel?: 'auto' | 'wasm' | 'typescript' | undefined;
}

/** Settings that decide what is grown, with fractions turned into numbers of rows and features. */
export interface GrowSettings {
  readonly nEstimators: number;
  /** `variance` for regression. */
  readonly criterion: 'variance' | 'gini' | 'entropy';
  readonly splitter: 'best' | 'random';
  /** Infinity for no limit. */
  readonly maxDepth: number;
  /** Infinity for no limit. */
  readonly maxLeafNodes: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** In the training set's steps, as `reduction / W` of a tree of weight W is. */
  readonly minImpurityDecrease: number;
  readonly maxFeatures: number;
  readonly bootstrap: boolean;
  /** Rows drawn for a tree; the number of drawable rows where not bootstrapped. */
  readonly draws: number;
  readonly isBalancedSubsample: boolean;
  readonly seed: number;
}

/** Checked options with their defaults: what a fit knows before it reads its data. */
export interface ForestSettings extends Omit<GrowSettings, 'draws' | 'minImpurityDecrease'> {
  /** In the unit of the impurity. */
  readonly minImpurityDecrease: number;
  /** The trees to grow. */
  readonly treeRange: TreeRange;
  /** Rows drawn for a tree: up to 1 a fraction of those that can be drawn, above 1 their number. */
  readonly maxSamples: number;
  readonly classWeight: ClassWeight | undefined;
  /** Most codes of a numeric feature; Infinity where every value keeps its own. */
  readonly maxBins: number;
  readonly oobScore: boolean;
  readonly oobImportances: boolean;
  readonly nodeWeights: boolean;
  readonly quantiles: boolean;
  /** At most as many as there are trees to grow. */
  readonly threads: number;
  readonly kernel: 'auto' | 'wasm' | 'typescript';
}

/** What options are checked against. */
export interface DataShape {
  readonly rows: number;
  readonly features: number;
  /** 0 for regression. */
  readonly classes: number;
}

/** A record, so that the compiler misses a name that is left out. */
const NAMES: Record<keyof ForestOptions, true> = {
  nEstimators: true, criterion: true, splitter: true, maxDepth: true, minSamplesSplit: true, minSamplesLeaf: true, maxFeatures: true,
  maxLeafNodes: true, minImpurityDecrease: true, bootstrap: true, maxSamples: true, oobScore: true, oobImportances: true, classWeight: true, seed: true,
  threads: true, maxBins: true, histogram: true, nodeWeights: true, quantiles: true, onProgress: true, onTree: true,
  finishedTrees: true, treeRange: true, signal: true, workerUrl: true, kernel: true,
};
const MOST_BINS = 255;
/** Between 100,000 rows, where bins gain a tenth at most, and 1,000,000, where a fit takes two thirds of the time: see the README's table. */
const BINNED_ROWS = 500_000;

/**
 * Checks the options against the shape of the data and fills in the defaults.
 * @throws ForestError `invalid-option`
 */
export function resolveSettings(options: ForestOptions, shape: DataShape): ForestSettings {
  const { rows, features, classes } = shape;
  checkNames(options);
  const nEstimators = wholeNumber('nEstimators', options.nEstimators ?? 100, 1, 1_000_000);
  const treeRange = checkRange(options.treeRange ?? { from: 0, to: nEstimators }, nEstimators);
  const classWeight = checkClassWeight(options.classWeight, classes);
  return {
    nEstimators,
    treeRange,
    criterion: resolveCriterion(options.criterion, classes),
    splitter: choice('splitter', options.splitter ?? 'best', ['best', 'random']),
    maxDepth: options.maxDepth === undefined ? Infinity : wholeNumber('maxDepth', options.maxDepth, 1, 2 ** 31 - 1),
    maxLeafNodes: options.maxLeafNodes === undefined ? Infinity : wholeNumber('maxLeafNodes', options.maxLeafNodes, 2, 2 ** 31 - 1),
    minSamplesSplit: rowCount('minSamplesSplit', options.minSamplesSplit ?? 2, 2, rows),
    minSamplesLeaf: rowCount('minSamplesLeaf', options.minSamplesLeaf ?? 1, 1, rows),
    minImpurityDecrease: notNegative('minImpurityDecrease', options.minImpurityDecrease ?? 0),
    maxFeatures: featureCount(options.maxFeatures ?? (classes === 0 ? 1 : 'sqrt'), features),
    ...resolveSampling(options, shape),
    classWeight,
    isBalancedSubsample: classWeight === 'balanced_subsample',
    maxBins: resolveBins(options, rows),
    nodeWeights: flag('nodeWeights', options.nodeWeights ?? false),
    seed: wholeNumber('seed', options.seed ?? 0, 0, Number.MAX_SAFE_INTEGER),
    threads: Math.min(wholeNumber('threads', options.threads ?? 1, 1, 1024), treeRange.to - treeRange.from),
    kernel: choice('kernel', options.kernel ?? 'auto', ['auto', 'wasm', 'typescript']),
  };
}

/** Rows drawn for each tree, of `drawable` that can be drawn. */
export function drawsOf({ bootstrap, maxSamples }: Pick<ForestSettings, 'bootstrap' | 'maxSamples'>, drawable: number): number {
  if (!bootstrap) return drawable;
  return maxSamples > 1 ? maxSamples : Math.max(1, Math.round(maxSamples * drawable));
}

/** The settings in the units of a training set made with them. */
export function growSettings(settings: ForestSettings, set: TrainingSet): GrowSettings {
  const { nEstimators, criterion, splitter, maxDepth, maxLeafNodes, minSamplesSplit, minSamplesLeaf, maxFeatures, bootstrap, isBalancedSubsample, seed } = settings;
  return {
    nEstimators,
    criterion,
    splitter,
    maxDepth,
    maxLeafNodes,
    minSamplesSplit,
    minSamplesLeaf,
    minImpurityDecrease: inSteps(settings, set),
    maxFeatures,
    bootstrap,
    draws: drawsOf(settings, set.drawable.length),
    isBalancedSubsample,
    seed,
  };
}

/**
 * A decrease of variance is a sum of squares over a weight. With sums in steps of 1 / g and weights in steps of 1 / w, a
 * reduction SL² / WL + SR² / WR − S² / W is g² / w times the real one, and the tree's weight w times. Gini impurity and
 * entropy are made of weights alone, so that their steps cancel.
 */
function inSteps({ minImpurityDecrease, criterion }: ForestSettings, { grid, weightScale }: TrainingSet): number {
  if (criterion !== 'variance' || minImpurityDecrease === 0) return minImpurityDecrease;
  const steps = grid.scale / weightScale;
  return minImpurityDecrease * steps * steps;
}

type Sampling = Pick<ForestSettings, 'bootstrap' | 'maxSamples' | 'oobScore' | 'oobImportances' | 'quantiles'>;

function resolveSampling(options: ForestOptions, { rows, classes }: DataShape): Sampling {
  const bootstrap = flag('bootstrap', options.bootstrap ?? true);
  const oobScore = flag('oobScore', options.oobScore ?? false);
  const oobImportances = flag('oobImportances', options.oobImportances ?? false);
  const quantiles = flag('quantiles', options.quantiles ?? false);
  if (!bootstrap) {
    const why = 'without it no row is out of bag';
    if (oobScore) throw refusal('oobScore', 'true with bootstrap false', `true only with bootstrap: ${why}`);
    if (oobImportances) throw refusal('oobImportances', 'true with bootstrap false', `true only with bootstrap: ${why}`);
    if (quantiles) throw refusal('quantiles', 'true with bootstrap false', `true only with bootstrap: ${why}, and quantiles are calibrated on such rows`);
    if (options.maxSamples !== undefined) throw refusal('maxSamples', `${String(options.maxSamples)} with bootstrap false`, 'a number only with bootstrap: without it each tree sees all rows');
  }
  if (quantiles && classes > 0) throw refusal('quantiles', 'true for a classifier', 'true only for a regressor');
  return { bootstrap, maxSamples: sampleSize(options.maxSamples ?? 1, rows), oobScore, oobImportances, quantiles };
}

function sampleSize(value: number, rows: number): number {
  if (Number.isFinite(value) && value > 0 && (value <= 1 || (Number.isInteger(value) && value <= rows))) return value;
  throw refusal('maxSamples', show(value), `a fraction in (0, 1], or a whole number from 2 to the number of rows (${rows})`);
}

function resolveCriterion(criterion: ForestOptions['criterion'], classes: number): GrowSettings['criterion'] {
  const allowed = classes > 0 ? (['gini', 'entropy'] as const) : (['squared_error'] as const);
  const chosen = choice('criterion', criterion ?? allowed[0], allowed);
  return chosen === 'squared_error' ? 'variance' : chosen;
}

function resolveBins({ maxBins, histogram = 'auto' }: ForestOptions, rows: number): number {
  choice('histogram', histogram, ['auto', true, false]);
  const bins = wholeNumber('maxBins', maxBins ?? MOST_BINS, 2, MOST_BINS);
  if (histogram === false && maxBins !== undefined) throw refusal('maxBins', `${maxBins} with histogram false`, 'a number only where bins are used');
  const isBinned = histogram === 'auto' ? maxBins !== undefined || rows >= BINNED_ROWS : histogram;
  return isBinned ? bins : Infinity;
}

function checkClassWeight(classWeight: ForestOptions['classWeight'], classes: number): ForestSettings['classWeight'] {
  if (classWeight === undefined) return undefined;
  if (classes === 0) throw refusal('classWeight', show(classWeight), 'nothing for a regressor, whose rows have no class');
  if (classWeight === 'balanced' || classWeight === 'balanced_subsample') return classWeight;
  if (!isArray(classWeight)) {
    throw refusal('classWeight', show(classWeight), '"balanced", "balanced_subsample" or an array of numbers');
  }
  if (classWeight.length !== classes) throw refusal('classWeight', `${classWeight.length} numbers`, `one for each of the ${classes} classes`);
  classWeight.forEach((weight, label) => { notNegative(`classWeight[${label}]`, weight); });
  if (classWeight.every((weight) => weight === 0)) throw refusal('classWeight', 'only zeros', 'at least one number above 0');
  return classWeight;
}

/** `Array.isArray` without its narrowing to `any[]`. */
function isArray(value: unknown): boolean {
  return Array.isArray(value);
}

function checkRange({ from, to }: TreeRange, nEstimators: number): TreeRange {
  wholeNumber('treeRange.from', from, 0, nEstimators - 1);
  wholeNumber('treeRange.to', to, from + 1, nEstimators);
  return { from, to };
}

function checkNames(options: ForestOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(NAMES, name));
  if (unknown !== undefined) throw refusal(unknown, 'an option of this name', Object.keys(NAMES).join(', '));
}

function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw refusal(name, show(value), `a whole number from ${least} to ${most}`);
}

function notNegative(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw refusal(name, show(value), 'a finite number from 0');
}

function flag(name: string, value: boolean): boolean {
  return choice(name, value, [true, false]);
}

function choice<T extends string | boolean>(name: string, value: T, allowed: readonly NoInfer<T>[]): T {
  if (allowed.includes(value)) return value;
  throw refusal(name, show(value), allowed.map(show).join(' or '));
}

function rowCount(name: string, value: number, least: number, rows: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  if (Number.isFinite(value) && value > 0 && (least === 1 ? value < 1 : value <= 1)) return Math.max(least, Math.ceil(value * rows));
  throw refusal(name, show(value), `a whole number from ${least}, or a fraction of the rows between 0 and 1`);
}

function featureCount(value: number | 'sqrt' | 'log2', features: number): number {
  if (value === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(features)));
  if (value === 'log2') return Math.max(1, Math.floor(Math.log2(features)));
  if (Number.isFinite(value) && value > 0 && value <= 1) return Math.max(1, Math.floor(value * features));
  if (Number.isInteger(value) && value > 1 && value <= features) return value;
  throw refusal('maxFeatures', show(value), `a fraction in (0, 1], a whole number from 2 to the number of features (${features}), "sqrt" or "log2"`);
}

/** Strings in quotes, so that "5" is not taken for 5. */
function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function refusal(name: string, got: string, allowed: string): ForestError {
  return new ForestError('invalid-option', `${name}: got ${got}, allowed: ${allowed}`);
}
