/** One trial of tuning: a few trees with the settings to be tried, and what they say of a whole forest. */
import { drawBag } from './bag.ts';
import type { TreeGrower } from './grown-tree.ts';
import type { GrowSettings } from './options.ts';
import { OutOfBagLoss } from './out-of-bag-loss.ts';
import type { TrainingSet } from './training-set.ts';

/** What to try. Trials of trees of the same numbers have the same bags. */
export interface TrialTask {
  /** `nEstimators` is the size of the forest that the loss is of, not the number of trees that are grown. */
  readonly settings: GrowSettings;
  readonly firstTree: number;
  readonly trees: number;
}

/** Runs one trial after the other with the same memory; one per thread. */
export class TrialRunner {
  readonly #set: TrainingSet;
  readonly #loss: OutOfBagLoss;
  readonly #counts: Uint32Array;

  constructor(set: TrainingSet) {
    this.#set = set;
    this.#loss = new OutOfBagLoss(set);
    this.#counts = new Uint32Array(set.rows);
  }

  /**
   * The loss to be expected of the whole forest on each training row; `NaN` where a row was out of fewer than two bags.
   * @param grower grows trees with the settings of the task
   */
  run({ settings, firstTree, trees }: TrialTask, grower: TreeGrower): Float64Array<ArrayBuffer> {
    this.#loss.reset();
    for (let tree = firstTree; tree < firstTree + trees; tree++) {
      drawBag(this.#set, settings, tree, this.#counts);
      this.#loss.add(grower.grow(tree), this.#counts);
    }
    return this.#loss.losses(settings.nEstimators);
  }
}
