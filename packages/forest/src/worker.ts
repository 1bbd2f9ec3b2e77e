/** The program of a worker thread. An entry point of its own: bundle it beside the main program. */
import { parentPort, workerData } from 'node:worker_threads';
import { ForestError } from './errors.ts';
import { OutOfBagTally } from './out-of-bag.ts';
import { TreeGrower } from './tree-grower.ts';
import { isWorkerTask } from './worker-messages.ts';
import type { WorkerAnswer, WorkerTask } from './worker-messages.ts';

if (!isWorkerTask(workerData)) throw new ForestError('worker-failed', 'forest worker: started without a task; only a fit starts it');
growTrees(workerData);

function growTrees({ set, settings, nextTree }: WorkerTask): void {
  const total = settings.nEstimators;
  const grower = new TreeGrower(set, settings);
  const outOfBag = settings.oobScore ? new OutOfBagTally(set, total) : undefined;
  for (let index = Atomics.add(nextTree, 0, 1); index < total; index = Atomics.add(nextTree, 0, 1)) {
    const tree = grower.grow(index);
    outOfBag?.add(tree, grower.counts);
    answer({ kind: 'tree', index, tree }, [tree.value.buffer, tree.right.buffer, tree.feature.buffer, tree.shares.buffer]);
  }
  answer({ kind: 'finished', outOfBag: outOfBag?.sums }, []);
}

function answer(message: WorkerAnswer, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}
