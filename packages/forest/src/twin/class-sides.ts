/** The weight of each class in a node and on the left side of a split: what Gini impurity and entropy are made of. */
import type { TreeRows } from './tree-rows.ts';

/** Follows rows as `Criterion` says. */
export class ClassSides {
  /** By class. */
  readonly total: Float64Array;
  readonly left: Float64Array;
  /** Sums over the classes. */
  weight = 0;
  leftWeight = 0;
  /** Sums of the squares over the classes. */
  leftSquares = 0;
  rightSquares = 0;
  #squares = 0;
  /** The class with the largest weight in the node, the lowest of several. */
  #largest = 0;
  readonly #weights: Float64Array;
  readonly #classOf: Uint32Array;

  constructor({ weights, ranks }: TreeRows, classes: number) {
    this.total = new Float64Array(classes);
    this.left = new Float64Array(classes);
    this.#weights = weights;
    this.#classOf = ranks;
  }

  enter(rows: Uint32Array, start: number, end: number): void {
    this.clear();
    this.add(rows, start, end);
    this.total.set(this.left);
    this.weight = this.leftWeight;
    this.#squares = this.leftSquares;
    this.#largest = this.total.indexOf(this.total.reduce((most, weight) => Math.max(most, weight), 0));
  }

  clear(): void {
    this.left.fill(0);
    this.leftWeight = 0;
    this.leftSquares = 0;
    this.rightSquares = this.#squares;
  }

  /** The squares follow each row in constant time, whatever the number of classes. */
  add(rows: Uint32Array, start: number, end: number): void {
    const { total, left } = this;
    for (let i = start; i < end; i++) {
      const row = rows[i] ?? 0;
      const label = this.#classOf[row] ?? 0;
      const weight = this.#weights[row] ?? 0;
      const before = left[label] ?? 0;
      const right = (total[label] ?? 0) - before;
      left[label] = before + weight;
      this.leftWeight += weight;
      this.leftSquares += weight * (2 * before + weight);
      this.rightSquares -= weight * (2 * right - weight);
    }
  }

  /** The share of the node's largest class in some rows. */
  shareOfLargest(rows: Uint32Array, start: number, end: number): number {
    let weight = 0;
    let largest = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i] ?? 0;
      const added = this.#weights[row] ?? 0;
      weight += added;
      if (this.#classOf[row] === this.#largest) largest += added;
    }
    return largest / weight;
  }
}
