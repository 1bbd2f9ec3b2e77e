/** What commands may do to the outside of the process: progress on standard error, time, and the end of waiting. */
import { userInfo } from 'node:os';

export interface Terminal {
  /** A line of progress. */
  say(line: string): void;
  /** A line that the next one replaces, where standard error is a terminal; elsewhere it is dropped. */
  flash(line: string): void;
  /** Standard output. */
  print(text: string): void;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Resolves when the person (Ctrl-C) or the system (SIGTERM) asks for an end. */
  readonly interrupted: Promise<void>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Who is at the terminal: approvals carry the name. */
  readonly user: string;
}

const CLEAR_LINE = '\r\x1b[2K';

export function createTerminal(): Terminal {
  const { stdout, stderr } = process;
  let flashing = false;
  const clear = () => {
    if (flashing) stderr.write(CLEAR_LINE);
    flashing = false;
  };
  const interrupted = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  return {
    say(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    flash(line) {
      if (!stderr.isTTY) return;
      clear();
      stderr.write(line.slice(0, Math.max(20, stderr.columns - 1)));
      flashing = true;
    },
    print(text) {
      clear();
      stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    },
    now: Date.now,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    interrupted,
    environment: process.env,
    user: userName(),
  };
}

/** A container may run as a user that the system has no name for. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'an unnamed user';
  }
}
