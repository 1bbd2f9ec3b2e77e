/** One POST of a JSON document, and what its end says of who has heard of it. */
import { z } from 'zod';
import type { Outcome } from './channel.ts';

export type Post = (address: string, body: string, headers?: Readonly<Record<string, string>>) => Promise<Outcome>;

export interface PostOptions {
  readonly fetch: typeof globalThis.fetch;
  /** How long the answer may take. Above the 10 s after which `fetch` gives up connecting, when nothing was written yet. */
  readonly timeoutMs: number;
}

/** A receiver may be told to wait; for longer than this it is asked again anyway. */
const LONGEST_WAIT_SECONDS = 3600;
const TOO_SLOW_OR_TOO_MANY: readonly number[] = [408, 429];

/**
 * No such name, no way there, nobody listens, a certificate that is not trusted. ETIMEDOUT is a connection that was not
 * made: one that was made takes minutes to end so.
 */
const NEVER_WRITTEN = /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|(?:CERT|ERR_TLS|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO)_\w+)$/;

/** The code of a DOMException is a number and says nothing. */
const ErrorSchema = z.object({ name: z.string().optional(), code: z.string().optional().catch(undefined) });
const FetchErrorSchema = ErrorSchema.extend({ cause: ErrorSchema.optional().catch(undefined) });

export function createPost({ fetch, timeoutMs }: PostOptions): Post {
  return async (address, body, headers = {}) => {
    const request = requestFor(address, body, headers, timeoutMs);
    if (request === undefined) return { kind: 'refused', reason: 'its address is none that can be posted to' };
    try {
      const response = await fetch(request);
      await response.body?.cancel();
      return outcomeOf(response);
    } catch (error) {
      return outcomeOfError(error, timeoutMs);
    }
  };
}

/** `undefined` for an address that is none. */
function requestFor(address: string, body: string, headers: Readonly<Record<string, string>>, timeoutMs: number): Request | undefined {
  if (!/^https?:/i.test(address)) return undefined;
  try {
    return new Request(address, {
      method: 'POST',
      body,
      // A function that was frozen between two events would otherwise write to a connection that has long been closed.
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'dropforest', connection: 'close', ...headers },
      // What is signed or secret goes where the person said, and nowhere else.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch {
    return undefined;
  }
}

function outcomeOf({ status, ok, headers }: Response): Outcome {
  if (ok) return { kind: 'sent' };
  const reason = `HTTP ${status}`;
  if (status >= 500 || TOO_SLOW_OR_TOO_MANY.includes(status)) return { kind: 'failed', reason, afterSeconds: retryAfter(headers.get('retry-after')) };
  return status < 400 ? { kind: 'refused', reason: `${reason}: redirects are not followed; the address must be the final one` } : { kind: 'refused', reason };
}

/** Of its two forms only the one in seconds is read. */
function retryAfter(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header) ? Math.min(LONGEST_WAIT_SECONDS, Number(header)) : undefined;
}

function outcomeOfError(error: unknown, timeoutMs: number): Outcome {
  const { name, cause } = FetchErrorSchema.catch({}).parse(error);
  if (name === 'TimeoutError') return { kind: 'uncertain', reason: `no answer within ${timeoutMs / 1000} s` };
  const code = cause?.code;
  return code !== undefined && NEVER_WRITTEN.test(code) ? { kind: 'failed', reason: code } : { kind: 'uncertain', reason: 'the connection broke off' };
}
