/**
 * moto's server: a third party's S3, SageMaker, EventBridge, SNS, SQS and CloudWatch Logs in Python. It is taken from
 * PATH, else installed by pip into a cache folder of this checkout.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const REQUIREMENT = 'moto[server]==5.2.*';
const CACHE = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache', 'dropforest', 'moto');

/** How the server is started; the address is added to `args`. */
export interface MotoProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface MotoServer {
  readonly url: string;
  stop(): Promise<void>;
}

const ON_PATH: MotoProgram = { command: 'moto_server', args: [], environment: {} };
const INSTALLED: MotoProgram = { command: 'python3', args: ['-m', 'moto.server'], environment: { PYTHONPATH: CACHE } };

/** Where moto is; where it is not, it is installed, which takes a minute. Else says why not. */
export async function findMoto(): Promise<MotoProgram | { readonly missing: string }> {
  for (const program of [ON_PATH, INSTALLED]) if (await isThere(program)) return program;
  try {
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', CACHE, REQUIREMENT]);
    if (await isThere(INSTALLED)) return INSTALLED;
    return { missing: `moto was installed, but python3 ${INSTALLED.args.join(' ')} does not start` };
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    return { missing: `moto is not on PATH, and python3 -m pip install '${REQUIREMENT}' failed: ${reason ?? ''}` };
  }
}

async function isThere({ command, args, environment }: MotoProgram): Promise<boolean> {
  try {
    await run(command, [...args, '--help'], { env: { ...process.env, ...environment } });
    return true;
  } catch {
    return false;
  }
}

/** Starts it on any free port of this machine. @throws Error when it ends before it listens */
export async function startMoto({ command, args, environment }: MotoProgram, account: string): Promise<MotoServer> {
  const child = spawn(command, [...args, '--host', '127.0.0.1', '--port', '0'], {
    env: { ...process.env, ...environment, MOTO_ACCOUNT_ID: account, PYTHONUNBUFFERED: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    url: await addressOf(child),
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`moto ended before it listened: ${said}`)));
    // It is read to the end: a full pipe would stop the server.
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${String(chunk)}`.slice(-10_000);
      const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
}
