import { Worker } from 'node:worker_threads';
import { ForestError } from './errors.ts';
import type { WorkerAnswer, WorkerMessage, WorkerTask } from './worker-messages.ts';

/** A thread that does one task after another. */
export class WorkerThread {
  readonly #worker: Worker;
  /** Rejects when the thread fails; settles in no other way. */
  readonly #failed: Promise<never>;
  readonly #ended: Promise<unknown>;
  #isBusy = false;

  /** @param workerUrl where the program lies, if not beside this one */
  constructor(workerUrl?: URL) {
    const worker = new Worker(workerUrl ?? new URL('./worker.ts', import.meta.url));
    this.#worker = worker;
    this.#ended = new Promise((resolve) => { worker.once('exit', resolve); });
    this.#failed = new Promise((_resolve, reject) => {
      worker.once('error', (cause) => { reject(cause instanceof ForestError ? cause : failure('threw an error', cause)); });
      worker.once('exit', (code) => { reject(failure(`ended with exit code ${code} before it was finished`)); });
    });
    // Whoever waits for a task hears of a failure; until then it is not one that nobody handles.
    this.#failed.catch(() => undefined);
  }

  /**
   * Does what is left of a task.
   * @throws what `receive` throws, ForestError `worker-failed`
   */
  async run(task: WorkerTask, receive: (answer: WorkerAnswer) => void): Promise<void> {
    this.#isBusy = true;
    await Promise.race([this.#failed, this.#answers(task, receive)]);
    this.#isBusy = false;
  }

  #answers(task: WorkerTask, receive: (answer: WorkerAnswer) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const listen = (answer: WorkerAnswer): void => {
        try {
          if (answer.kind === 'refused') throw new ForestError(answer.code, answer.message);
          if (answer.kind !== 'finished') {
            receive(answer);
            return;
          }
          this.#worker.off('message', listen);
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.#worker.on('message', listen);
      this.#post(task);
    });
  }

  /** Ends the thread: an idle one ends by itself, because to cut off one that is about to end has crashed Node 24. */
  async stop(): Promise<void> {
    if (this.#isBusy) await this.#worker.terminate();
    else this.#post({ kind: 'end' });
    await this.#ended;
  }

  #post(message: WorkerMessage): void {
    this.#worker.postMessage(message);
  }
}

function failure(what: string, cause?: unknown): ForestError {
  const remedy = 'see the cause; in a bundled program check that workerUrl points at the bundled worker';
  return new ForestError('worker-failed', `forest worker: it ${what}; ${remedy}`, { cause });
}
