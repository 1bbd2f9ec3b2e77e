/** How long the event loop may be held up, in milliseconds. */
const HOLD = 30;

/** A function to be awaited between two pieces of work: now and then it lets the event loop turn, so that messages and aborts are heard. */
export function createBreather(now: () => number = () => performance.now()): () => Promise<void> {
  let since = now();
  return async () => {
    if (now() - since < HOLD) return;
    // Node's is the quicker one; browsers lack it.
    await new Promise<void>((resolve) => { (typeof setImmediate === 'function' ? setImmediate : setTimeout)(resolve); });
    since = now();
  };
}
