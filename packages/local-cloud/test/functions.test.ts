import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ChangeMessageVisibilityCommand, GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { createSettableClock } from '../src/index.ts';
import type { LambdaFunction, SqsEvent } from '../src/index.ts';
import { ACCOUNT, BUCKET, rejection, REGION, startTestCloud } from './cloud.ts';
import type { TestCloud } from './cloud.ts';

const START = Date.UTC(2026, 2, 4, 5, 6, 7, 890);

/** One function behind one queue with a dead-letter queue, fed by a rule and by hand. */
async function startWithFunction(run: LambdaFunction, limits: { readonly batchSize?: number; readonly maximumConcurrency?: number } = {}) {
  const clock = createSettableClock(START);
  const cloud = await startTestCloud({
    clock,
    functions: { work: run },
    wiring: {
      buses: ['dropforest'],
      queues: [
        { name: 'jobs', visibilityTimeoutSeconds: 30, redrive: { deadLetterQueue: 'dead', maxReceiveCount: 2 } },
        { name: 'dead', visibilityTimeoutSeconds: 30 },
      ],
      rules: [
        { name: 'dropped', bus: 'default', pattern: { source: ['aws.s3'], detail: { object: { key: [{ prefix: 'train/' }] } } }, queue: 'jobs' },
        { name: 'told', bus: 'dropforest', pattern: { 'detail-type': ['Told'] }, queue: 'jobs' },
      ],
      functions: [{ name: 'work', queue: 'jobs', batchSize: 1, maximumConcurrency: 1, timeoutSeconds: 10, ...limits }],
    },
  });
  return { cloud, clock, queueUrl: `${cloud.url}/${ACCOUNT}/jobs` };
}

async function send(cloud: TestCloud, body: string, more: { readonly DelaySeconds?: number } = {}): Promise<void> {
  await cloud.sqs.send(new SendMessageCommand({ QueueUrl: `${cloud.url}/${ACCOUNT}/jobs`, MessageBody: body, ...more }));
}

const DeadSchema = z.object({ deadLetters: z.array(z.object({ queue: z.string(), body: z.unknown() })) });

async function deadLetters(cloud: TestCloud): Promise<unknown[]> {
  return DeadSchema.parse(await cloud.admin('/_local/dead-letters')).deadLetters.map(({ body }) => body);
}

function recorder(): { readonly bodies: string[]; readonly run: LambdaFunction } {
  const bodies: string[] = [];
  return { bodies, run: async ({ Records }) => void bodies.push(...Records.map(({ body }) => body)) };
}

describe('a function behind a queue', () => {
  it('gets the event of a dropped object as the body of an SQS record', async () => {
    const events: SqsEvent[] = [];
    const { cloud } = await startWithFunction(async (event) => void events.push(event));
    await cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'train/a.csv', Body: 'x' }));
    await cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'other/a.csv', Body: 'x' }));
    await cloud.idle();
    expect(events).toHaveLength(1);
    expect(events[0]?.Records).toMatchObject([
      { eventSource: 'aws:sqs', eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT}:jobs`, awsRegion: REGION, attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(START) }, md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/) },
    ]);
    const body: unknown = JSON.parse(events[0]?.Records[0]?.body ?? '');
    expect(body).toMatchObject({ version: '0', 'detail-type': 'Object Created', account: ACCOUNT, region: REGION, time: '2026-03-04T05:06:07Z', detail: { object: { key: 'train/a.csv' } } });
  });

  it('gets events that clients put on a bus of their own, and only those that its rule asks for', async () => {
    const { bodies, run } = recorder();
    const { cloud } = await startWithFunction(run);
    const entry = { Source: 'test', Detail: '{"n":1}', EventBusName: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/dropforest` };
    const reply = await cloud.events.send(
      new PutEventsCommand({
        Entries: [
          { ...entry, DetailType: 'Told' },
          { ...entry, DetailType: 'Other' },
          { ...entry, DetailType: 'Told', EventBusName: 'default' },
          { ...entry, DetailType: 'Told', Detail: 'no json' },
          { ...entry, DetailType: 'Told', EventBusName: 'nowhere' },
        ],
      }),
    );
    expect(reply.FailedEntryCount).toBe(2);
    expect(reply.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([undefined, undefined, undefined, 'MalformedDetail', 'InvalidArgument']);
    await cloud.idle();
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).toContain('"detail":{"n":1}');
  });

  it('gets batches, and as many at once as it allows', async () => {
    const sizes: number[] = [];
    let running = 0;
    let most = 0;
    const { cloud, clock } = await startWithFunction(
      async ({ Records }) => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setTimeout(resolve, 20));
        running -= 1;
        sizes.push(Records.length);
      },
      { batchSize: 3, maximumConcurrency: 2 },
    );
    for (let index = 0; index < 8; index++) await send(cloud, String(index), { DelaySeconds: 1 });
    clock.advance(1000);
    await cloud.idle();
    expect([sizes.toSorted(), most]).toEqual([[2, 3, 3], 2]);
  });

  it('sees a delayed message only when its time has come', async () => {
    const { bodies, run } = recorder();
    const { cloud, clock } = await startWithFunction(run);
    await send(cloud, 'later', { DelaySeconds: 60 });
    clock.advance(59_000);
    await cloud.idle();
    expect(bodies).toEqual([]);
    clock.advance(1000);
    await cloud.idle();
    expect(bodies).toEqual(['later']);
  });
});

describe('waiting for quiet', () => {
  it('can include messages that are still to become visible', async () => {
    const { bodies, run } = recorder();
    const cloud = await startTestCloud({
      functions: { work: run },
      wiring: { queues: [{ name: 'jobs', visibilityTimeoutSeconds: 30 }], functions: [{ name: 'work', queue: 'jobs', batchSize: 1, maximumConcurrency: 1, timeoutSeconds: 10 }] },
    });
    await send(cloud, 'later', { DelaySeconds: 1 });
    await cloud.idle();
    expect(bodies).toEqual([]);
    await cloud.idle({ delayed: 'wait' });
    expect(bodies).toEqual(['later']);
  });
});

describe('a message that fails', () => {
  it('comes back after its visibility timeout, then goes to the dead-letter queue', async () => {
    const counts: (string | undefined)[] = [];
    const { cloud, clock } = await startWithFunction(async ({ Records }) => {
      counts.push(Records[0]?.attributes.ApproximateReceiveCount);
      throw new Error('no luck');
    });
    await send(cloud, '{"bad":true}');
    for (const wait of [29_999, 1, 30_000]) {
      await cloud.idle();
      clock.advance(wait);
    }
    await cloud.idle();
    expect(counts).toEqual(['1', '2']);
    expect(await deadLetters(cloud)).toEqual([{ bad: true }]);
    expect(cloud.log).toMatchObject([
      { level: 'error', from: 'function work', message: 'Error: no luck' },
      { level: 'error', from: 'function work' },
      { level: 'error', from: 'queue jobs', message: expect.stringContaining('went to dead') },
    ]);
  });

  it('is the only one of its batch that comes back when the function names it', async () => {
    const seen: string[] = [];
    const { cloud, clock } = await startWithFunction(
      async ({ Records }) => {
        seen.push(...Records.map(({ body }) => body));
        return { batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({ itemIdentifier: messageId })) };
      },
      { batchSize: 10 },
    );
    for (const body of ['good', 'bad', 'fine']) await send(cloud, body, { DelaySeconds: 1 });
    clock.advance(1000);
    await cloud.idle();
    clock.advance(30_000);
    await cloud.idle();
    expect(seen).toEqual(['good', 'bad', 'fine', 'bad']);
  });

  it('comes back when the function said it should, by changing the visibility while it ran', async () => {
    const times: number[] = [];
    let cloudUrl = '';
    const { cloud, clock } = await startWithFunction(async ({ Records }) => {
      times.push(clock.now() - START);
      const [record] = Records;
      if (times.length > 1 || record === undefined) return;
      await cloud.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: `${cloudUrl}/${ACCOUNT}/jobs`, ReceiptHandle: record.receiptHandle, VisibilityTimeout: 5 }));
      return { batchItemFailures: [{ itemIdentifier: record.messageId }] };
    });
    cloudUrl = cloud.url;
    await send(cloud, 'again');
    await cloud.idle();
    clock.advance(5000);
    await cloud.idle();
    expect(times).toEqual([0, 5000]);
  });

  it('counts as failed, too, when the function takes longer than it may or names an unknown message', async () => {
    let release = (): void => undefined;
    const { cloud, clock } = await startWithFunction(async ({ Records }) => {
      if (Records[0]?.body === 'unknown') return { batchItemFailures: [{ itemIdentifier: '' }] };
      await new Promise<void>((resolve) => (release = resolve));
    });
    await send(cloud, 'hangs');
    await expect.poll(async () => countOf(cloud, 'ApproximateNumberOfMessagesNotVisible')).toBe('1');
    clock.advance(10_000);
    await cloud.idle();
    expect(cloud.log.at(-1)).toMatchObject({ message: 'Error: Task timed out after 10.00 seconds' });
    await send(cloud, 'unknown');
    await cloud.idle();
    expect(cloud.log.at(-1)).toMatchObject({ message: expect.stringContaining('which is not a message of the batch') });
    release();
  });
});

async function countOf(cloud: TestCloud, name: 'ApproximateNumberOfMessagesNotVisible' | 'ApproximateNumberOfMessages'): Promise<string | undefined> {
  const { Attributes } = await cloud.sqs.send(new GetQueueAttributesCommand({ QueueUrl: `${cloud.url}/${ACCOUNT}/jobs`, AttributeNames: ['All'] }));
  return Attributes?.[name];
}

describe('wiring', () => {
  it('that contradicts itself is refused with everything that is wrong', async () => {
    const error = await rejection(
      startTestCloud({
        wiring: {
          queues: [{ name: 'q', visibilityTimeoutSeconds: 1, redrive: { deadLetterQueue: 'none', maxReceiveCount: 1 } }],
          rules: [{ name: 'r', bus: 'nowhere', pattern: { a: 'x' }, queue: 'p' }],
          functions: [{ name: 'f', queue: 'q', batchSize: 1, maximumConcurrency: 1, timeoutSeconds: 1 }],
        },
      }),
    );
    expect(error).toMatchObject({ code: 'InvalidWiring' });
    for (const part of ['redrives to none', 'targets queue p', 'bus nowhere', 'Event pattern is not valid at a', 'function f has no code']) expect(error.message).toContain(part);
  });
});
