/**
 * The exhaustive search of a node's best split by variance reduction.
 *
 * With W, S the node's weight and weighted target sum and WL, SL those of the left side, the reduction is
 * d² / (W · WL · WR) with d = W·SL − S·WL. W is the same for all candidates of a node, so d² / (WL · WR) is compared,
 * by cross-multiplication: no division in the loop.
 */
import type { RandomStream } from './random.ts';
import type { SampleSet } from './sample-set.ts';

/**
 * A candidate must beat the best by more than rounding noise: two features that divide a node alike count as equal,
 * and the first of the random order wins. Chance, and neither a feature's place nor the rounding of its score, then
 * decides between them, which keeps the trees of a forest as different as they can be.
 */
const BEYOND_NOISE = 1 + 1e-11;

/** A node: a range of the sample lists with its sums. */
export interface NodeRange {
  readonly start: number;
  readonly end: number;
  readonly weight: number;
  readonly sum: number;
}

/** Holds the best split found by the latest `find`. */
export class SplitSearch {
  /** The split: [start, pos) and [pos, end) of `feature`'s list. */
  feature = 0;
  pos = 0;
  leftWeight = 0;
  leftSum = 0;
  #numerator = 0;
  #denominator = 1;
  readonly #samples: SampleSet;
  readonly #minSamplesLeaf: number;
  readonly #maxFeatures: number;
  /** A permutation of the features; drawing permutes it further. */
  readonly #order: Uint16Array;

  constructor(samples: SampleSet, minSamplesLeaf: number, maxFeatures: number) {
    this.#samples = samples;
    this.#minSamplesLeaf = minSamplesLeaf;
    this.#maxFeatures = maxFeatures;
    this.#order = new Uint16Array(samples.features);
  }

  /** Forgets earlier draws, so that a tree depends on its own random stream alone. */
  reset(): void {
    for (let feature = 0; feature < this.#order.length; feature++) this.#order[feature] = feature;
  }

  /**
   * Looks for the best split; false where there is none. Features are drawn without replacement, as in scikit-learn:
   * `maxFeatures` of them, constant ones included, and on until one that varies was seen. A split that reduces nothing
   * is allowed: what only two features together explain (exclusive or) begins with one.
   */
  find(node: NodeRange, random: RandomStream): boolean {
    const order = this.#order;
    this.#numerator = -1;
    this.#denominator = 1;
    this.pos = -1;
    let varying = 0;
    for (let drawn = 0; drawn < order.length && (drawn < this.#maxFeatures || varying === 0); drawn++) {
      const pick = drawn + random.below(order.length - drawn);
      const feature = order[pick] ?? 0;
      order[pick] = order[drawn] ?? 0;
      order[drawn] = feature;
      if (this.#samples.isConstant(feature, node.start, node.end)) continue;
      varying++;
      this.#scan(feature, node);
    }
    return this.pos !== -1;
  }

  /** The reduction of the weighted sum of squares by the split found, up to a factor common to the whole forest. */
  reduction(weight: number): number {
    return this.#numerator / this.#denominator / weight;
  }

  /**
   * Hot: goes once through the feature's sorted list and scores each place between two different values. Long, because
   * every call or object in this loop is paid for by each sample of each node of each tree.
   *
   * d is computed from SL − m·WL with the whole number m nearest to S / W: exact, and without the cancellation
   * that W·SL − S·WL has where the node's targets are nearly equal and far from 0.
   */
  #scan(feature: number, node: NodeRange): void {
    const { lists, codes, weights, sums, stride } = this.#samples;
    const { start, end, weight, sum } = node;
    const base = feature * stride;
    const firstPos = start + this.#minSamplesLeaf;
    const lastPos = end - this.#minSamplesLeaf;
    const middle = Math.round(sum / weight);
    const rest = sum - middle * weight;
    let numerator = this.#numerator;
    let denominator = this.#denominator;
    let leftWeight = 0;
    let leftSum = 0;
    let sample = lists[base + start] ?? 0;
    let code = codes[base + sample] ?? 0;
    for (let pos = start + 1; pos <= lastPos; pos++) {
      leftWeight += weights[sample] ?? 0;
      leftSum += sums[sample] ?? 0;
      sample = lists[base + pos] ?? 0;
      const nextCode = codes[base + sample] ?? 0;
      if (nextCode === code) continue;
      code = nextCode;
      if (pos < firstPos) continue;
      const difference = (leftSum - middle * leftWeight) * weight - rest * leftWeight;
      const score = difference * difference;
      const scale = leftWeight * (weight - leftWeight);
      if (score * denominator > numerator * scale * BEYOND_NOISE) {
        numerator = score;
        denominator = scale;
        this.feature = feature;
        this.pos = pos;
        this.leftWeight = leftWeight;
        this.leftSum = leftSum;
      }
    }
    this.#numerator = numerator;
    this.#denominator = denominator;
  }
}
