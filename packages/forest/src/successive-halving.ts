/**
 * Successive halving (Jamieson and Talwalkar, 2016): all candidates are tried with a few trees, the better third of them
 * with three times as many, until a few are left. The trees of a round are new ones, so that luck in one is none in the
 * next, and have the same bags for all candidates, so that these differ by what is grown alone.
 */
import type { Crew } from './crew.ts';
import { ForestError } from './errors.ts';
import { prepareGrowth } from './growers.ts';
import type { Growth } from './growers.ts';
import { growSettings } from './options.ts';
import type { ForestSettings } from './options.ts';
import { meanLoss, standardErrorOfDifference } from './out-of-bag-loss.ts';
import type { TrainingSet } from './training-set.ts';
import { runTrials } from './trials.ts';
import type { Candidate, TunedSettings } from './tuning-grid.ts';

/** Trials so far; settings that get past a round are tried again in the next one. */
export interface TuneProgress {
  readonly done: number;
  readonly total: number;
}

/** How settings did in the last round that they got to. */
export interface Trial {
  readonly options: TunedSettings;
  /** Trees of that round. */
  readonly trees: number;
  /**
   * The out-of-bag loss to be expected of a forest of `nEstimators` trees: the mean squared error, or for classification
   * the Brier score, added up over the classes. `NaN` where no row was out of two bags.
   */
  readonly loss: number;
  /** Whether they were given up before the last round. */
  readonly stopped: boolean;
}

/** What tuning found. */
export interface Tuning {
  /** Options for a fit to the same data: `{ ...options, ...best }`. */
  readonly best: TunedSettings;
  /** The later given up the further in front, then by loss; empty where the grid left nothing to choose. */
  readonly trials: readonly Trial[];
}

/** The part of the candidates that gets past a round, as one in so many; and how many times the trees they get there. */
const REDUCTION = 3;
/** Candidates of the last round, where there are so many. */
const FINALISTS = 8;
/** Rows × features × trees of a trial in the last round, within limits: trees of small tables are noisy, and cheap. */
const CELL_TREES = 2_400_000;
const FEWEST_LAST_TREES = 36;
const MOST_LAST_TREES = 150;
/** Few rows are out of two bags with fewer. */
const FEWEST_TREES = 5;
/**
 * Differences of up to so many standard errors are noise. Beside taking the smallest loss come what may, this lowered the
 * squared error on unseen rows by about 1 % where rows are few (100 to 300 of Big Mart or synthetic ones); on all of Big
 * Mart both gave a cross-validated RMSE of 1,079 to 1,080.
 */
const NOISE = 0.5;

interface Round {
  readonly candidates: number;
  readonly firstTree: number;
  readonly trees: number;
}

/** A candidate after a round. */
interface Tried {
  readonly candidate: Candidate;
  readonly trees: number;
  readonly loss: number;
  /** By row; kept in the last round alone. */
  readonly losses: Float64Array;
}

/** How to try candidates, not which. */
export interface HalvingContext {
  readonly crew: Crew;
  readonly kernel: ForestSettings['kernel'];
  readonly onTrial?: ((progress: TuneProgress) => void) | undefined;
}

/**
 * @param set over shared memory where there are several threads
 * @throws ForestError `too-large`, `worker-failed`; the signal's reason when it is aborted
 */
export async function halve(set: TrainingSet, candidates: readonly [Candidate, ...Candidate[]], context: HalvingContext): Promise<Tuning> {
  const rounds = roundsOf(candidates.length, set.rows * set.features.length);
  const report = progressOf(rounds, context);
  const growth = prepareGrowth(set, context.kernel, candidates.map(({ settings }) => growSettings(settings, set)), context.crew.threads);
  const stopped: Trial[] = [];
  let tried: readonly Tried[] = [];
  let alive: readonly Candidate[] = candidates;
  for (const [index, round] of rounds.entries()) {
    const isLast = index === rounds.length - 1;
    tried = await tryOut(set, growth, alive, { ...round, isLast }, context.crew, report);
    const kept = rounds[index + 1]?.candidates ?? tried.length;
    alive = tried.slice(0, kept).map(({ candidate }) => candidate);
    stopped.unshift(...tried.slice(kept).map((one) => asTrial(one, true)));
  }
  return { best: simplest(tried, set).options, trials: [...tried.map((one) => asTrial(one, false)), ...stopped] };
}

/** The last round first, then back to the first one with a third of the trees each. */
function roundsOf(candidates: number, cells: number): Round[] {
  const sizes = [candidates];
  for (let size = candidates; size > FINALISTS; sizes.push(size)) size = Math.max(FINALISTS, Math.ceil(size / REDUCTION));
  const last = Math.min(MOST_LAST_TREES, Math.max(FEWEST_LAST_TREES, Math.ceil(CELL_TREES / cells)));
  let firstTree = 0;
  return sizes.map((size, index) => {
    const trees = Math.max(FEWEST_TREES, Math.ceil(last / REDUCTION ** (sizes.length - 1 - index)));
    firstTree += trees;
    return { candidates: size, firstTree: firstTree - trees, trees };
  });
}

/** One round: the candidates by rising loss, in their order where losses are equal. */
async function tryOut(
  set: TrainingSet, growth: Growth, candidates: readonly Candidate[], round: Round & { readonly isLast: boolean }, crew: Crew, report: () => void,
): Promise<Tried[]> {
  const { firstTree, trees, isLast } = round;
  const tasks = candidates.map(({ settings }) => ({ settings: growSettings(settings, set), firstTree, trees }));
  const tried = candidates.map((candidate): Tried => ({ candidate, trees, loss: NaN, losses: new Float64Array(0) }));
  await runTrials(set, growth, tasks, crew, (index, losses) => {
    const one = tried[index];
    if (one !== undefined) tried[index] = { ...one, loss: meanLoss(losses, set.weights), losses: isLast ? losses : one.losses };
    report();
  });
  // `||`: without a loss, which then none has, all are equal.
  return tried.sort((a, b) => a.loss - b.loss || 0);
}

/** The candidate of the smallest trees among those that differ from the first by noise. */
function simplest(tried: readonly Tried[], { weights }: TrainingSet): Candidate {
  const best = tried[0];
  if (best === undefined) throw new ForestError('invalid-option', 'grid: got no candidates, allowed: at least one');
  const isNoise = (one: Tried): boolean => one.loss - best.loss <= NOISE * standardErrorOfDifference(one.losses, best.losses, weights);
  return tried.filter((one) => one === best || isNoise(one)).reduce((a, b) => (isSimpler(b, a) ? b : a)).candidate;
}

function isSimpler({ candidate: { settings: a } }: Tried, { candidate: { settings: b } }: Tried): boolean {
  return a.minSamplesLeaf === b.minSamplesLeaf ? a.maxDepth < b.maxDepth : a.minSamplesLeaf > b.minSamplesLeaf;
}

function asTrial({ candidate: { options }, trees, loss }: Tried, stopped: boolean): Trial {
  return { options, trees, loss, stopped };
}

function progressOf(rounds: readonly Round[], { onTrial }: HalvingContext): () => void {
  const total = rounds.reduce((sum, { candidates }) => sum + candidates, 0);
  let done = 0;
  return () => { onTrial?.({ done: ++done, total }); };
}
