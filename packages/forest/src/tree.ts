/** One grown tree, as its grower hands it over. */

/**
 * Nodes in preorder: the left child of an inner node is the next node, the right child lies `right` nodes further.
 * A leaf has `right` 0.
 */
export interface Tree {
  /**
   * Inner nodes: the threshold, rows with `x <= threshold` go left. Leaves of a regression tree: the prediction. Leaves
   * of a classification tree: the class code where all rows are of one class, else −1 − i for row i of `shares`.
   */
  readonly value: Float64Array<ArrayBuffer>;
  readonly right: Uint32Array<ArrayBuffer>;
  readonly feature: Uint16Array<ArrayBuffer>;
  /** Leaves × classes: the class shares of the leaves that hold several classes. Empty for regression. */
  readonly shares: Float64Array<ArrayBuffer>;
  /** One share a feature of the impurity that this tree's splits removed; sums to 1, or all 0 where nothing was removed. */
  readonly importances: Float64Array<ArrayBuffer>;
}
