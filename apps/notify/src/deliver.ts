/**
 * Tells a happening through a channel, at most once. A record is written, only where there is none, right before the
 * sending, and settled right after: whoever finds a record knows that somebody has told it or is about to.
 */
import { FactsChanged, type Bucket, type Log, type Stored, type WriteCondition } from '@dropforest/lambda-kit';
import { z } from 'zod';
import type { Channel, Outcome, Telling } from './channel.ts';

/** `deliveries/<dataset>/<id>/<place>-<channel>.json`. */
export const DeliverySchema = z.discriminatedUnion('state', [
  /** Somebody is at it, or ended in the middle of it. */
  z.object({ state: z.literal('sending'), at: z.string(), by: z.string() }),
  /** `doubt` says why it is not certain that it arrived. */
  z.object({ state: z.literal('sent'), at: z.string(), doubt: z.string().optional() }),
  /** Given up. */
  z.object({ state: z.literal('refused'), at: z.string(), reason: z.string() }),
]);
export type Delivery = z.output<typeof DeliverySchema>;

/** Why the event has to come back. */
export interface Wait {
  readonly reason: string;
  /** `undefined`: as long as the one who waits sees fit. */
  readonly seconds?: number | undefined;
}

export interface DeliveryContext {
  readonly bucket: Bucket;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Tells one who sends from every other. */
  readonly newId: () => string;
}

/** Whoever has written `sending` is done by then, or has ended. Above every time limit of a sending. */
export const SENDING_MS = 60_000;

type Step = { readonly type: 'send' } | { readonly type: 'nothing' } | { readonly type: 'wait'; readonly wait: Wait };

/** What is left to do, by the record and the time. */
export function nextStep(delivery: Delivery | undefined, { repeatable }: Pick<Channel, 'repeatable'>, now: number): Step {
  if (delivery === undefined) return { type: 'send' };
  // Where a repetition would be a second message, somebody who ended in the middle counts as having sent.
  if (delivery.state !== 'sending' || !repeatable) return { type: 'nothing' };
  const leftMs = Date.parse(delivery.at) + SENDING_MS - now;
  return leftMs <= 0 ? { type: 'send' } : { type: 'wait', wait: { reason: 'somebody else is at it', seconds: Math.ceil(leftMs / 1000) } };
}

/**
 * @param key of the record
 * @returns why the event has to come back; `undefined` when there is nothing more to do
 */
export async function deliver(telling: Telling, channel: Channel, key: string, context: DeliveryContext): Promise<Wait | undefined> {
  const { bucket, now } = context;
  const record = await bucket.readJson(key, DeliverySchema);
  const step = nextStep(record?.value, channel, now());
  if (step.type !== 'send') return step.type === 'wait' ? step.wait : undefined;
  const send = await channel.open();
  if ('kind' in send && send.kind === 'failed') return waitAfter(send);
  if (!(await claim(key, record, context))) return { reason: 'somebody else was quicker', seconds: 1 };
  return settle('kind' in send ? send : await send(telling), channel, key, context);
}

/** Whether nobody else was quicker. A request that was repeated because its answer was lost meets its own record. */
async function claim(key: string, found: Stored<Delivery> | undefined, context: DeliveryContext): Promise<boolean> {
  const by = context.newId();
  try {
    await write(key, { state: 'sending', at: timeOf(context), by }, context, found === undefined ? { ifAbsent: true } : { ifMatch: found.etag });
    return true;
  } catch (error) {
    if (!(error instanceof FactsChanged)) throw error;
    const there = (await context.bucket.readJson(key, DeliverySchema))?.value;
    return there?.state === 'sending' && there.by === by;
  }
}

async function settle(outcome: Outcome, { repeatable }: Channel, key: string, context: DeliveryContext): Promise<Wait | undefined> {
  if (outcome.kind === 'failed' || (outcome.kind === 'uncertain' && repeatable)) {
    await context.bucket.delete(key);
    return waitAfter(outcome);
  }
  if (outcome.kind === 'refused') context.log.warn('a message was refused', { delivery: key, reason: outcome.reason });
  if (outcome.kind === 'uncertain') context.log.warn('a message may not have arrived', { delivery: key, reason: outcome.reason });
  await write(key, recordOf(outcome, timeOf(context)), context);
  return undefined;
}

function waitAfter(outcome: Extract<Outcome, { kind: 'failed' | 'uncertain' }>): Wait {
  return { reason: outcome.reason, seconds: outcome.kind === 'failed' ? outcome.afterSeconds : undefined };
}

function recordOf(outcome: Exclude<Outcome, { kind: 'failed' }>, at: string): Delivery {
  switch (outcome.kind) {
    case 'sent':
      return { state: 'sent', at };
    case 'uncertain':
      return { state: 'sent', at, doubt: outcome.reason };
    case 'refused':
      return { state: 'refused', at, reason: outcome.reason };
  }
}

async function write(key: string, delivery: Delivery, { bucket }: DeliveryContext, condition?: WriteCondition): Promise<void> {
  await bucket.write(key, `${JSON.stringify(delivery)}\n`, 'application/json', condition);
}

function timeOf({ now }: DeliveryContext): string {
  return new Date(now()).toISOString();
}
