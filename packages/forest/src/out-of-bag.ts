/**
 * Out-of-bag predictions: each row is predicted by the trees that have not seen it. Sums are kept on a grid, so that
 * tallies of several threads add up to the same bytes whichever thread grew which tree.
 */
import { createGrid, finestScale, fromUnits, toUnits } from './fixed-point.ts';
import type { Grid } from './fixed-point.ts';
import { likeliest } from './likeliest.ts';
import type { TrainingSet } from './training-set.ts';
import type { Tree } from './tree.ts';

/** The parts of a tally that add up. */
export interface OutOfBagSums {
  /** Rows × outputs: one output for regression, one a class for classification. */
  readonly units: Float64Array;
  /** One entry a row. */
  readonly trees: Uint32Array;
}

/** Adds up the predictions of trees for the rows out of their bag. */
export class OutOfBagTally {
  readonly sums: OutOfBagSums;
  readonly #set: TrainingSet;
  readonly #outputs: number;
  readonly #grid: Grid;

  /** @param trees the number of trees of the whole forest */
  constructor(set: TrainingSet, trees: number) {
    this.#set = set;
    this.#outputs = Math.max(1, set.classes);
    this.sums = { units: new Float64Array(set.rows * this.#outputs), trees: new Uint32Array(set.rows) };
    this.#grid = set.classes === 0 ? targetGrid(set, trees) : { center: 0, scale: finestScale(1, trees) };
  }

  /** @param counts how often each row was drawn for this tree */
  add(tree: Tree, counts: Uint32Array): void {
    const { trees } = this.sums;
    for (let row = 0; row < this.#set.rows; row++) {
      if (counts[row] !== 0) continue;
      this.#addLeaf(row, tree, leafValue(this.#set, tree, row));
      trees[row] = (trees[row] ?? 0) + 1;
    }
  }

  #addLeaf(row: number, { shares }: Tree, value: number): void {
    const { classes } = this.#set;
    if (classes === 0) this.#addUnits(row, toUnits(this.#grid, value));
    else if (value >= 0) this.#addUnits(row * classes + value, this.#grid.scale);
    else for (let label = 0; label < classes; label++) this.#addUnits(row * classes + label, toUnits(this.#grid, shares[(-1 - value) * classes + label] ?? 0));
  }

  #addUnits(at: number, added: number): void {
    const { units } = this.sums;
    units[at] = (units[at] ?? 0) + added;
  }

  /** Adds what another thread has tallied. */
  merge(other: OutOfBagSums): void {
    const { trees } = this.sums;
    other.units.forEach((added, at) => { this.#addUnits(at, added); });
    other.trees.forEach((added, row) => { trees[row] = (trees[row] ?? 0) + added; });
  }

  /** The mean prediction of each row, rows × outputs; `NaN` where every tree had seen the row. */
  prediction(): Float64Array {
    const { units, trees } = this.sums;
    return units.map((sum, at) => {
      const count = trees[Math.floor(at / this.#outputs)] ?? 0;
      return count === 0 ? NaN : fromUnits(this.#grid, sum / count);
    });
  }
}

function targetGrid(set: TrainingSet, trees: number): Grid {
  const targets = set.drawable.values().map((row) => set.target[row] ?? 0).toArray();
  const least = targets.reduce((a, b) => Math.min(a, b), Infinity);
  const most = targets.reduce((a, b) => Math.max(a, b), -Infinity);
  return createGrid(least, most, trees);
}

/** The value of the leaf that a training row falls in. */
function leafValue(set: TrainingSet, tree: Tree, row: number): number {
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

/** The score of out-of-bag predictions over the rows that have one, as scikit-learn's `oob_score_`; `NaN` where none has. */
export function scoreOutOfBag(set: TrainingSet, prediction: Float64Array): number {
  const outputs = Math.max(1, set.classes);
  const rows = set.drawable.filter((row) => !Number.isNaN(prediction[row * outputs]));
  if (rows.length === 0) return NaN;
  return set.classes === 0 ? scoreNumbers(set, rows, prediction) : scoreClasses(set, rows, prediction);
}

/** Accuracy. */
function scoreClasses({ target, classes }: TrainingSet, rows: Uint32Array, prediction: Float64Array): number {
  const right = rows.filter((row) => likeliest(prediction, row * classes, classes) === target[row]);
  return right.length / rows.length;
}

/** R². */
function scoreNumbers(set: TrainingSet, rows: Uint32Array, prediction: Float64Array): number {
  const mean = rows.reduce((sum, row) => sum + (set.target[row] ?? 0) / rows.length, 0);
  let residual = 0;
  let variation = 0;
  for (const row of rows) {
    const truth = set.target[row] ?? 0;
    residual += (truth - (prediction[row] ?? 0)) ** 2;
    variation += (truth - mean) ** 2;
  }
  if (variation > 0) return 1 - residual / variation;
  return residual === 0 ? 1 : 0;
}
