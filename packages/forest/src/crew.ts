import { createBreather } from './breathe.ts';
import { doWork } from './work.ts';
import type { WorkerAnswer, WorkerTask } from './worker-messages.ts';
import type { WorkerThread } from './worker-thread.ts';

/** Who works, not at what. */
export interface CrewOptions {
  /** The calling thread is one of them. */
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  readonly workerUrl?: URL | undefined;
}

/** The calling thread and, where there are to be several, worker threads, for one task after another. */
export class Crew {
  readonly #workers: readonly WorkerThread[];
  readonly #signal: AbortSignal | undefined;

  private constructor(workers: readonly WorkerThread[], signal: AbortSignal | undefined) {
    this.#workers = workers;
    this.#signal = signal;
  }

  /** Number of threads, the calling one included. */
  get threads(): number {
    return this.#workers.length + 1;
  }

  /**
   * Starts the workers; early, because they take a while. Their program is loaded only where there are any, so that browsers
   * need not know it.
   */
  static async hire({ threads, signal, workerUrl }: CrewOptions): Promise<Crew> {
    if (threads === 1) return new Crew([], signal);
    const { WorkerThread } = await import('./worker-thread.ts');
    return new Crew(Array.from({ length: threads - 1 }, () => new WorkerThread(workerUrl)), signal);
  }

  /**
   * Does a task together.
   * @param task for the calling thread; the others get it with their own number
   * @throws the signal's reason when it is aborted, what `receive` throws, ForestError `worker-failed`
   */
  async work(task: WorkerTask, receive: (answer: WorkerAnswer) => void): Promise<void> {
    const signal = this.#signal;
    signal?.throwIfAborted();
    const others = this.#workers.map((worker, index) => worker.run({ ...task, thread: index + 1 }, receive));
    const abortion = waitForAbort(signal);
    try {
      await Promise.race([abortion.promise, Promise.all([workHere(task, signal, receive), ...others])]);
    } finally {
      abortion.forget();
    }
  }

  /** Ends the workers; none is left when the promise settles. */
  async dismiss(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
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

/** A promise that rejects with the reason of an abort, and a way to stop listening for one. */
function waitForAbort(signal: AbortSignal | undefined): { readonly promise: Promise<never>; forget(): void } {
  let forget = (): void => undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    if (signal === undefined) return;
    const listen = (): void => {
      // The reason may be anything; whoever aborts decides.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal.reason);
    };
    signal.addEventListener('abort', listen, { once: true });
    forget = () => { signal.removeEventListener('abort', listen); };
  });
  return { promise, forget: () => { forget(); } };
}
