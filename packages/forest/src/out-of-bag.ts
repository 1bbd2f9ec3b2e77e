import { drawBag } from './bag.ts';
import type { GrownTree } from './grown-tree.ts';
import { likeliest } from './likeliest.ts';
import type { GrowSettings } from './options.ts';
import type { TrainingSet } from './training-set.ts';
import { TrainingWalker } from './training-walker.ts';

/**
 * Out-of-bag predictions (Breiman, 1996, "Out-of-bag estimation"): each row is predicted by the trees that have not seen
 * it. Trees are added in their order, whichever thread grew them, so that sums and scores are the same for all.
 */
export class OutOfBag {
  readonly #set: TrainingSet;
  readonly #settings: Pick<GrowSettings, 'bootstrap' | 'draws' | 'seed'>;
  readonly #first: number;
  readonly #walker: TrainingWalker;
  readonly #outputs: number;
  /** Rows × outputs. */
  readonly #sums: Float64Array;
  /** Trees that have not seen the row. */
  readonly #trees: Uint32Array;
  /** What each row that has a prediction and counts adds to the error: its squared residual, or 1 for a wrong class. */
  readonly #losses: Float64Array;
  readonly #bag: Uint32Array;
  readonly #unseen: Uint32Array;
  readonly #curve: number[] = [];
  #scored = 0;
  #variation = 0;

  /** @param first number of the first tree that is added */
  constructor(set: TrainingSet, settings: Pick<GrowSettings, 'bootstrap' | 'draws' | 'seed'>, first = 0) {
    this.#set = set;
    this.#settings = settings;
    this.#first = first;
    this.#walker = new TrainingWalker(set);
    this.#outputs = Math.max(1, set.classes);
    this.#sums = new Float64Array(set.rows * this.#outputs);
    this.#trees = new Uint32Array(set.rows);
    this.#losses = new Float64Array(set.rows);
    this.#bag = new Uint32Array(set.rows);
    this.#unseen = new Uint32Array(set.rows);
  }

  /** The score after each tree so far: see `score`. */
  get curve(): Float64Array {
    return Float64Array.from(this.#curve);
  }

  /**
   * R² or accuracy over the learned rows that have an out-of-bag prediction, unweighted as scikit-learn's `oob_score_`;
   * `NaN` where none has one.
   */
  get score(): number {
    return this.#curve.at(-1) ?? NaN;
  }

  /** The mean prediction of each row, rows × outputs; `NaN` where every tree had seen the row. */
  prediction(): Float64Array {
    return this.#sums.map((sum, at) => sum / (this.#trees[Math.floor(at / this.#outputs)] ?? 0));
  }

  /** Adds the next tree. */
  add(tree: GrownTree): void {
    const count = this.#drawUnseen();
    const leaves = this.#walker.leavesOf(tree, this.#unseen, count);
    const scoredBefore = this.#scored;
    this.#countTree(count);
    if (this.#set.classes === 0) this.#addNumbers(tree, leaves, count);
    else this.#addShares(tree, leaves, count);
    if (this.#scored !== scoredBefore) this.#variation = this.#variationOfTargets();
    this.#curve.push(this.#scoreNow());
  }

  /** Lists the rows that the next tree has not seen, and returns their number. */
  #drawUnseen(): number {
    drawBag(this.#set, this.#settings, this.#first + this.#curve.length, this.#bag);
    const bag = this.#bag;
    const unseen = this.#unseen;
    let count = 0;
    // Every row is written and the next one may take its place, which spares a branch that cannot be predicted:
    // 0 − 1 is the only negative number here.
    for (let row = 0; row < bag.length; row++) {
      unseen[count] = row;
      count += ((bag[row] ?? 0) - 1) >>> 31;
    }
    return count;
  }

  #countTree(count: number): void {
    const { weights } = this.#set;
    for (let i = 0; i < count; i++) {
      const row = this.#unseen[i] ?? 0;
      const trees = (this.#trees[row] ?? 0) + 1;
      this.#trees[row] = trees;
      if (trees === 1 && weights[row] !== 0) this.#scored++;
    }
  }

  #addNumbers({ nodes, mixed }: GrownTree, leaves: Uint32Array, count: number): void {
    const { targetLevels, targetRanks, weights } = this.#set;
    const unseen = this.#unseen;
    const sums = this.#sums;
    const trees = this.#trees;
    const losses = this.#losses;
    const pure = targetLevels.length;
    for (let i = 0; i < count; i++) {
      const row = unseen[i] ?? 0;
      const leaf = nodes[2 * (leaves[i] ?? 0)] ?? 0;
      const sum = (sums[row] ?? 0) + ((leaf < pure ? targetLevels[leaf] : mixed[leaf - pure]) ?? 0);
      const residual = (targetLevels[targetRanks[row] ?? 0] ?? 0) - sum / (trees[row] ?? 1);
      sums[row] = sum;
      losses[row] = weights[row] === 0 ? 0 : residual * residual;
    }
  }

  #addShares({ nodes, mixed }: GrownTree, leaves: Uint32Array, count: number): void {
    const { classes, weights } = this.#set;
    const sums = this.#sums;
    for (let i = 0; i < count; i++) {
      const row = this.#unseen[i] ?? 0;
      const leaf = nodes[2 * (leaves[i] ?? 0)] ?? 0;
      const at = row * classes;
      const shares = (leaf - classes) * classes;
      if (leaf < classes) sums[at + leaf] = (sums[at + leaf] ?? 0) + 1;
      else for (let label = 0; label < classes; label++) sums[at + label] = (sums[at + label] ?? 0) + (mixed[shares + label] ?? 0);
      this.#losses[row] = weights[row] === 0 ? 0 : this.#isWrong(row);
    }
  }

  #isWrong(row: number): number {
    const { classes, targetRanks } = this.#set;
    return likeliest(this.#sums, row * classes, classes) === targetRanks[row] ? 0 : 1;
  }

  /** The sum of squared distances of the scored rows' targets from their mean. */
  #variationOfTargets(): number {
    const set = this.#set;
    if (set.classes > 0) return 0;
    const targets = Float64Array.from(set.drawable.filter((row) => (this.#trees[row] ?? 0) > 0), (row) => targetOf(set, row));
    const mean = targets.reduce((sum, target) => sum + target / targets.length, 0);
    return targets.reduce((sum, target) => sum + (target - mean) ** 2, 0);
  }

  #scoreNow(): number {
    if (this.#scored === 0) return NaN;
    const losses = this.#losses;
    let loss = 0;
    for (let row = 0; row < losses.length; row++) loss += losses[row] ?? 0;
    if (this.#set.classes > 0) return (this.#scored - loss) / this.#scored;
    if (this.#variation > 0) return 1 - loss / this.#variation;
    return loss === 0 ? 1 : 0;
  }
}

function targetOf({ targetLevels, targetRanks }: TrainingSet, row: number): number {
  return targetLevels[targetRanks[row] ?? 0] ?? 0;
}
