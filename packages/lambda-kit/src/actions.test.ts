import { createServer } from 'node:http';
import { makeEvent } from '@dropforest/contracts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { settle, type Action, type ActionContext } from './actions.ts';
import type { Bucket } from './bucket.ts';
import { createClients } from './clients.ts';
import { FactsChanged, RetryLater } from './errors.ts';

/** Nobody answers there. */
const unused = createClients({ url: 'http://127.0.0.1:9', region: 'us-east-1' });

function contextWith(write: Bucket['write'], clients = unused): ActionContext {
  const never = (): never => {
    throw new Error('not expected here');
  };
  const bucket: Bucket = { name: 'b', write, readJson: never, readText: never, readBytes: never, readHead: never, head: never, list: never, copy: never, delete: never };
  return { clients, bucket, bus: 'dropforest' };
}

const claim: Action = { type: 'write-json', key: 'claim.json', value: { by: 'me' }, condition: { ifAbsent: true } };

describe('settle', () => {
  test('carries the actions out in order', async () => {
    const written: string[] = [];
    const context = contextWith(async (key) => void written.push(key));
    await settle(async () => 0, () => [{ type: 'write-json', key: 'a', value: 1 }, claim], context);
    expect(written).toEqual(['a', 'claim.json']);
  });

  test('reads the facts again and decides anew when a write meets a change', async () => {
    let claimedBy: string | undefined;
    const context = contextWith(async (key) => {
      claimedBy = 'somebody else';
      throw new FactsChanged(key);
    });
    const seen: (string | undefined)[] = [];
    await settle(
      async () => claimedBy,
      (facts) => {
        seen.push(facts);
        return facts === undefined ? [claim] : [];
      },
      context,
    );
    expect(seen).toEqual([undefined, 'somebody else']);
  });

  test('puts the event back when the facts never stand still', async () => {
    const context = contextWith(async (key) => {
      throw new FactsChanged(key);
    });
    await expect(settle(async () => 0, () => [claim], context)).rejects.toThrow(RetryLater);
  });

  test('starts over when a read finds a change, too', async () => {
    let reads = 0;
    await settle(
      async () => {
        if (++reads === 1) throw new FactsChanged('a.csv');
      },
      () => [],
      contextWith(async () => undefined),
    );
    expect(reads).toBe(2);
  });

  test('lets any other error through at once: nothing is known of its effect', async () => {
    const context = contextWith(async () => {
      throw new TypeError('broken');
    });
    await expect(settle(async () => 0, () => [claim], context)).rejects.toThrow('broken');
  });

  test('ends a decision to wait as an event that is put back for that long', async () => {
    await expect(settle(async () => 0, () => [{ type: 'wait', seconds: 7, why: 'quiet period' }], contextWith(async () => undefined))).rejects.toMatchObject({ code: 'retry-later', seconds: 7 });
  });
});

describe('events', () => {
  const waiting = (key: string) => makeEvent('PredictionWaiting', [key], 0, { dataset: 'd', key, etag: 'e', reason: 'r' });
  const emits = (count: number): Action[] => Array.from({ length: count }, (_, index) => ({ type: 'emit', event: waiting(`k${index}`) }));

  test('in a row go ten to a request, and nothing overtakes them', async () => {
    const bus = await startBus(() => undefined);
    const context = contextWith(async (key) => void bus.seen.push(key), bus.clients);
    await settle(async () => 0, () => [{ type: 'write-json', key: 'before', value: 1 }, ...emits(23), { type: 'write-json', key: 'after', value: 1 }, ...emits(1)], context);
    const keysOf = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `k${from + index}`).join();
    expect(bus.seen).toEqual(['before', keysOf(0, 10), keysOf(10, 20), keysOf(20, 23), 'after', 'k0']);
  });

  test.each([
    ['ThrottlingException', 'retry-later'],
    ['InternalFailure', 'retry-later'],
    ['NotAuthorizedForSourceException', 'missing'],
  ])('of which the bus refuses one with %s end as %s', async (ErrorCode, code) => {
    const bus = await startBus((index) => (index === 1 ? ErrorCode : undefined));
    await expect(settle(async () => 0, () => emits(3), contextWith(async () => undefined, bus.clients))).rejects.toMatchObject({ code, message: expect.stringContaining(`1 of 3 events: ${ErrorCode}`) });
  });
});

const PutEventsSchema = z.object({ Entries: z.array(z.object({ Detail: z.string().transform((text) => z.object({ key: z.string() }).parse(JSON.parse(text)).key) })) });

/** An event bus that remembers the keys of each request's events. @param refusal error code for an entry, by its place */
async function startBus(refusal: (index: number) => string | undefined) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const { Entries } = PutEventsSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
      seen.push(Entries.map(({ Detail }) => Detail).join());
      const answers = Entries.map((_, index) => ({ EventId: String(index), ErrorCode: refusal(index) }));
      response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify({ FailedEntryCount: answers.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries: answers }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const clients = createClients({ url: `http://127.0.0.1:${port}`, region: 'us-east-1' });
  onTestFinished(() => {
    clients.destroy();
    server.close();
  });
  return { seen, clients };
}
