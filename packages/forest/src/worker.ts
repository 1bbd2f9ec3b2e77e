/** The program of a worker thread. An entry point of its own: bundle it beside the main program. */
import { parentPort, workerData } from 'node:worker_threads';
import { ForestError } from './errors.ts';
import { doWork } from './work.ts';
import { isWorkerTask } from './worker-messages.ts';
import type { WorkerAnswer } from './worker-messages.ts';

if (!isWorkerTask(workerData)) throw new ForestError('worker-failed', 'forest worker: started without a task; only a fit starts it');
for await (const answer of doWork(workerData)) post(answer);
post({ kind: 'finished' });

/** Arrays change hands instead of being copied. */
function post(answer: WorkerAnswer): void {
  parentPort?.postMessage(answer, memoryOf(answer));
}

function memoryOf(answer: WorkerAnswer): ArrayBuffer[] {
  if (answer.kind === 'losses') return [answer.losses.buffer];
  if (answer.kind === 'finished') return [];
  const { nodes, sets, mixed, importances } = answer.tree;
  return [nodes.buffer, sets.buffer, mixed.buffer, importances.buffer];
}
