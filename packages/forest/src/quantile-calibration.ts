/**
 * Quantiles that hold for unseen rows. The leaves of a forest say too much or too little: fully grown trees are too sure,
 * large leaves mix unlike rows. What is wrong can be seen on the training rows, each asked of the trees that have not seen
 * it: conformalised quantile regression (Romano, Patterson and Candès, 2019, NeurIPS 32), scored out of bag as in QOOB
 * (Gupta, Kuchibhotla and Ramdas, 2022, Pattern Recognition 127), here for each level on its own. A quantile moves by its
 * level's offset times the row's spread, the distance between its own outer quantiles, so that rows of little noise
 * are moved little.
 *
 * The calibration is one list of doubles: the spread that every row has at least, then level and offset of each level
 * of a grid, ascending.
 */
import { drawBag } from './bag.ts';
import type { BagSettings } from './collect-leaves.ts';
import type { LeafTargets } from './flat-forest.ts';
import type { GrownTree } from './grown-tree.ts';
import { TargetDistribution } from './target-distribution.ts';
import type { TrainingSet } from './training-set.ts';
import { TrainingWalker } from './training-walker.ts';

const TAILS = [0.005, 0.01, 0.025, 0.05, 0.1];
const LEVELS = Float64Array.of(...TAILS, ...Array.from({ length: 15 }, (_, i) => (3 + i) / 20), ...TAILS.map((level) => 1 - level).reverse());
/** The levels between which the spread is measured: their places in the grid. */
const OUTER = TAILS.indexOf(0.1);
/** More rows would change a level's coverage by less than one in two hundred. */
const MOST_ROWS = 8192;
/** The least spread of a row, as a share of the mean. */
const LEAST_SPREAD = 0.05;
/** In place of a leaf: the tree has seen the row. */
const SEEN = 2 ** 32 - 1;

/** A calibration at work. */
export interface Calibration {
  /** The levels of the grid, ascending. */
  readonly levels: Float64Array;
  /** Turns what the leaves say at the levels of the grid into calibrated quantiles, ascending. */
  move(quantiles: Float64Array): void;
  /** The quantile at any level: between those of the grid, or the outermost. */
  interpolate(quantiles: Float64Array, level: number): number;
}

export function openCalibration(calibration: Float64Array): Calibration {
  const [floor = 0] = calibration;
  const levels = calibration.filter((_, i) => i % 2 === 1);
  const offsets = calibration.filter((_, i) => i > 0 && i % 2 === 0);
  return {
    levels,
    move: (quantiles) => {
      const spread = spreadOf(quantiles) + floor;
      for (let i = 0; i < quantiles.length; i++) quantiles[i] = (quantiles[i] ?? 0) + (offsets[i] ?? 0) * spread;
      // Where neighbours cross, sorting them is never worse: Chernozhukov, Fernández-Val and Galichon, 2010, Econometrica 78.
      quantiles.sort();
    },
    interpolate: (quantiles, level) => {
      const above = levels.findIndex((other) => other >= level);
      if (above <= 0) return quantiles.at(above) ?? NaN;
      const low = levels[above - 1] ?? 0;
      const share = (level - low) / ((levels[above] ?? 1) - low);
      return (quantiles[above - 1] ?? 0) * (1 - share) + (quantiles[above] ?? 0) * share;
    },
  };
}

/** Between the outer levels. */
function spreadOf(quantiles: Float64Array): number {
  return (quantiles.at(-1 - OUTER) ?? 0) - (quantiles[OUTER] ?? 0);
}

/**
 * Measures how far the quantiles of out-of-bag rows must move. At most 8,192 rows, evenly spaced, are asked.
 * @param trees trees of a regression forest, in order, with the targets of their leaves
 * @param first number of the first of them
 * @returns `undefined` where no row is out of bag
 */
export function calibrateQuantiles(set: TrainingSet, settings: BagSettings, trees: readonly GrownTree[], targets: LeafTargets, first = 0): Float64Array | undefined {
  const step = Math.ceil(set.drawable.length / MOST_ROWS);
  const asked = set.drawable.filter((_, i) => i % step === 0);
  const leaves = unseenLeaves(set, settings, trees, asked, first);
  const distribution = new TargetDistribution(set.targetLevels.length, targets);
  const ranks = new Uint32Array(LEVELS.length);
  const rows: { target: number; quantiles: Float64Array }[] = [];
  asked.forEach((row, i) => {
    distribution.clear();
    const known = leaves.subarray(i * trees.length, (i + 1) * trees.length).filter((leaf) => leaf !== SEEN);
    if (known.length === 0) return;
    known.forEach((leaf) => { distribution.add(leaf); });
    distribution.ranksAt(LEVELS, ranks);
    rows.push({ target: targetAt(set, set.targetRanks[row]), quantiles: Float64Array.from(ranks, (rank) => targetAt(set, rank)) });
  });
  if (rows.length === 0) return undefined;
  const floor = LEAST_SPREAD * rows.reduce((sum, { quantiles }) => sum + spreadOf(quantiles) / rows.length, 0) || 1;
  const offsets = Array.from(LEVELS, (level, place) => {
    const scores = Float64Array.from(rows, ({ target, quantiles }) => (target - (quantiles[place] ?? 0)) / (spreadOf(quantiles) + floor));
    return scores.sort()[placeOfQuantile(level, scores.length)] ?? 0;
  });
  return Float64Array.of(floor, ...offsets.flatMap((offset, place) => [LEVELS[place] ?? 0, offset]));
}

/** Which of `count` ascending scores is their quantile for one more, unseen row: rounded outwards. */
function placeOfQuantile(level: number, count: number): number {
  return level < 0.5 ? Math.max(0, Math.floor(level * (count + 1)) - 1) : Math.min(count, Math.ceil(level * (count + 1))) - 1;
}

/** Asked rows × trees: the row's leaf, counted through the forest, or `SEEN`. */
function unseenLeaves(set: TrainingSet, settings: BagSettings, trees: readonly GrownTree[], asked: Uint32Array, first: number): Uint32Array {
  const result = new Uint32Array(asked.length * trees.length);
  const walker = new TrainingWalker(set);
  const counts = new Uint32Array(set.rows);
  let mixed = 0;
  trees.forEach((tree, index) => {
    drawBag(set, settings, first + index, counts);
    const nodes = walker.leavesOf(tree, asked);
    asked.forEach((row, i) => {
      const leaf = tree.nodes[2 * (nodes[i] ?? 0)] ?? 0;
      const number = leaf < set.targetLevels.length ? leaf : leaf + mixed;
      result[i * trees.length + index] = counts[row] === 0 ? number : SEEN;
    });
    mixed += tree.mixed.length;
  });
  return result;
}

function targetAt({ targetLevels }: TrainingSet, rank = 0): number {
  return targetLevels[rank] ?? NaN;
}
