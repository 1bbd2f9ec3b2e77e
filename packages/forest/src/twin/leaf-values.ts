/** What the leaves of one tree say. */
import { fromUnits } from '../fixed-point.ts';
import type { TrainingSet } from '../training-set.ts';
import type { TreeRows } from './tree-rows.ts';

/** Numbers leaves as `GrownTree` says, and collects the values of those whose targets differ. */
export class LeafValues {
  /** Means, or leaves × classes: shares. */
  readonly mixed: number[] = [];
  readonly #set: TrainingSet;
  readonly #tree: TreeRows;
  readonly #classWeights: Float64Array;
  #mixedLeaves = 0;

  constructor(set: TrainingSet, tree: TreeRows) {
    this.#set = set;
    this.#tree = tree;
    this.#classWeights = new Float64Array(set.classes);
  }

  /** The number of the value of a leaf that holds the rows [start, end) of the tree. */
  numberOf(start: number, end: number): number {
    const { rows, ranks } = this.#tree;
    if (this.#tree.isPure(start, end)) return ranks[rows[start] ?? 0] ?? 0;
    const { classes, targetLevels } = this.#set;
    if (classes === 0) this.#addMean(start, end);
    else this.#addShares(start, end);
    return (classes === 0 ? targetLevels.length : classes) + this.#mixedLeaves++;
  }

  #addMean(start: number, end: number): void {
    const { rows, weights, sums } = this.#tree;
    let weight = 0;
    let sum = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i] ?? 0;
      weight += weights[row] ?? 0;
      sum += sums[row] ?? 0;
    }
    this.mixed.push(fromUnits(this.#set.grid, (sum / weight) * this.#set.weightScale));
  }

  #addShares(start: number, end: number): void {
    const { rows, weights, ranks } = this.#tree;
    const classWeights = this.#classWeights;
    let total = 0;
    classWeights.fill(0);
    for (let i = start; i < end; i++) {
      const row = rows[i] ?? 0;
      const label = ranks[row] ?? 0;
      const weight = weights[row] ?? 0;
      classWeights[label] = (classWeights[label] ?? 0) + weight;
      total += weight;
    }
    for (const weight of classWeights) this.mixed.push(weight / total);
  }
}
