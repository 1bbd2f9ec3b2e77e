import { Worker } from 'node:worker_threads';
import { ForestError } from './errors.ts';
import type { GrowContext, GrownForest } from './grow-forest.ts';
import type { GrowSettings } from './options.ts';
import { OutOfBagTally } from './out-of-bag.ts';
import type { TrainingSet } from './training-set.ts';
import type { Tree } from './tree.ts';
import type { WorkerAnswer, WorkerTask } from './worker-messages.ts';

/**
 * Grows the trees in `threads` workers that take tree numbers from a shared counter. The set's arrays must lie in
 * shared memory. All workers have ended when the promise settles.
 * @throws the signal's reason when it is aborted
 * @throws ForestError `worker-failed` when a worker throws or ends early
 */
export async function growInWorkers(set: TrainingSet, settings: GrowSettings, threads: number, context: GrowContext): Promise<GrownForest> {
  const total = settings.nEstimators;
  const trees = new Array<Tree>(total);
  const outOfBag = settings.oobScore ? new OutOfBagTally(set, total) : undefined;
  const task: WorkerTask = { kind: 'grow-trees', set, settings, nextTree: new Int32Array(new SharedArrayBuffer(4)) };
  let done = 0;
  const receive = (answer: WorkerAnswer): void => {
    if (answer.kind === 'finished') {
      if (answer.outOfBag !== undefined) outOfBag?.merge(answer.outOfBag);
      return;
    }
    trees[answer.index] = answer.tree;
    context.onProgress?.({ done: ++done, total });
  };
  const url = context.workerUrl ?? new URL('./worker.ts', import.meta.url);
  const workers = Array.from({ length: threads }, () => new Worker(url, { workerData: task }));
  try {
    await Promise.all(workers.map((worker) => finished(worker, receive, context.signal)));
    context.signal?.throwIfAborted();
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return { trees, outOfBag };
}

/** Resolves when the worker has said that it is finished or need not be any more, rejects when it cannot be. */
function finished(worker: Worker, receive: (answer: WorkerAnswer) => void, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => { resolve(); };
    signal?.addEventListener('abort', stop, { once: true });
    worker.on('message', (answer: WorkerAnswer) => {
      try {
        receive(answer);
        if (answer.kind === 'finished') resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    worker.once('error', (cause) => { reject(failure('threw an error', cause)); });
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      reject(failure(`ended with exit code ${code} before it was finished`));
    });
  });
}

function failure(what: string, cause?: unknown): ForestError {
  const remedy = 'see the cause; in a bundled program check that workerUrl points at the bundled worker';
  return new ForestError('worker-failed', `forest worker: it ${what}; ${remedy}`, { cause });
}
