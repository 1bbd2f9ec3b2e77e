/** How long a message is put back for. Pure. */
import { digest } from '@dropforest/contracts';

/** However many files keep coming, none waits for others longer than this. */
const LONGEST_WAIT_IN_QUIET_PERIODS = 3;

const FIRST_SECONDS = 5;
const MOST_SECONDS = 900;
/** With the queue's 60 receives the waits add up to half a day. */
const GROWTH = 1.5;

/** Times are milliseconds since 1970. */
export interface Burst {
  /** When the newest file was dropped. */
  readonly newest: number;
  /** Since when the file that waits has been waiting. */
  readonly since: number;
  readonly quietSeconds: number;
  readonly now: number;
  /** How often the message was received, from 1. */
  readonly receiveCount: number;
}

/**
 * Whole seconds until the burst is looked at again; 0 where it is over. The newest file comes back as soon as it may be;
 * the others come back ever more rarely, so that a burst of thousands does not look at thousands of files thousands of times.
 */
export function secondsUntilQuiet({ newest, since, quietSeconds, now, receiveCount }: Burst): number {
  const quiet = quietSeconds * 1000;
  const longest = Math.ceil((since + quiet * LONGEST_WAIT_IN_QUIET_PERIODS - now) / 1000);
  const rest = Math.ceil((newest + quiet - now) / 1000);
  if (rest <= 0) return 0;
  return Math.max(0, Math.min(longest, Math.max(rest, quietSeconds * 2 ** (receiveCount - 1))));
}

/**
 * Longer each time, and of a different length for each message, so that those that wait for the same do not come back
 * together: between half of the time and all of it.
 * @param message what tells the message from others
 */
export function growingSeconds(receiveCount: number, message: string): number {
  const most = Math.min(MOST_SECONDS, FIRST_SECONDS * GROWTH ** (receiveCount - 1));
  const share = Number.parseInt(digest([message, receiveCount]), 16) / 2 ** 48;
  return most * (0.5 + share / 2);
}
