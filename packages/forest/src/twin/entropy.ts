/**
 * Entropy, in bits. With the letters of `Gini`, a split leaves the weighted entropy
 * WL·log WL − Σ L·log L + WR·log WR − Σ R·log R.
 */
import { ClassSides } from './class-sides.ts';
import type { Criterion } from './criterion.ts';
import { log2, xlogx } from './log2.ts';
import type { TreeRows } from './tree-rows.ts';

/** See `Criterion`. */
export class Entropy implements Criterion {
  numerator = 0;
  readonly denominator = 1;
  readonly #sides: ClassSides;
  #most = 0;

  constructor(rows: TreeRows, classes: number) {
    this.#sides = new ClassSides(rows, classes);
  }

  enter(rows: Uint32Array, start: number, end: number): void {
    this.#sides.enter(rows, start, end);
    this.#most = xlogx(this.#sides.weight);
  }

  clear(): void {
    this.#sides.clear();
  }

  add(rows: Uint32Array, start: number, end: number): void {
    this.#sides.add(rows, start, end);
  }

  /** What the entropy left falls short of W·log W: never negative but for rounding, and largest where least is left. */
  score(): void {
    const { total, left, weight, leftWeight } = this.#sides;
    let leftSum = 0;
    let rightSum = 0;
    for (let label = 0; label < total.length; label++) {
      const onLeft = left[label] ?? 0;
      leftSum += xlogx(onLeft);
      rightSum += xlogx((total[label] ?? 0) - onLeft);
    }
    const kept = leftSum - xlogx(leftWeight) + (rightSum - xlogx(weight - leftWeight));
    this.numerator = Math.max(0, kept + this.#most);
  }

  /** Σ L·log (L/WL ÷ T/W) + the same of the right: each term is 0 where a side has the node's shares, without noise. */
  reduction(): number {
    const { total, left, weight, leftWeight } = this.#sides;
    const rightWeight = weight - leftWeight;
    let reduction = 0;
    for (let label = 0; label < total.length; label++) {
      const all = total[label] ?? 0;
      const onLeft = left[label] ?? 0;
      const onRight = all - onLeft;
      if (onLeft > 0) reduction += onLeft * log2((onLeft * weight) / (all * leftWeight));
      if (onRight > 0) reduction += onRight * log2((onRight * weight) / (all * rightWeight));
    }
    return Math.max(0, reduction);
  }

  rankOf(rows: Uint32Array, start: number, end: number): number {
    return this.#sides.shareOfLargest(rows, start, end);
  }
}
