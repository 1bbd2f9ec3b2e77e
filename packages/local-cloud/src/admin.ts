/** The cloud's own pages, plain JSON: what an AWS client cannot ask for. */
import type { EventBus } from './events/event-bus.ts';
import type { HttpReply, HttpRequest } from './http/message.ts';
import { parseJson } from './json.ts';
import type { Wiring } from './options.ts';
import type { Topics } from './sns/topics.ts';
import type { Queues } from './sqs/queues.ts';

export interface AdminParts {
  readonly wiring: Wiring;
  readonly bus: EventBus;
  readonly topics: Topics;
  readonly queues: Queues;
}

export function answerAdmin(request: HttpRequest, parts: AdminParts): HttpReply {
  const document = request.method === 'GET' ? PAGES.get(request.path)?.(parts) : undefined;
  return {
    status: document === undefined ? 404 : 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(document ?? { message: `There are ${[...PAGES.keys()].map((path) => `GET ${path}`).join(', ')}.` }),
  };
}

const PAGES: ReadonlyMap<string, (parts: AdminParts) => object> = new Map<string, (parts: AdminParts) => object>([
  [
    '/_local/health',
    ({ wiring }) => ({ service: 'dropforest-local-cloud', status: 'ok', account: wiring.account, region: wiring.region, buckets: wiring.buckets.map(({ name }) => name), pid: process.pid }),
  ],
  ['/_local/events', ({ bus }) => ({ events: bus.recent() })],
  ['/_local/messages', ({ topics }) => ({ messages: topics.published() })],
  [
    '/_local/dead-letters',
    ({ wiring, queues }) => ({
      deadLetters: deadLetterQueues(wiring).flatMap((queue) => queues.peek(queue).map(({ id, body, sent }) => ({ queue, id, sent, body: parseJson(body) ?? body }))),
    }),
  ],
]);

function deadLetterQueues({ queues }: Wiring): readonly string[] {
  return [...new Set(queues.flatMap(({ redrive }) => (redrive === undefined ? [] : [redrive.deadLetterQueue])))];
}
