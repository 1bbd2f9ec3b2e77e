import { describe, expect, test } from 'vitest';
import { settle, type Action, type ActionContext } from './actions.ts';
import type { Bucket } from './bucket.ts';
import { createClients } from './clients.ts';
import { FactsChanged, RetryLater } from './errors.ts';

/** No test here sends a request. */
const clients = createClients({ url: 'http://127.0.0.1:9', region: 'us-east-1' });

function contextWith(write: Bucket['write']): ActionContext {
  const unused = (): never => {
    throw new Error('not expected here');
  };
  const bucket: Bucket = { name: 'b', write, readJson: unused, readText: unused, readBytes: unused, readHead: unused, head: unused, list: unused, copy: unused, delete: unused };
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
