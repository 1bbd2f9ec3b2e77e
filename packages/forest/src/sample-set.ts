/**
 * The rows of one tree: each row that was drawn once or more is one *sample*, numbered from 0 without gaps, with its
 * number of draws folded into its weight (about 63 % of the rows in a bootstrap sample).
 *
 * Invariant: a node is a range [start, end) and, in the list of every feature that varies within the node, positions
 * start…end−1 hold the node's samples in ascending order of that feature. In the list of a feature that is constant
 * within the node these positions hold samples of the ancestor in which it became constant: all of the same value.
 */
import type { TrainingSet } from './training-set.ts';

/** Reused for every tree that a grower grows. `[feature, …]` arrays have a stride of `stride`. */
export class SampleSet {
  /** Samples of the current tree. */
  count = 0;
  readonly features: number;
  readonly stride: number;
  /** `[feature, position]`: sample ids. */
  readonly lists: Uint32Array;
  /** `[feature, sample]`: the rank of the sample's value. */
  readonly codes: Uint32Array;
  readonly weights: Float64Array;
  /** Weight × target in steps of the grid. */
  readonly sums: Float64Array;
  readonly targets: Float64Array;
  /** Each sample's class; empty for regression. */
  readonly classes: Uint32Array;
  readonly #set: TrainingSet;
  readonly #rows: Uint32Array;
  readonly #sampleOf: Uint32Array;
  /** Scratch of `partition`. */
  readonly #goesLeft: Uint8Array;
  readonly #rightPart: Uint32Array;

  constructor(set: TrainingSet) {
    const { rows, features } = set;
    this.#set = set;
    this.features = features;
    this.stride = rows;
    this.lists = new Uint32Array(features * rows);
    this.codes = new Uint32Array(features * rows);
    this.weights = new Float64Array(rows);
    this.sums = new Float64Array(rows);
    this.targets = new Float64Array(rows);
    this.classes = new Uint32Array(set.classes === 0 ? 0 : rows);
    this.#rows = new Uint32Array(rows);
    this.#sampleOf = new Uint32Array(rows);
    this.#goesLeft = new Uint8Array(rows);
    this.#rightPart = new Uint32Array(rows);
  }

  /** Starts a tree from the number of times each row was drawn. */
  load(counts: Uint32Array): void {
    const set = this.#set;
    let count = 0;
    for (let row = 0; row < set.rows; row++) {
      const draws = counts[row] ?? 0;
      if (draws === 0) continue;
      this.#sampleOf[row] = count;
      this.#rows[count] = row;
      this.weights[count] = draws * (set.weights[row] ?? 0);
      this.sums[count] = draws * (set.sums[row] ?? 0);
      this.targets[count] = set.target[row] ?? 0;
      count++;
    }
    this.count = count;
    if (set.classes > 0) this.classes.set(this.targets.subarray(0, count));
    for (let feature = 0; feature < this.features; feature++) this.#loadFeature(feature * this.stride, counts);
  }

  #loadFeature(base: number, counts: Uint32Array): void {
    const { lists, codes, stride, count } = this;
    const rows = this.#rows;
    const sampleOf = this.#sampleOf;
    const { order, codes: allCodes } = this.#set;
    let position = base;
    for (let i = base; i < base + stride; i++) {
      const row = order[i] ?? 0;
      if (counts[row] !== 0) lists[position++] = sampleOf[row] ?? 0;
    }
    for (let sample = 0; sample < count; sample++) codes[base + sample] = allCodes[base + (rows[sample] ?? 0)] ?? 0;
  }

  /** Whether all samples of a node have the same value of `feature`. */
  isConstant(feature: number, start: number, end: number): boolean {
    return this.codeAt(feature, start) === this.codeAt(feature, end - 1);
  }

  /** The rank of the value at a position of a feature's list. */
  codeAt(feature: number, position: number): number {
    const base = feature * this.stride;
    return this.codes[base + (this.lists[base + position] ?? 0)] ?? 0;
  }

  /**
   * Splits the node [start, end) into [start, pos) and [pos, end) of `feature`'s list by a stable partition of the lists
   * of all other features that vary in the node.
   */
  partition(feature: number, start: number, pos: number, end: number): void {
    const { lists, stride } = this;
    const goesLeft = this.#goesLeft;
    const split = feature * stride;
    for (let i = start; i < end; i++) goesLeft[lists[split + i] ?? 0] = i < pos ? 1 : 0;
    for (let other = 0; other < this.features; other++) {
      if (other !== feature && !this.isConstant(other, start, end)) this.#partitionList(other * stride, start, end);
    }
  }

  /** Hot: every sample is written to both sides and only one of the two ends moves, which spares a branch. */
  #partitionList(base: number, start: number, end: number): void {
    const { lists } = this;
    const goesLeft = this.#goesLeft;
    const rightPart = this.#rightPart;
    let left = base + start;
    let right = 0;
    for (let i = base + start; i < base + end; i++) {
      const sample = lists[i] ?? 0;
      const side = goesLeft[sample] ?? 0;
      lists[left] = sample;
      rightPart[right] = sample;
      left += side;
      right += 1 - side;
    }
    for (let i = 0; i < right; i++) lists[left + i] = rightPart[i] ?? 0;
  }
}
