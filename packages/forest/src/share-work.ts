import { createBreather } from './breathe.ts';
import { doWork } from './work.ts';
import type { WorkerAnswer, WorkerTask } from './worker-messages.ts';

/** How to work, not at what. */
export interface WorkContext {
  /** The calling thread is one of them. */
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  readonly workerUrl?: URL | undefined;
}

/**
 * Does a task in the calling thread and, where there are to be several, in workers; none of these is left when the promise
 * settles. The program for workers is loaded only where there are any, so that browsers need not know it.
 * @param task for the calling thread; the others get it with their own number
 * @throws the signal's reason when it is aborted, what `receive` throws, ForestError `worker-failed`
 */
export async function shareWork(task: WorkerTask, context: WorkContext, receive: (answer: WorkerAnswer) => void): Promise<void> {
  const { threads, signal } = context;
  signal?.throwIfAborted();
  if (threads === 1) {
    await workHere(task, signal, receive);
    return;
  }
  const { startWorkers } = await import('./worker-pool.ts');
  const tasks = Array.from({ length: threads - 1 }, (_, index) => ({ ...task, thread: index + 1 }));
  const workers = startWorkers(tasks, context, receive);
  try {
    await Promise.all([workHere(task, signal, receive), workers.finished]);
    signal?.throwIfAborted();
  } finally {
    await workers.stop();
  }
}

async function workHere(task: WorkerTask, signal: AbortSignal | undefined, receive: (answer: WorkerAnswer) => void): Promise<void> {
  const breathe = createBreather();
  for await (const answer of doWork(task)) {
    receive(answer);
    await breathe();
    signal?.throwIfAborted();
  }
}
