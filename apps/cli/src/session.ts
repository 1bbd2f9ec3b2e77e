/**
 * The cloud that a command talks to: the running `dropforest up` of the same data directory, else one that is started
 * for the command and stopped after it.
 *
 * `<data-dir>/lock` names the process that owns the directory; `<data-dir>/up.json` the address of a running `up`.
 */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LOCAL } from '@dropforest/infra';
import { createBucket, createClients, type Bucket, type Clients } from '@dropforest/lambda-kit';
import { z } from 'zod';
import type { Arguments } from './command.ts';
import { CliError, EXIT } from './errors.ts';
import { startLocal } from './local-cloud.ts';
import type { Terminal } from './terminal.ts';

export interface Session {
  readonly clients: Clients;
  readonly bucket: Bucket;
  /** The image that jobs run. */
  readonly image: string;
  readonly dataDir: string;
}

const HealthSchema = z.object({ pid: z.int() });
const AddressSchema = z.object({ url: z.string(), pid: z.int() });
const LOCK_POLL_MS = 200;

export function dataDirOf(given: Arguments, { environment }: Terminal): string {
  return resolve(given.text('data-dir') ?? environment['DROPFOREST_DATA_DIR'] ?? '.dropforest');
}

/** Runs `work` with a cloud, whatever its end; Ctrl-C ends it in order. */
export function withCloud<T>(given: Arguments, terminal: Terminal, work: (session: Session) => Promise<T>): Promise<T> {
  const interruption = terminal.interrupted.then(() => {
    throw new CliError(EXIT.jobFailed, 'interrupted', { remedy: 'What was dropped stays: the next dropforest command on this data directory goes on with it' });
  });
  return useCloud(dataDirOf(given, terminal), terminal, interruption, work);
}

async function useCloud<T>(dataDir: string, terminal: Terminal, interruption: Promise<never>, work: (session: Session) => Promise<T>): Promise<T> {
  const running = await Promise.race([findRunning(dataDir, terminal), interruption]);
  if (running !== undefined) {
    const clients = createClients({ url: running, region: LOCAL.region });
    try {
      return await Promise.race([work(sessionOf(clients, dataDir)), interruption]);
    } finally {
      clients.destroy();
    }
  }
  try {
    const own = await startLocal({ port: 0, storage: { kind: 'disk', directory: dataDir }, onProblem: (line) => terminal.say(line) });
    try {
      return await Promise.race([work(sessionOf(own.clients, dataDir)), interruption]);
    } finally {
      await own.stop();
    }
  } finally {
    releaseLock(dataDir);
  }
}

function sessionOf(clients: Clients, dataDir: string): Session {
  return { clients, bucket: createBucket(clients.s3, LOCAL.bucket), image: LOCAL.image, dataDir };
}

/** @returns the address of a running `up`, or `undefined` once this process owns the data directory */
async function findRunning(dataDir: string, terminal: Terminal): Promise<string | undefined> {
  for (let hasSaid = false; ; await terminal.sleep(LOCK_POLL_MS)) {
    const url = await readAddress(dataDir);
    if (url !== undefined) return url;
    if (takeLock(dataDir)) return undefined;
    if (!hasSaid) terminal.say(`waiting for another dropforest command on ${dataDir} to end`);
    hasSaid = true;
  }
}

/** The address of an `up` that is alive and owns the directory: another one may have taken its port since. */
async function readAddress(dataDir: string): Promise<string | undefined> {
  try {
    const { url, pid } = AddressSchema.parse(JSON.parse(readFileSync(addressFile(dataDir), 'utf8')));
    if (ownerOf(dataDir) !== pid) return undefined;
    const answer = await fetch(`${url}/_local/health`, { signal: AbortSignal.timeout(2000) });
    const health = HealthSchema.parse(await answer.json());
    return health.pid === pid ? url : undefined;
  } catch {
    return undefined;
  }
}

/** Says where an `up` of this data directory is. The lock must be this process's. */
export function publishAddress(dataDir: string, url: string): void {
  writeFileSync(addressFile(dataDir), `${JSON.stringify({ url, pid: process.pid })}\n`);
}

/** Makes this process the owner of the data directory, if it has none that is alive. */
export function takeLock(dataDir: string): boolean {
  const claim = join(dataDir, `lock.${process.pid}`);
  mkdirSync(dataDir, { recursive: true });
  // The lock appears with its content or not at all.
  writeFileSync(claim, `${process.pid} ${startOf(process.pid)}\n`);
  try {
    if (tryLink(claim, lockFile(dataDir))) return true;
    if (ownerOf(dataDir) !== undefined) return false;
    rmSync(lockFile(dataDir), { force: true });
    return tryLink(claim, lockFile(dataDir));
  } finally {
    rmSync(claim, { force: true });
  }
}

/** Gives the directory up, if it is this process's. */
export function releaseLock(dataDir: string): void {
  if (ownerOf(dataDir) !== process.pid) return;
  rmSync(addressFile(dataDir), { force: true });
  rmSync(lockFile(dataDir), { force: true });
}

/** Process id of who owns the data directory; `undefined` where nobody alive does. */
export function ownerOf(dataDir: string): number | undefined {
  try {
    const [pid = '', start = ''] = readFileSync(lockFile(dataDir), 'utf8').trim().split(' ');
    return isAlive(Number(pid)) && startOf(Number(pid)) === start ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When a process started, in the kernel's ticks: another one may have got the same number since. Empty where `/proc` is not there. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function lockFile(dataDir: string): string {
  return join(dataDir, 'lock');
}

function addressFile(dataDir: string): string {
  return join(dataDir, 'up.json');
}
