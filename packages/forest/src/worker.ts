/** The program of a worker thread. An entry point of its own: bundle it beside the main program. */
import { parentPort } from 'node:worker_threads';
import { ForestError } from './errors.ts';
import { doWork } from './work.ts';
import { isWorkerMessage } from './worker-messages.ts';
import type { WorkerAnswer } from './worker-messages.ts';

parentPort?.on('message', (message: unknown) => {
  if (!isWorkerMessage(message)) throw new ForestError('worker-failed', 'forest worker: got a message that is no task; only a fit sends it one');
  if (message.kind === 'end') parentPort?.close();
  else void work(message).catch(fail);
});

async function work(task: Parameters<typeof doWork>[0]): Promise<void> {
  for await (const answer of doWork(task)) post(answer);
  post({ kind: 'finished' });
}

/** An error of this package keeps its code; any other one ends the thread, and whoever waits for it hears of it. */
function fail(error: unknown): void {
  if (error instanceof ForestError) post({ kind: 'refused', code: error.code, message: error.message });
  else setImmediate(() => { throw error; });
}

/** Arrays change hands instead of being copied. */
function post(answer: WorkerAnswer): void {
  parentPort?.postMessage(answer, memoryOf(answer));
}

function memoryOf(answer: WorkerAnswer): ArrayBuffer[] {
  if (answer.kind === 'losses') return [answer.losses.buffer];
  if (answer.kind !== 'tree') return [];
  const { nodes, sets, mixed, importances } = answer.tree;
  return [nodes.buffer, sets.buffer, mixed.buffer, importances.buffer];
}
