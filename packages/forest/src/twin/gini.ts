/**
 * Gini impurity. With T the weights of the node's classes, L and R those of the two sides and W, WL, WR their sums, a
 * split leaves the weighted impurity W − (Σ L² / WL + Σ R² / WR).
 */
import { ClassSides } from './class-sides.ts';
import type { Criterion } from './criterion.ts';
import type { TreeRows } from './tree-rows.ts';

/** See `Criterion`. */
export class Gini implements Criterion {
  numerator = 0;
  denominator = 1;
  readonly #sides: ClassSides;

  constructor(rows: TreeRows, classes: number) {
    this.#sides = new ClassSides(rows, classes);
  }

  enter(rows: Uint32Array, start: number, end: number): void {
    this.#sides.enter(rows, start, end);
  }

  clear(): void {
    this.#sides.clear();
  }

  add(rows: Uint32Array, start: number, end: number): void {
    this.#sides.add(rows, start, end);
  }

  score(): void {
    const { weight, leftWeight, leftSquares, rightSquares } = this.#sides;
    const rightWeight = weight - leftWeight;
    this.numerator = leftSquares * rightWeight + rightSquares * leftWeight;
    this.denominator = leftWeight * rightWeight;
  }

  /** Σ (W·L − T·WL)² / (W · WL · WR): the difference of scores would leave noise where a split takes nothing away. */
  reduction(): number {
    const { total, left, weight, leftWeight } = this.#sides;
    let squares = 0;
    for (let label = 0; label < total.length; label++) {
      const difference = weight * (left[label] ?? 0) - (total[label] ?? 0) * leftWeight;
      squares += difference * difference;
    }
    return squares / leftWeight / (weight - leftWeight) / weight;
  }

  rankOf(rows: Uint32Array, start: number, end: number): number {
    return this.#sides.shareOfLargest(rows, start, end);
  }
}
