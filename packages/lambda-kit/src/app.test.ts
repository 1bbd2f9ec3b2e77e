import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Context, SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createHandler, type App } from './app.ts';
import { createClients, type Clients } from './clients.ts';
import { RetryLater } from './errors.ts';

/** A queue that only notes how long each message was put back for. */
const putBack: Record<string, number> = {};
const ChangeSchema = z.object({ ReceiptHandle: z.string(), VisibilityTimeout: z.int() });
const queue = createServer((request, response) => {
  void json(request).then((body) => {
    const { ReceiptHandle, VisibilityTimeout } = ChangeSchema.parse(body);
    putBack[ReceiptHandle] = VisibilityTimeout;
    response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
  });
});

let clients: Clients;
beforeAll(async () => {
  const port = await new Promise<number>((resolve) => {
    queue.listen(0, '127.0.0.1', () => {
      const address = queue.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  clients = createClients({ url: `http://127.0.0.1:${port}`, region: 'us-east-1' });
});
afterAll(() => {
  clients.destroy();
  queue.close();
});
beforeEach(() => {
  for (const receipt of Object.keys(putBack)) delete putBack[receipt];
});

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'test',
  functionVersion: '1',
  invokedFunctionArn: 'arn',
  memoryLimitInMB: '1',
  awsRequestId: 'r',
  logGroupName: 'g',
  logStreamName: 's',
  getRemainingTimeInMillis: () => 1000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

function record(id: string, body: string, receives = 1): SQSRecord {
  const attributes = { ApproximateReceiveCount: String(receives), SentTimestamp: '0', SenderId: 's', ApproximateFirstReceiveTimestamp: '0' };
  return { messageId: id, receiptHandle: id, body, attributes, messageAttributes: {}, md5OfBody: '', eventSource: 'aws:sqs', eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:q', awsRegion: 'us-east-1' };
}

/** Handles messages whose body says what goes wrong. */
const errors: Readonly<Record<string, () => Error>> = {
  busy: () => Object.assign(new Error('The account-level service limit is reached'), { name: 'ResourceLimitExceeded' }),
  throttled: () => Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' }),
  defect: () => new TypeError('undefined is not a function'),
  later: () => new RetryLater(6.2, 'files may still be coming'),
};
const app: App<{ readonly wrong: string }, object> = {
  name: 'test-app',
  event: z.object({ wrong: z.string() }),
  environment: z.object({}),
  async handle({ wrong }) {
    const error = errors[wrong]?.();
    if (error !== undefined) throw error;
  },
};

async function handle(...records: readonly SQSRecord[]) {
  const logged: string[] = [];
  const log = { info: () => undefined, warn: (line: string) => void logged.push(line), error: (line: string) => void logged.push(line) };
  const handler = createHandler(app, { environment: { BUCKET: 'b', BUS: 'bus', QUEUE_URL: 'http://queue/0/q' }, clients, log });
  const { batchItemFailures } = await handler({ Records: [...records] }, context);
  return { failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), logged };
}

const message = (wrong: string, receives?: number) => record(`${wrong}-${receives ?? 1}`, JSON.stringify({ wrong }), receives);

describe('a batch of messages', () => {
  test('loses none: those that failed are named, the others are done', async () => {
    expect((await handle(message('nothing'), message('defect'), message('busy'), record('garbage', '{"right":1}'))).failed).toEqual(['defect-1', 'busy-1', 'garbage']);
  });

  test('that could all be handled names none and puts none back', async () => {
    expect(await handle(message('nothing'))).toEqual({ failed: [], logged: [] });
    expect(putBack).toEqual({});
  });
});

describe('a message is put back', () => {
  test('for as long as its handler asks, in whole seconds', async () => {
    await handle(message('later'));
    expect(putBack).toEqual({ 'later-1': 7 });
  });

  test.each(['busy', 'throttled'])('while a service is %s, for twice as long each time, up to two hours, without an error in the log', async (wrong) => {
    const { logged } = await handle(message(wrong), message(wrong, 2), message(wrong, 9), message(wrong, 10), message(wrong, 59));
    expect(Object.values(putBack)).toEqual([15, 30, 3840, 7200, 7200]);
    expect(logged).toEqual([]);
  });

  test('after an error, soon at first and then up to a quarter of an hour, with an error in the log', async () => {
    const { logged } = await handle(message('defect'), message('defect', 3), message('defect', 20));
    expect(Object.values(putBack)).toEqual([5, 20, 900]);
    expect(logged).toEqual(['test-app failed', 'test-app failed', 'test-app failed']);
  });
});
