/**
 * What a forest of any size will lose out of bag, from a few of its trees. With residuals rᵢ of the trees that have not
 * seen a row, the mean of rᵢ × rⱼ over pairs of different trees estimates the squared error of infinitely many trees
 * without bias, as trees grow independently of one another (Hoeffding's U-statistic, 1948); the mean of rᵢ² is the error of
 * a single tree. A forest of N trees loses (1 − 1/N) × the first + 1/N × the second. The plain out-of-bag error of a few
 * trees would favour settings whose trees vary little: that of 64 full trees of Big Mart is an RMSE of 1,156 instead of 1,134.
 */
import type { GrownTree } from './grown-tree.ts';
import type { TrainingSet } from './training-set.ts';
import { TrainingWalker } from './training-walker.ts';

/** Adds up residuals: of the target, or for classification of each class's probability (the Brier score). */
export class OutOfBagLoss {
  readonly #set: TrainingSet;
  readonly #walker: TrainingWalker;
  readonly #outputs: number;
  /** Rows × outputs. */
  readonly #residuals: Float64Array;
  /** Of each row: squares of the residuals, added up over the outputs. */
  readonly #squares: Float64Array;
  readonly #trees: Uint32Array;
  /** Scratch of `add`: the rows out of the bag. */
  readonly #unseen: Uint32Array;

  constructor(set: TrainingSet) {
    this.#set = set;
    this.#walker = new TrainingWalker(set);
    this.#outputs = Math.max(1, set.classes);
    this.#residuals = new Float64Array(set.rows * this.#outputs);
    this.#squares = new Float64Array(set.rows);
    this.#trees = new Uint32Array(set.rows);
    this.#unseen = new Uint32Array(set.rows);
  }

  /** Forgets all trees. */
  reset(): void {
    this.#residuals.fill(0);
    this.#squares.fill(0);
    this.#trees.fill(0);
  }

  /** @param counts how often each row was drawn for this tree */
  add(tree: GrownTree, counts: Uint32Array): void {
    const { classes, targetRanks } = this.#set;
    const count = this.#listUnseen(counts);
    const leaves = this.#walker.leavesOf(tree, this.#unseen, count);
    for (let i = 0; i < count; i++) {
      const row = this.#unseen[i] ?? 0;
      const leaf = tree.nodes[2 * (leaves[i] ?? 0)] ?? 0;
      const truth = targetRanks[row] ?? 0;
      this.#trees[row] = (this.#trees[row] ?? 0) + 1;
      if (classes === 0) this.#addResidual(row, row, this.#value(tree, truth) - this.#value(tree, leaf));
      else this.#addShares(row, truth, tree, leaf);
    }
  }

  /** Lists the rows that are out of the bag, but learned from by other trees; returns their number. */
  #listUnseen(counts: Uint32Array): number {
    let count = 0;
    for (const row of this.#set.drawable) {
      this.#unseen[count] = row;
      count += counts[row] === 0 ? 1 : 0;
    }
    return count;
  }

  /** The value that a leaf number of a regression tree stands for. */
  #value({ mixed }: GrownTree, leaf: number): number {
    const { targetLevels } = this.#set;
    return (leaf < targetLevels.length ? targetLevels[leaf] : mixed[leaf - targetLevels.length]) ?? 0;
  }

  #addShares(row: number, truth: number, { mixed }: GrownTree, leaf: number): void {
    const { classes } = this.#set;
    if (leaf === truth) return;
    for (let label = 0; label < classes; label++) {
      const share = leaf < classes ? Number(label === leaf) : (mixed[(leaf - classes) * classes + label] ?? 0);
      this.#addResidual(row, row * classes + label, Number(label === truth) - share);
    }
  }

  #addResidual(row: number, at: number, residual: number): void {
    this.#residuals[at] = (this.#residuals[at] ?? 0) + residual;
    this.#squares[row] = (this.#squares[row] ?? 0) + residual * residual;
  }

  /** What a forest of `trees` trees will lose on each row; `NaN` where a row was out of fewer than two bags. */
  losses(trees: number): Float64Array<ArrayBuffer> {
    return Float64Array.from(this.#trees, (count, row) => {
      const squares = this.#squares[row] ?? 0;
      const pairs = (this.#squaredSum(row) - squares) / (count * (count - 1));
      return count < 2 ? NaN : (1 - 1 / trees) * pairs + squares / count / trees;
    });
  }

  #squaredSum(row: number): number {
    let sum = 0;
    for (let at = row * this.#outputs; at < (row + 1) * this.#outputs; at++) sum += (this.#residuals[at] ?? 0) ** 2;
    return sum;
  }
}

/** The weighted mean over the rows that have a loss; `NaN` where none has. */
export function meanLoss(losses: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  losses.forEach((loss, row) => {
    if (Number.isNaN(loss)) return;
    sum += (weights[row] ?? 0) * loss;
    total += weights[row] ?? 0;
  });
  return sum / total;
}

/**
 * The standard error of the difference of two mean losses. Both are of the same rows, out of the same bags: rows that are
 * hard for one are hard for the other, so that the difference is far less noisy than either.
 */
export function standardErrorOfDifference(losses: Float64Array, others: Float64Array, weights: Float64Array): number {
  const mean = meanLoss(losses, weights) - meanLoss(others, weights);
  let squares = 0;
  let total = 0;
  losses.forEach((loss, row) => {
    const weight = weights[row] ?? 0;
    if (Number.isNaN(loss)) return;
    squares += (weight * (loss - (others[row] ?? 0) - mean)) ** 2;
    total += weight;
  });
  return Math.sqrt(squares) / total;
}
