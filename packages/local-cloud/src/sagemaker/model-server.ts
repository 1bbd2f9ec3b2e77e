import { createReadStream, createWriteStream } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';

import { z } from 'zod';

import { parseJson } from '../json.ts';
import type { ByteRange } from '../store/blobs.ts';

/** A container's HTTP side. Waiting here is for a real process, and so in real time. */
export interface ModelServer {
  /** Waits for a 200 from /ping; false when the time is up or `gone` resolved first. */
  ready(gone: Promise<unknown>): Promise<boolean>;
  executionParameters(): Promise<ExecutionParameters>;
  invoke(invocation: Invocation): Promise<InvocationResult>;
}

const ExecutionParametersSchema = z
  .object({
    MaxConcurrentTransforms: z.int().min(1),
    BatchStrategy: z.enum(['MULTI_RECORD', 'SINGLE_RECORD']),
    MaxPayloadInMB: z.int().min(0),
  })
  .partial();
/** What a container says of itself; spelt differently from the API. */
export type ExecutionParameters = z.infer<typeof ExecutionParametersSchema>;

/** One request: a slice of a file in, a file out. */
export interface Invocation {
  readonly file: string;
  /** `undefined`: an empty body. */
  readonly range: ByteRange | undefined;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  readonly timeoutMs: number;
  readonly answerFile: string;
  readonly signal: AbortSignal;
}

export type InvocationResult = { readonly kind: 'answered' } | { readonly kind: 'refused'; readonly status: number; readonly body: string } | { readonly kind: 'unreachable'; readonly message: string };

const STARTUP_MS = 60_000;
const PING_INTERVAL_MS = 50;
const PING_TIMEOUT_MS = 2_000;
/** Of an error's body; it goes to the log. */
const LONGEST_MESSAGE = 4_096;

export function createModelServer(port: number): ModelServer {
  return {
    async ready(gone) {
      let ended = false;
      const watch = gone.then(() => {
        ended = true;
      });
      const until = performance.now() + STARTUP_MS;
      while (!ended && performance.now() < until) {
        if ((await get(port, '/ping', PING_TIMEOUT_MS))?.status === 200) return true;
        await Promise.race([wait(PING_INTERVAL_MS), watch]);
      }
      return false;
    },
    async executionParameters() {
      const answer = await get(port, '/execution-parameters', PING_TIMEOUT_MS);
      const parsed = ExecutionParametersSchema.safeParse(answer?.status === 200 ? parseJson(answer.body) : {});
      return parsed.success ? parsed.data : {};
    },
    invoke: (invocation) => invoke(port, invocation),
  };
}

/** `undefined` when there is no answer. */
async function get(port: number, path: string, timeoutMs: number): Promise<{ status: number; body: string } | undefined> {
  try {
    const response = await send(port, { method: 'GET', path, headers: {}, timeoutMs, signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.statusCode ?? 0, body: await text(response) };
  } catch {
    return undefined;
  }
}

async function invoke(port: number, invocation: Invocation): Promise<InvocationResult> {
  const { contentType, accept, range, timeoutMs, signal } = invocation;
  const headers = {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(accept === undefined ? {} : { accept }),
    'content-length': String(range === undefined ? 0 : range.end - range.start + 1),
  };
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const response = await send(port, { method: 'POST', path: '/invocations', headers, timeoutMs, signal: limit, body: invocation });
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) return { kind: 'refused', status, body: (await text(response)).slice(0, LONGEST_MESSAGE) };
    await pipeline(response, createWriteStream(invocation.answerFile));
    return { kind: 'answered' };
  } catch (error) {
    return { kind: 'unreachable', message: error instanceof Error ? error.message : String(error) };
  }
}

interface Outgoing {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly body?: Invocation;
}

/** Over a connection of its own: a server that closes idle connections then cannot make a request fail. */
function send(port: number, { method, path, headers, signal, body }: Outgoing): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, signal, agent: false }, resolve);
    outgoing.on('error', reject);
    if (body?.range === undefined) outgoing.end();
    else createReadStream(body.file, body.range).on('error', reject).pipe(outgoing);
  });
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
