/**
 * Counts what is under way (deliveries, function runs, jobs), so that one can wait for quiet.
 *
 * Invariant: work that starts other work begins it before it ends itself; a count of zero therefore means that nothing
 * is left, not that something is between two hands.
 */
export interface Activity {
  /** Call once when work starts; call the returned function once when it has ended. */
  begin(): () => void;
  /**
   * Work that is under way and waits for nothing but the clock does not count meanwhile. Call the returned function,
   * once, as soon as the time has come.
   */
  rest(): () => void;
  /** Resolves the next time that nothing is under way; at once when nothing is. */
  quiet(): Promise<void>;
}

export function createActivity(): Activity {
  let running = 0;
  let waiters: (() => void)[] = [];
  const enter = (): void => {
    running += 1;
  };
  const leave = (): void => {
    running -= 1;
    if (running > 0) return;
    const resolved = waiters;
    waiters = [];
    for (const resolve of resolved) resolve();
  };
  return {
    begin() {
      enter();
      return once(leave);
    },
    rest() {
      leave();
      return once(enter);
    },
    quiet: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
  };
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
