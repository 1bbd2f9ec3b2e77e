import type { CloudContext } from '../cloud-context.ts';

/** Why a job is to end before its program does. */
export type StopReason = 'stop-requested' | 'max-runtime' | 'shutdown';

/** What a running job is told from outside. */
export interface JobControl {
  /** Aborted as soon as the job is to end. */
  readonly signal: AbortSignal;
  /** `undefined` until then; the first reason stays, but a shutdown goes before all. */
  reason(): StopReason | undefined;
  stop(reason: StopReason): void;
  /** Calls `listener` for each reason to stop, also for one that came before. @returns how to end that */
  onStop(listener: (reason: StopReason) => void): () => void;
  /** Waits for one of the places for child processes. `undefined` when the job was stopped while it waited. */
  place(): Promise<(() => void) | undefined>;
}

/** Runs jobs in the background. */
export interface JobRunner {
  /** `run` must not reject. */
  start(name: string, run: (control: JobControl) => Promise<void>): void;
  /** False when no such job runs. */
  stop(name: string): boolean;
  /** Stops all jobs for good and waits for them. */
  shutdown(): Promise<void>;
}

/** Each container takes all cores that it finds; more at once would only make each slower. */
const MOST_CHILDREN = 2;

/** @param places shared between the runners whose children count together */
export function createJobRunner({ activity }: CloudContext, places: Places): JobRunner {
  const jobs = new Map<string, { readonly control: JobControl; readonly done: Promise<void> }>();
  let closed = false;
  return {
    start(name, run) {
      if (closed) return;
      const end = activity.begin();
      const control = createControl(places);
      const done = run(control).finally(() => {
        jobs.delete(name);
        end();
      });
      jobs.set(name, { control, done });
    },
    stop(name) {
      const job = jobs.get(name);
      job?.control.stop('stop-requested');
      return job !== undefined;
    },
    async shutdown() {
      closed = true;
      const running = [...jobs.values()];
      for (const { control } of running) control.stop('shutdown');
      await Promise.all(running.map(({ done }) => done));
    },
  };
}

function createControl(places: Places): JobControl {
  const controller = new AbortController();
  const listeners = new Set<(reason: StopReason) => void>();
  let first: StopReason | undefined;
  return {
    signal: controller.signal,
    reason: () => first,
    stop(reason) {
      first = reason === 'shutdown' ? reason : (first ?? reason);
      controller.abort();
      for (const listener of listeners) listener(reason);
    },
    onStop(listener) {
      listeners.add(listener);
      if (first !== undefined) listener(first);
      return () => listeners.delete(listener);
    },
    place: () => places.take(controller.signal),
  };
}

/** A fixed number of places, given out in the order of asking. */
export interface Places {
  take(signal: AbortSignal): Promise<(() => void) | undefined>;
}

export function createPlaces(count: number = MOST_CHILDREN): Places {
  let free = count;
  const waiting = new Set<() => void>();
  const release = (): void => {
    free += 1;
    const [next] = waiting;
    if (next !== undefined) next();
  };
  const occupy = (): (() => void) => {
    free -= 1;
    let released = false;
    return () => {
      if (!released) release();
      released = true;
    };
  };
  return {
    async take(signal) {
      if (signal.aborted) return undefined;
      if (free > 0) return occupy();
      return new Promise((resolve) => {
        const settle = (): void => {
          waiting.delete(settle);
          signal.removeEventListener('abort', settle);
          resolve(signal.aborted ? undefined : occupy());
        };
        waiting.add(settle);
        signal.addEventListener('abort', settle);
      });
    },
  };
}
