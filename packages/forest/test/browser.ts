/** Runs a page in a Chromium without a window. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, extname, join, normalize } from 'node:path';
import { env } from 'node:process';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/** The first Chromium on PATH. */
export function findChromium(): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter);
  return PROGRAMS.flatMap((program) => folders.map((folder) => join(folder, program))).find((file) => existsSync(file));
}

/**
 * Opens `page` of `folder` and waits for what it posts to `/result`. The server sends no headers beyond the type of a
 * file, as the plainest web server would.
 */
export async function runPage(chromium: string, folder: string, page: string): Promise<string> {
  const { promise: result, resolve } = Promise.withResolvers<string>();
  const server = createServer((request, response) => { answer(folder, request, response, resolve); });
  const port = await listen(server);
  const profile = mkdtempSync(join(tmpdir(), 'forest-browser-'));
  const browser = spawn(chromium, [...FLAGS, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/${page}`], { stdio: 'ignore' });
  const ended = new Promise<never>((_, reject) => {
    browser.once('error', reject);
    browser.once('exit', (code) => { reject(new Error(`${chromium} ended with exit code ${code} before the page had a result`)); });
  });
  try {
    return await Promise.race([result, ended]);
  } finally {
    const gone = new Promise((done) => browser.once('exit', done));
    if (browser.kill()) await gone;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function answer(folder: string, request: IncomingMessage, response: ServerResponse, resolve: (result: string) => void): void {
  const path = normalize(new URL(request.url ?? '/', 'http://127.0.0.1').pathname);
  if (path === '/result') {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => { text += part; }).on('end', () => {
      response.end();
      resolve(text);
    });
  } else if (existsSync(join(folder, path))) {
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(readFileSync(join(folder, path)));
  } else {
    response.writeHead(404).end();
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
