/**
 * The cloud that a command talks to: the running `dropforest up` of the same data directory, else one that is started
 * for the command and stopped after it.
 *
 * `<data-dir>/lock` names the process that owns the directory; `<data-dir>/up.json` the address of a running `up`.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

const AddressSchema = z.object({ url: z.string(), pid: z.int() });
const LOCK_POLL_MS = 200;

export function dataDirOf(given: Arguments, { environment }: Terminal): string {
  return resolve(given.text('data-dir') ?? environment['DROPFOREST_DATA_DIR'] ?? '.dropforest');
}

/** Runs `work` with a cloud, whatever its end; Ctrl-C ends it in order. */
export async function withCloud<T>(given: Arguments, terminal: Terminal, work: (session: Session) => Promise<T>): Promise<T> {
  const dataDir = dataDirOf(given, terminal);
  const interruption = terminal.interrupted.then(() => {
    throw new CliError(EXIT.jobFailed, 'interrupted', { remedy: 'What was dropped stays: the next dropforest command on this data directory goes on with it' });
  });
  // Nobody may be left to hear of it once the work is done.
  interruption.catch(() => undefined);
  const running = await findRunning(dataDir, terminal);
  if (running !== undefined) {
    const clients = createClients({ url: running, region: LOCAL.region });
    try {
      return await Promise.race([work(sessionOf(clients, dataDir)), interruption]);
    } finally {
      clients.destroy();
    }
  }
  const own = await startLocal({ port: 0, storage: { kind: 'disk', directory: dataDir }, onProblem: (line) => terminal.say(line) });
  try {
    return await Promise.race([work(sessionOf(own.clients, dataDir)), interruption]);
  } finally {
    await own.stop();
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

async function readAddress(dataDir: string): Promise<string | undefined> {
  try {
    const { url } = AddressSchema.parse(JSON.parse(readFileSync(addressFile(dataDir), 'utf8')));
    const answer = await fetch(`${url}/_local/health`, { signal: AbortSignal.timeout(2000) });
    return answer.ok ? url : undefined;
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
  mkdirSync(dataDir, { recursive: true });
  try {
    const file = openSync(lockFile(dataDir), 'wx');
    writeFileSync(file, `${process.pid}\n`);
    closeSync(file);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  if (isAlive(ownerOf(dataDir))) return false;
  releaseLock(dataDir);
  return takeLock(dataDir);
}

export function releaseLock(dataDir: string): void {
  rmSync(addressFile(dataDir), { force: true });
  rmSync(lockFile(dataDir), { force: true });
}

/** Process id of who owns the data directory. */
export function ownerOf(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(lockFile(dataDir), 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function lockFile(dataDir: string): string {
  return join(dataDir, 'lock');
}

function addressFile(dataDir: string): string {
  return join(dataDir, 'up.json');
}
