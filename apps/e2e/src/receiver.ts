/** Somebody who is posted to: an HTTP server on the loopback that does as told and remembers what it got. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a receiver does with a request once it has read all of it. `hang` and `close` give no answer. */
export type Behaviour = 'hang' | 'close' | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly behaviour: Behaviour;
}

export interface Receiver {
  readonly url: string;
  readonly requests: readonly Received[];
  stop(): Promise<void>;
}

/** @param behave what to do with the n-th request, from 0 */
export async function startReceiver(behave: (n: number) => Behaviour): Promise<Receiver> {
  const requests: Received[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const behaviour = behave(requests.length);
      requests.push({ path: request.url ?? '', headers: request.headers, body, behaviour });
      if (behaviour === 'close') request.socket.destroy();
      else if (behaviour !== 'hang') response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
