import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { LocalCloudError } from '../errors.ts';
import { isClientGone } from './message.ts';
import type { HttpReply, HttpRequest } from './message.ts';

export type HttpHandler = (request: HttpRequest) => Promise<HttpReply>;

export interface HttpServer {
  readonly port: number;
  /** Takes no further requests, lets go of idle connections and, after a short while, of busy ones. */
  close(): Promise<void>;
}

/** How long requests under way may take to end when the server closes. */
const CLOSE_GRACE_MS = 2_000;

/**
 * Serves `handler` on 127.0.0.1. `Expect: 100-continue` is answered by Node itself.
 *
 * @throws LocalCloudError `AddressInUse`
 */
export async function serve(port: number, handler: HttpHandler, newId: () => string, onError: (error: unknown) => void): Promise<HttpServer> {
  // Uploads may take longer than Node's default limit; clients keep connections for longer than its default 5 s.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 65_000 }, (incoming, outgoing) => {
    answer(incoming, outgoing, handler, newId).catch((error: unknown) => {
      outgoing.destroy();
      if (!isClientGone(error)) onError(error);
    });
  });
  await listen(server, port);
  return { port: portOf(server), close: () => close(server) };
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, handler: HttpHandler, newId: () => string): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const reply = await handler(toRequest(incoming, newId(), gone.signal));
  // What an operation left unread would otherwise be taken for the next request on this connection.
  incoming.resume();
  outgoing.writeHead(reply.status, reply.headers);
  if (reply.body instanceof Readable) await pipeline(reply.body, outgoing);
  else outgoing.end(reply.body);
}

function toRequest(incoming: IncomingMessage, id: string, gone: AbortSignal): HttpRequest {
  const [path = '/', ...query] = (incoming.url ?? '/').split('?');
  return {
    id,
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(query.join('?')),
    headers: incoming.headers,
    body: incoming,
    sourceAddress: incoming.socket.remoteAddress ?? '127.0.0.1',
    gone,
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const taken = 'code' in cause && cause.code === 'EADDRINUSE';
      reject(taken ? new LocalCloudError('AddressInUse', `Port ${port} on 127.0.0.1 is taken. Stop the program that has it, or choose another port.`, { cause }) : cause);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
