/** What makes a split good: the impurity that it takes away. */

/**
 * Follows one node's rows from the right side to the left side of a split, and scores the split in between. Weights and
 * sums are whole numbers, exact in any order. Rows are given as the range [start, end) of a list of row ids.
 */
export interface Criterion {
  /** The score of the latest `score()` is `numerator / denominator`: compared by cross-multiplication, which spares the division. */
  numerator: number;
  denominator: number;
  /** Begins a node: adds up its rows. */
  enter(rows: Uint32Array, start: number, end: number): void;
  /** Moves all rows of the node back to the right. */
  clear(): void;
  /** Moves some rows to the left. */
  add(rows: Uint32Array, start: number, end: number): void;
  /** Scores the split into what is left and what is right; neither may be empty. */
  score(): void;
  /** The impurity × weight that this split takes away from the node. */
  reduction(): number;
  /**
   * By what the levels of a category are put in order, given the rows of one level: splits of that order alone then
   * contain the best of all sets, for numbers and for two classes (Breiman, Friedman, Olshen and Stone, 1984, section 4.2).
   */
  rankOf(rows: Uint32Array, start: number, end: number): number;
}
