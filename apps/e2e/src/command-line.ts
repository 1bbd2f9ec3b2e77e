/** The command line as a person starts it: a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const PROGRAM = join(import.meta.dirname, '..', '..', 'cli', 'bin', 'dropforest.mjs');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `dropforest` to its end. */
export function dropforest(dataDir: string, ...words: readonly string[]): Promise<Ended> {
  return dropforestRunning(dataDir, ...words).ended;
}

/** Starts `dropforest`, for a test that has more to do with it. */
export function dropforestRunning(dataDir: string, ...words: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = start(dataDir, words);
  return { child, ended: endOf(child) };
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const [stdout, stderr, code] = await Promise.all([read(child.stdout), read(child.stderr), exitCode(child)]);
  return { code, stdout, stderr };
}

/** Starts `dropforest up` on any free port and waits for its line. */
export async function startUp(dataDir: string, port = '0'): Promise<{ readonly url: string; readonly line: string; readonly child: ChildProcess }> {
  const child = start(dataDir, ['up', '--port', port]);
  let line = '';
  for await (const chunk of child.stdout ?? []) {
    line += String(chunk);
    if (line.includes('\n')) break;
  }
  return { url: /http:\/\/[^ ,]+/.exec(line)?.[0] ?? '', line: line.trim(), child };
}

/** Sends a signal and waits for the end. */
export async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  const ended = exitCode(child);
  child.kill(signal);
  return ended;
}

function start(dataDir: string, words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...words], { env: { ...process.env, DROPFOREST_DATA_DIR: dataDir }, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function read(stream: ChildProcess['stdout']): Promise<string> {
  return stream === null ? '' : text(stream);
}

/** `null` for an end by a signal. */
function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}
