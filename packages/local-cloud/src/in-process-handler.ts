/** A way into a cloud for the AWS SDK's clients of the same process: without sockets, in less than half the time. */
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

import type { HttpReply } from './http/message.ts';
import type { LocalCloud } from './local-cloud.ts';

/** A request as the SDK's clients make it. */
export interface ClientRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Readable;
}

/** For `requestHandler` in a client's configuration. */
export interface InProcessHandler {
  handle(request: ClientRequest): Promise<{ readonly response: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>>; readonly body: Readable } }>;
}

/** @param answer how requests are answered: by the cloud, or by something between the clients and the cloud */
export function createInProcessHandler(answer: (request: ClientRequest) => Promise<HttpReply>): InProcessHandler {
  return {
    async handle(request) {
      // Answers that never leave this process would keep timers and sockets from their turn.
      await setImmediate();
      const { status, headers, body } = await answer(request);
      return { response: { statusCode: status, headers, body: body instanceof Readable ? body : streamOf(body) } };
    },
  };
}

/** Has a client's request answered by a cloud of this process. */
export function answerClient({ answer }: Pick<LocalCloud, 'answer'>, { method, path, query = {}, headers, body }: ClientRequest): Promise<HttpReply> {
  const pairs = Object.entries(query).flatMap(([name, value]) => (Array.isArray(value) ? value : [value ?? '']).map((one): [string, string] => [name, String(one)]));
  return answer({
    method,
    path,
    query: new URLSearchParams(pairs),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: body instanceof Readable ? body : streamOf(body),
  });
}

function streamOf(body: string | Uint8Array | undefined): Readable {
  if (body === undefined) return Readable.from([]);
  return Readable.from([typeof body === 'string' ? Buffer.from(body) : body]);
}
