import { Worker } from 'node:worker_threads';
import { ForestError } from './errors.ts';
import type { WorkContext } from './share-work.ts';
import type { WorkerAnswer, WorkerTask } from './worker-messages.ts';

/** Started workers. */
export interface Workers {
  /** Settles when all have said that they are finished, or need not be any more; rejects when one cannot be. */
  readonly finished: Promise<unknown>;
  /** Ends them all, whatever they are at. */
  stop(): Promise<unknown>;
}

/** Starts a worker for each task. */
export function startWorkers(tasks: readonly WorkerTask[], { signal, workerUrl }: WorkContext, receive: (answer: WorkerAnswer) => void): Workers {
  const url = workerUrl ?? new URL('./worker.ts', import.meta.url);
  const started = tasks.map((task) => start(new Worker(url, { workerData: task }), receive, signal));
  const finished = Promise.all(started.map((worker) => worker.finished));
  // Whoever waits hears of a failure; until then it is not one that nobody handles.
  finished.catch(() => undefined);
  return { finished, stop: () => Promise.all(started.map((worker) => worker.stop())) };
}

interface StartedWorker {
  readonly finished: Promise<void>;
  stop(): Promise<unknown>;
}

/** A worker that has said that it is finished ends by itself; to cut it off while it does has crashed Node 24. */
function start(worker: Worker, receive: (answer: WorkerAnswer) => void, signal: AbortSignal | undefined): StartedWorker {
  let isFinished = false;
  const ended = new Promise((resolve) => { worker.once('exit', resolve); });
  const finished = new Promise<void>((resolve, reject) => {
    const giveUp = (): void => { resolve(); };
    signal?.addEventListener('abort', giveUp, { once: true });
    worker.on('message', (answer: WorkerAnswer) => {
      if (answer.kind === 'finished') {
        isFinished = true;
        resolve();
        return;
      }
      try {
        receive(answer);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    worker.once('error', (cause) => { reject(cause instanceof ForestError ? cause : failure('threw an error', cause)); });
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', giveUp);
      reject(failure(`ended with exit code ${code} before it was finished`));
    });
  });
  return { finished, stop: async () => (isFinished ? ended : worker.terminate()) };
}

function failure(what: string, cause?: unknown): ForestError {
  const remedy = 'see the cause; in a bundled program check that workerUrl points at the bundled worker';
  return new ForestError('worker-failed', `forest worker: it ${what}; ${remedy}`, { cause });
}
