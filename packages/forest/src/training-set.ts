/**
 * The training data as the growers read it: values replaced by their ranks, rows sorted once by every feature, targets
 * and weights on a fixed-point grid. Read-only while trees grow, so that all threads share one copy.
 */
import type { Column, ForestData } from './columns.ts';
import { createGrid, finestScale, toUnits } from './fixed-point.ts';
import type { Grid } from './fixed-point.ts';

/** Typed arrays over plain or shared memory; `[feature, row]` arrays are one feature after the other. */
export interface TrainingSet {
  readonly rows: number;
  readonly features: number;
  /** Number of classes; 0 for regression. */
  readonly classes: number;
  /** `[feature, row]`: the rank of the row's value among the feature's distinct values. */
  readonly codes: Uint32Array;
  /** `[feature, position]`: row ids in ascending order of the feature's value. */
  readonly order: Uint32Array;
  /** The distinct values, ascending, of all features; those of feature `f` begin at `levelStarts[f]`. */
  readonly levels: Float64Array;
  readonly levelStarts: Uint32Array;
  readonly target: Float64Array;
  /** Each row's weight as a whole number of steps of `1 / weightScale`; 0 for rows not learned from. */
  readonly weights: Float64Array;
  readonly weightScale: number;
  /** Weight × target of each row, in whole steps of `grid`. */
  readonly sums: Float64Array;
  readonly grid: Grid;
  /** The rows with a weight above 0: those that a bootstrap sample draws from. */
  readonly drawable: Uint32Array;
}

/** How many bytes of memory to take: shared where threads need it. */
export type Allocate = (bytes: number) => ArrayBuffer | SharedArrayBuffer;

/**
 * Sorts and ranks checked data once for all trees: O(features × rows × log rows).
 * @param classes how many class codes the target has, 0 where it is a number
 * @param bootstrap whether one tree may draw a row several times, which makes larger sums possible
 */
export function createTrainingSet(data: ForestData, classes: number, bootstrap: boolean, allocate: Allocate): TrainingSet {
  const { columns, target } = data;
  const rows = target.length;
  const weights = data.weights ?? new Float64Array(rows).fill(1);
  const learned = Uint32Array.from(weights.keys().filter((row) => (weights[row] ?? 0) > 0));
  const drawable = new Uint32Array(allocate(learned.byteLength));
  drawable.set(learned);
  const shared = new Float64Array(allocate(target.byteLength));
  shared.set(target);
  return {
    rows,
    features: columns.length,
    classes,
    ...rankColumns(columns, rows, allocate),
    target: shared,
    ...weighTargets(target, weights, drawable, bootstrap, allocate),
    drawable,
  };
}

type Ranks = Pick<TrainingSet, 'codes' | 'order' | 'levels' | 'levelStarts'>;

function rankColumns(columns: readonly Column[], rows: number, allocate: Allocate): Ranks {
  const codes = new Uint32Array(allocate(4 * columns.length * rows));
  const order = new Uint32Array(allocate(4 * columns.length * rows));
  const levelStarts = new Uint32Array(allocate(4 * (columns.length + 1)));
  const levelsOf = columns.map((column, feature) => {
    const levels = distinct(column);
    const ranks = codes.subarray(feature * rows, (feature + 1) * rows);
    for (let row = 0; row < rows; row++) ranks[row] = rankOf(levels, column[row] ?? 0);
    sortByRank(ranks, levels.length, order.subarray(feature * rows, (feature + 1) * rows));
    levelStarts[feature + 1] = (levelStarts[feature] ?? 0) + levels.length;
    return levels;
  });
  const levels = new Float64Array(allocate(8 * (levelStarts[columns.length] ?? 0)));
  levelsOf.forEach((values, feature) => { levels.set(values, levelStarts[feature] ?? 0); });
  return { codes, order, levels, levelStarts };
}

/** The distinct values, ascending. `-0` and `0` are one value, as for `<=`. */
function distinct(column: Column): Float64Array {
  const sorted = new Float64Array(column).sort();
  let count = 0;
  for (const value of sorted) {
    if (count === 0 || sorted[count - 1] !== value) sorted[count++] = value;
  }
  return sorted.slice(0, count);
}

function rankOf(levels: Float64Array, value: number): number {
  let low = 0;
  let high = levels.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((levels[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counting sort: stable, so that rows of equal value stay in the order of their ids. */
function sortByRank(ranks: Uint32Array, levels: number, order: Uint32Array): void {
  const next = new Uint32Array(levels + 1);
  for (const rank of ranks) next[rank + 1] = (next[rank + 1] ?? 0) + 1;
  for (let level = 0; level < levels; level++) next[level + 1] = (next[level + 1] ?? 0) + (next[level] ?? 0);
  ranks.forEach((rank, row) => {
    const position = next[rank] ?? 0;
    order[position] = row;
    next[rank] = position + 1;
  });
}

type Weighed = Pick<TrainingSet, 'weights' | 'weightScale' | 'sums' | 'grid'>;

function weighTargets(target: Float64Array, given: Float64Array, drawable: Uint32Array, bootstrap: boolean, allocate: Allocate): Weighed {
  const heaviest = drawable.reduce((most, row) => Math.max(most, given[row] ?? 0), 0);
  // Only relative weights matter: fractions are first scaled, by a power of two, to at most 1.
  const whole = heaviest <= 2 ** 20 && drawable.every((row) => Number.isInteger(given[row]));
  const unit = whole ? 1 : finestScale(heaviest, 1) / 2 ** 52;
  const total = bootstrap ? heaviest * unit * drawable.length : drawable.reduce((sum, row) => sum + (given[row] ?? 0) * unit, 0);
  const weightScale = whole ? 1 : finestScale(total, 1);
  const grid = createGrid(extreme(target, drawable, Math.min), extreme(target, drawable, Math.max), total);
  const weights = new Float64Array(allocate(8 * target.length));
  const sums = new Float64Array(allocate(8 * target.length));
  for (const row of drawable) {
    const weight = (given[row] ?? 0) * unit;
    weights[row] = Math.max(1, Math.round(weight * weightScale));
    sums[row] = Math.round(weight * toUnits(grid, target[row] ?? 0));
  }
  return { weights, weightScale, sums, grid };
}

function extreme(target: Float64Array, rows: Uint32Array, pick: (a: number, b: number) => number): number {
  return rows.reduce((best, row) => pick(best, target[row] ?? 0), target[rows[0] ?? 0] ?? 0);
}
