/** The container's `serve` program as an endpoint runs it, on a model artifact. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'container', 'src', 'main.ts');
const PING_MS = 50;

export interface Endpoint {
  /** Answers a CSV request. */
  invoke(csv: string): Promise<string>;
  stop(): Promise<void>;
}

/** @param artifact bytes of model.tar.gz */
export async function startEndpoint(artifact: Uint8Array): Promise<Endpoint> {
  const root = mkdtempSync(join(tmpdir(), 'dropforest-endpoint-'));
  mkdirSync(join(root, 'model'));
  writeFileSync(join(root, 'model.tar.gz'), artifact);
  execFileSync('tar', ['-xzf', join(root, 'model.tar.gz'), '-C', join(root, 'model')]);
  const port = await freePort();
  const child = spawn(process.execPath, [PROGRAM, 'serve'], { env: { ...process.env, OPT_ML: root, SAGEMAKER_BIND_TO_PORT: String(port) }, stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  while (child.exitCode === null && !(await isHealthy(url))) await new Promise((resolve) => setTimeout(resolve, PING_MS));
  return {
    async invoke(csv) {
      const answer = await fetch(`${url}/invocations`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: csv });
      return answer.text();
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ping`)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
