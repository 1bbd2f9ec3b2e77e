import { ForestError } from './errors.ts';
import type { LeafTargets } from './flat-forest.ts';

/** Ranks that share a partial sum. */
const BLOCK = 256;
/** Less than any share of a row, more than the rounding of their sums. */
const SLACK = 1e-9;

/**
 * The distribution of the target that a forest gives one row: every tree spreads a weight of 1 over the training targets
 * in the row's leaf. Weights are counted by rank, with sums of blocks of ranks, so that a quantile is found without sorting.
 */
export class TargetDistribution {
  readonly #pure: number;
  readonly #targets: LeafTargets;
  /** By mixed leaf: what its weights add up to. */
  readonly #totals: Float64Array;
  readonly #weights: Float64Array;
  readonly #blocks: Float64Array;
  readonly #leaves: number[] = [];

  /**
   * @param levels number of distinct targets, which leaf numbers begin with
   * @throws ForestError `invalid-forest` where a leaf's targets lie outside of the list
   */
  constructor(levels: number, targets: LeafTargets) {
    this.#pure = levels;
    this.#targets = targets;
    this.#totals = new Float64Array(targets.starts.length - 1);
    for (let leaf = 0; leaf < this.#totals.length; leaf++) this.#totals[leaf] = totalOf(targets, leaf);
    this.#weights = new Float64Array(levels);
    this.#blocks = new Float64Array(Math.ceil(levels / BLOCK));
  }

  /** Begins the next row. */
  clear(): void {
    const { starts, ranks } = this.#targets;
    for (const leaf of this.#leaves) {
      const mixed = leaf - this.#pure;
      if (mixed < 0) this.#weights[leaf] = 0;
      else for (let at = starts[mixed] ?? 0; at < (starts[mixed + 1] ?? 0); at++) this.#weights[ranks[at] ?? 0] = 0;
    }
    this.#blocks.fill(0);
    this.#leaves.length = 0;
  }

  /** Adds a tree. @param leaf number of the row's leaf, counted through the forest */
  add(leaf: number): void {
    this.#leaves.push(leaf);
    const mixed = leaf - this.#pure;
    if (mixed < 0) {
      this.#addTo(leaf, 1);
      return;
    }
    const { starts, ranks, weights } = this.#targets;
    const total = this.#totals[mixed] ?? 1;
    for (let at = starts[mixed] ?? 0; at < (starts[mixed + 1] ?? 0); at++) this.#addTo(ranks[at] ?? 0, (weights[at] ?? 0) / total);
  }

  #addTo(rank: number, weight: number): void {
    const block = Math.floor(rank / BLOCK);
    this.#weights[rank] = (this.#weights[rank] ?? 0) + weight;
    this.#blocks[block] = (this.#blocks[block] ?? 0) + weight;
  }

  /** For each of the ascending `levels` the rank of the least target up to which lies that share of the weight; for 0 the least of all. */
  ranksAt(levels: ArrayLike<number>, into: Uint32Array): void {
    const trees = this.#leaves.length;
    let block = 0;
    /** Weight of the blocks before `block`. */
    let before = 0;
    for (let i = 0; i < levels.length; i++) {
      const wanted = Math.max(((levels[i] ?? 0) - SLACK) * trees, Number.MIN_VALUE);
      while (block + 1 < this.#blocks.length && before + (this.#blocks[block] ?? 0) < wanted) before += this.#blocks[block++] ?? 0;
      into[i] = this.#rankIn(block, wanted - before);
    }
  }

  /** The rank of a block up to which `wanted` is reached; the last one with a weight where rounding keeps the sum below it. */
  #rankIn(block: number, wanted: number): number {
    const end = Math.min((block + 1) * BLOCK, this.#weights.length);
    let last = 0;
    let sum = 0;
    for (let rank = block * BLOCK; rank < end; rank++) {
      const weight = this.#weights[rank] ?? 0;
      if (weight === 0) continue;
      sum += weight;
      last = rank;
      if (sum >= wanted) break;
    }
    return last;
  }
}

function totalOf({ starts, weights }: LeafTargets, leaf: number): number {
  const start = starts[leaf] ?? 0;
  const end = starts[leaf + 1] ?? 0;
  if (start >= end || end > weights.length) {
    throw new ForestError('invalid-forest', `mixed leaf ${leaf}: got targets ${start} to ${end}, expected some of ${weights.length}`);
  }
  let total = 0;
  for (let at = start; at < end; at++) total += weights[at] ?? 0;
  return total;
}
