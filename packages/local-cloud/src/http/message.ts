import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** One HTTP request, as far as any service looks at it. */
export interface HttpRequest {
  readonly id: string;
  readonly method: string;
  /** As sent: percent-encoded, not normalised, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Empty once a service has read it. */
  readonly body: Readable;
  readonly sourceAddress: string;
  /** Aborted once nobody waits for the answer any more: it was sent, or the client has gone. */
  readonly gone: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
}

/** Whether an error only says that the client went away in the middle. */
export function isClientGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

/** A header that is sent at most once; of several, the first. */
export function header(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
