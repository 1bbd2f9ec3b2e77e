/** One grown tree, as a grower hands it over and as it travels between threads. */

/**
 * Nodes in preorder, two 32-bit words each: an inner node's left child is the next node. With `column` the low
 * `columnBits` bits of the second word and `right` the bits above it:
 *
 * | node        | first word                        | column                                  | right                       |
 * | ----------- | --------------------------------- | --------------------------------------- | --------------------------- |
 * | numeric     | codes up to this one go left      | 2 × feature, + 1 where missing go right | distance to the right child |
 * | categorical | where its set begins in `sets`    | 2 × feature                             | distance to the right child |
 * | leaf        | number of its value               | 2 × features                            | 0                           |
 *
 * Numbers of values: regression: a rank among the distinct targets where all rows agree, else the number of distinct
 * targets + i for `mixed[i]`. Classification: a class where all rows agree, else the number of classes + i for row i of
 * `mixed`.
 */
export interface GrownTree {
  readonly nodes: Uint32Array<ArrayBuffer>;
  /** Sets of codes that go left, ⌈(levels + 1) / 32⌉ words each; the bit after the last level is that of missing values. */
  readonly sets: Uint32Array<ArrayBuffer>;
  /** Means of leaves whose targets differ (regression), or class shares of such leaves, leaves × classes. */
  readonly mixed: Float64Array<ArrayBuffer>;
  /** One share a feature of the impurity that this tree's splits removed; sums to 1, or all 0 where nothing was removed. */
  readonly importances: Float64Array<ArrayBuffer>;
}

/** Grows trees of one training set with one set of settings: the WebAssembly kernel or its readable twin. */
export interface TreeGrower {
  /**
   * @param tree number of the tree: with the seed it decides everything random
   * @throws ForestError `too-large` where a tree has more nodes than 32-bit words can address
   */
  grow(tree: number): GrownTree;
}

/** Bits that hold any virtual column, 0 to 2 × features. */
export function columnBitsOf(features: number): number {
  return 32 - Math.clz32(2 * features);
}
