/**
 * Out-of-bag predictions: each row is predicted by the trees that have not seen it. Sums are kept on a grid, so that
 * tallies of several threads add up to the same bytes whichever thread grew which tree.
 */
import { createGrid, fromUnits, toUnits } from './fixed-point.ts';
import type { Grid } from './fixed-point.ts';
import type { TrainingSet } from './training-set.ts';
import type { Tree } from './tree.ts';

/** The parts of a tally that add up: both have one entry a row. */
export interface OutOfBagSums {
  readonly units: Float64Array;
  readonly trees: Uint32Array;
}

/** Adds up the predictions of trees for the rows out of their bag. */
export class OutOfBagTally {
  readonly sums: OutOfBagSums;
  readonly #set: TrainingSet;
  readonly #grid: Grid;

  /** @param trees the number of trees of the whole forest */
  constructor(set: TrainingSet, trees: number) {
    this.#set = set;
    this.sums = { units: new Float64Array(set.rows), trees: new Uint32Array(set.rows) };
    const targets = set.drawable.values().map((row) => set.target[row] ?? 0).toArray();
    const least = targets.reduce((a, b) => Math.min(a, b), Infinity);
    const most = targets.reduce((a, b) => Math.max(a, b), -Infinity);
    this.#grid = createGrid(least, most, trees);
  }

  /** @param counts how often each row was drawn for this tree */
  add(tree: Tree, counts: Uint32Array): void {
    const { units, trees } = this.sums;
    for (let row = 0; row < this.#set.rows; row++) {
      if (counts[row] !== 0) continue;
      units[row] = (units[row] ?? 0) + toUnits(this.#grid, predictRanked(this.#set, tree, row));
      trees[row] = (trees[row] ?? 0) + 1;
    }
  }

  /** Adds what another thread has tallied. */
  merge(other: OutOfBagSums): void {
    const { units, trees } = this.sums;
    for (let row = 0; row < units.length; row++) {
      units[row] = (units[row] ?? 0) + (other.units[row] ?? 0);
      trees[row] = (trees[row] ?? 0) + (other.trees[row] ?? 0);
    }
  }

  /** The mean prediction of each row; `NaN` where every tree had seen it. */
  prediction(): Float64Array {
    const { units, trees } = this.sums;
    return units.map((sum, row) => {
      const count = trees[row] ?? 0;
      return count === 0 ? NaN : fromUnits(this.#grid, sum / count);
    });
  }
}

function predictRanked(set: TrainingSet, tree: Tree, row: number): number {
  const { codes, rows, levels, levelStarts } = set;
  const { value, right, feature } = tree;
  let node = 0;
  for (let step = right[0] ?? 0; step !== 0; step = right[node] ?? 0) {
    const column = feature[node] ?? 0;
    const x = levels[(levelStarts[column] ?? 0) + (codes[column * rows + row] ?? 0)] ?? 0;
    node += x <= (value[node] ?? 0) ? 1 : step;
  }
  return value[node] ?? 0;
}

/** R² of the out-of-bag predictions over the rows that have one, as scikit-learn's `oob_score_`; `NaN` where none has. */
export function scoreOutOfBag(set: TrainingSet, prediction: Float64Array): number {
  const rows = set.drawable.filter((row) => !Number.isNaN(prediction[row]));
  const mean = rows.reduce((sum, row) => sum + (set.target[row] ?? 0) / rows.length, 0);
  let residual = 0;
  let variation = 0;
  for (const row of rows) {
    const truth = set.target[row] ?? 0;
    residual += (truth - (prediction[row] ?? 0)) ** 2;
    variation += (truth - mean) ** 2;
  }
  if (rows.length === 0) return NaN;
  if (variation > 0) return 1 - residual / variation;
  return residual === 0 ? 1 : 0;
}
