import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import type { Clock } from '../clock.ts';
import type { ContainerCommand } from '../options.ts';

/** How a program ended. A signal counts as 128 + its number, as Docker reports it. */
export type ContainerExit = { readonly kind: 'exited'; readonly code: number } | { readonly kind: 'not-started'; readonly error: Error };

/** A running container. */
export interface ContainerProcess {
  /** `undefined` when it could not be started, or is no process of its own. */
  readonly pid: number | undefined;
  /** Resolves once the program has ended and all its output has been read. */
  readonly exit: Promise<ContainerExit>;
  /** SIGTERM now, SIGKILL after the grace period. */
  terminate(clock: Clock, graceMs: number): void;
}

export interface ContainerStart {
  /** Besides PATH, HOME and what the command brings. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Every line of standard output and standard error, as it comes. */
  readonly onLine: (line: string) => void;
}

/** When the cloud itself stops, its jobs run again from the beginning, so nothing is worth a long wait. */
export const SHUTDOWN_GRACE_MS = 3_000;

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGPIPE: 13, SIGTERM: 15 };

/**
 * Starts the program in a process group of its own, so that ending it ends its workers too. The group gets SIGKILL when
 * this process exits in an orderly way; a SIGKILL of this process leaves it behind until the next start (see
 * orphans.ts).
 */
export function startContainer(container: ContainerCommand, program: 'train' | 'serve', { environment, folder, onLine }: ContainerStart): ContainerProcess {
  const child = spawn(container.command, [...container.args, program], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...container.environment, ...environment },
  });
  const signalGroup = (signal: NodeJS.Signals): void => kill(child.pid, signal);
  const killAtExit = (): void => signalGroup('SIGKILL');
  process.once('exit', killAtExit);
  let cancelKill = (): void => undefined;
  const exit = Promise.all([ended(child, signalGroup), readLines(child.stdout, onLine), readLines(child.stderr, onLine)]).then(([how]) => {
    cancelKill();
    process.removeListener('exit', killAtExit);
    return how;
  });
  return {
    pid: child.pid,
    exit,
    terminate(clock, graceMs) {
      signalGroup('SIGTERM');
      cancelKill();
      cancelKill = clock.schedule(graceMs, () => signalGroup('SIGKILL'));
    },
  };
}

function ended(child: ChildProcess, signalGroup: (signal: NodeJS.Signals) => void): Promise<ContainerExit> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ kind: 'not-started', error }));
    child.once('exit', (code, signal) => {
      // The container ends with its first process: a worker left behind would hold the output open.
      signalGroup('SIGKILL');
      resolve({ kind: 'exited', code: code ?? 128 + (SIGNAL_NUMBERS[signal ?? ''] ?? 0) });
    });
  });
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) onLine(line);
}

/** Signals a process group; one that has gone already is no error. */
export function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM');
    if (!gone) throw error;
  }
}
