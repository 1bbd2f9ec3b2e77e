/**
 * Time as a parameter. Every wait that belongs to the cloud's own behaviour (visibility timeouts, delays, run-time
 * limits) goes through a Clock; only polling of real child processes uses real time.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `callback` once, `delayMs` from now; the returned function cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** setTimeout overflows above 2^31-1 ms (24.8 days) and then fires at once. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, callback) {
    let timer: NodeJS.Timeout;
    const arm = (remaining: number): void => {
      const step = Math.min(Math.max(0, remaining), LONGEST_TIMEOUT_MS);
      timer = setTimeout(() => (remaining > step ? arm(remaining - step) : callback()), step);
    };
    arm(delayMs);
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until a test moves it. */
export interface SettableClock extends Clock {
  /** Moves time forward, running every timer that falls due, in order, at its own time. */
  advance(ms: number): void;
  /** When the next timer falls due, in milliseconds since the epoch; `undefined` when there is none. */
  next(): number | undefined;
}

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** @param start milliseconds since the epoch */
export function createSettableClock(start: number): SettableClock {
  let now = start;
  const timers = new Set<Timer>();
  const nextDue = (until: number): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) if (timer.due <= until && (next === undefined || timer.due < next.due)) next = timer;
    return next;
  };
  return {
    now: () => now,
    schedule(delayMs, callback) {
      const timer: Timer = { due: now + Math.max(0, delayMs), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const until = now + ms;
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.due);
        timer.callback();
      }
      now = until;
    },
    next: () => nextDue(Infinity)?.due,
  };
}

/** `2026-03-04T05:06:07Z`: whole seconds, as in event envelopes. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
