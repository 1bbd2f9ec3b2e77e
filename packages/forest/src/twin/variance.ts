/**
 * Variance, for regression. With W and S the node's weight and sum, WL and SL those of the left side, a split takes
 * d² / (W · WL · WR) off the sum of squares, where d = W·SL − S·WL; W is the same for all splits of a node.
 */
import type { Criterion } from './criterion.ts';
import type { TreeRows } from './tree-rows.ts';

/** See `Criterion`. */
export class Variance implements Criterion {
  numerator = 0;
  denominator = 1;
  readonly #weights: Float64Array;
  readonly #sums: Float64Array;
  #weight = 0;
  /** The whole number nearest to S / W, and what is then missing to S. */
  #middle = 0;
  #rest = 0;
  #leftWeight = 0;
  #leftSum = 0;

  constructor({ weights, sums }: TreeRows) {
    this.#weights = weights;
    this.#sums = sums;
  }

  enter(rows: Uint32Array, start: number, end: number): void {
    this.clear();
    this.add(rows, start, end);
    const sum = this.#leftSum;
    this.#weight = this.#leftWeight;
    this.#middle = Math.floor(sum / this.#weight + 0.5);
    this.#rest = sum - this.#middle * this.#weight;
  }

  clear(): void {
    this.#leftWeight = 0;
    this.#leftSum = 0;
  }

  add(rows: Uint32Array, start: number, end: number): void {
    const weights = this.#weights;
    const sums = this.#sums;
    let weight = this.#leftWeight;
    let sum = this.#leftSum;
    for (let i = start; i < end; i++) {
      const row = rows[i] ?? 0;
      weight += weights[row] ?? 0;
      sum += sums[row] ?? 0;
    }
    this.#leftWeight = weight;
    this.#leftSum = sum;
  }

  /** SL − middle · WL is exact, without the cancellation that W·SL − S·WL has for targets far from 0 and close together. */
  score(): void {
    const weight = this.#weight;
    const leftWeight = this.#leftWeight;
    const difference = (this.#leftSum - this.#middle * leftWeight) * weight - this.#rest * leftWeight;
    this.numerator = difference * difference;
    this.denominator = leftWeight * (weight - leftWeight);
  }

  reduction(): number {
    this.score();
    return this.numerator / this.denominator / this.#weight;
  }

  /** The mean. */
  rankOf(rows: Uint32Array, start: number, end: number): number {
    let weight = 0;
    let sum = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i] ?? 0;
      weight += this.#weights[row] ?? 0;
      sum += this.#sums[row] ?? 0;
    }
    return sum / weight;
  }
}
