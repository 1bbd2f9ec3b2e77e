/** What the searches of a node's best split have in common: the order in which features are tried, and the result. */
import type { RandomStream } from './random.ts';
import type { SampleSet } from './sample-set.ts';

/**
 * A candidate must beat the best by more than rounding noise: two features that divide a node alike count as equal,
 * and the first of the random order wins. Chance, and neither a feature's place nor the rounding of its score, then
 * decides between them, which keeps the trees of a forest as different as they can be.
 */
export const BEYOND_NOISE = 1 + 1e-11;

/** A node: a range of the sample lists with its sums. */
export interface NodeRange {
  readonly start: number;
  readonly end: number;
  readonly weight: number;
  /** Weighted sum of the targets; of no use to classification. */
  readonly sum: number;
  /** A feature whose list holds exactly the node's samples in [start, end), whether or not it varies there. */
  readonly list: number;
}

/** Holds the best split found by the latest `find`; what is best is for the class that extends it to say. */
export abstract class SplitSearch {
  /** The split: [start, pos) and [pos, end) of `feature`'s list. */
  feature = 0;
  pos = -1;
  leftWeight = 0;
  /** Weighted sum of the left side's targets; 0 in classification. */
  leftSum = 0;
  protected readonly samples: SampleSet;
  protected readonly minSamplesLeaf: number;
  readonly #maxFeatures: number;
  /** A permutation of the features; drawing permutes it further. */
  readonly #order: Uint16Array;

  constructor(samples: SampleSet, minSamplesLeaf: number, maxFeatures: number) {
    this.samples = samples;
    this.minSamplesLeaf = minSamplesLeaf;
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
    this.pos = -1;
    this.begin(node);
    let varying = 0;
    for (let drawn = 0; drawn < order.length && (drawn < this.#maxFeatures || varying === 0); drawn++) {
      const pick = drawn + random.below(order.length - drawn);
      const feature = order[pick] ?? 0;
      order[pick] = order[drawn] ?? 0;
      order[drawn] = feature;
      if (this.samples.isConstant(feature, node.start, node.end)) continue;
      varying++;
      this.scan(feature, node);
    }
    return this.pos !== -1;
  }

  /** The weighted impurity that the split found takes away from `node`, up to a factor common to the whole forest. */
  abstract reduction(node: NodeRange): number;

  /** Forgets the best split of the node before. */
  protected abstract begin(node: NodeRange): void;

  /** Goes through one feature's list and keeps its best split if it beats the best so far. */
  protected abstract scan(feature: number, node: NodeRange): void;
}
