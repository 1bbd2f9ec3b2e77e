/** Grows all trees of a forest, in the calling thread or in worker threads. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { OutOfBagTally } from './out-of-bag.ts';
import type { ForestOptions, GrowSettings } from './options.ts';
import { TreeGrower } from './tree-grower.ts';
import type { TrainingSet } from './training-set.ts';
import type { Tree } from './tree.ts';
import { growInWorkers } from './worker-pool.ts';

/** What growing gives: the trees in order, and the tally where it was asked for. */
export interface GrownForest {
  readonly trees: readonly Tree[];
  readonly outOfBag: OutOfBagTally | undefined;
}

/** The options that decide how to grow, not what. */
export type GrowContext = Pick<ForestOptions, 'onProgress' | 'signal' | 'workerUrl'>;

/**
 * @throws the signal's reason when it is aborted
 * @throws ForestError `worker-failed`
 */
export async function growForest(set: TrainingSet, settings: GrowSettings, threads: number, context: GrowContext): Promise<GrownForest> {
  context.signal?.throwIfAborted();
  return threads === 1 ? growHere(set, settings, context) : growInWorkers(set, settings, threads, context);
}

/** Lets the event loop turn after each tree, so that progress is seen and an abort is heard. */
async function growHere(set: TrainingSet, settings: GrowSettings, context: GrowContext): Promise<GrownForest> {
  const total = settings.nEstimators;
  const grower = new TreeGrower(set, settings);
  const outOfBag = settings.oobScore ? new OutOfBagTally(set, total) : undefined;
  const trees: Tree[] = [];
  while (trees.length < total) {
    const tree = grower.grow(trees.length);
    outOfBag?.add(tree, grower.counts);
    trees.push(tree);
    context.onProgress?.({ done: trees.length, total });
    await nextTurn();
    context.signal?.throwIfAborted();
  }
  return { trees, outOfBag };
}
