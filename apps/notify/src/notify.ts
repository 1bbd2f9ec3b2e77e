/**
 * Every event of the flow goes into the journal, and what a person wants to hear of through the channels of its data
 * set. A happening that is told twice is one entry and, in each channel, one message.
 */
import { randomUUID } from 'node:crypto';
import { DropforestEnvelopeSchema, keys, type DropforestEvent, type NotifyChannel } from '@dropforest/contracts';
import { FactsChanged, RetryLater, type App, type AppContext, type Bucket } from '@dropforest/lambda-kit';
import { z } from 'zod';
import type { Channel } from './channel.ts';
import { deliver, type Wait } from './deliver.ts';
import { emailChannel } from './email.ts';
import { messageFor } from './message.ts';
import { createPost, type PostOptions } from './post.ts';
import { createSecretStore, type Secrets } from './secrets.ts';
import { slackChannel } from './slack.ts';
import { channelsOf } from './subscriptions.ts';
import { teamsChannel } from './teams.ts';
import { webhookChannel } from './webhook.ts';

const EnvironmentSchema = z.object({
  /** The SNS topic that people subscribe to. */
  TOPIC_ARN: z.string().min(1),
  /** The address to which the key of an object is appended, encoded, to look at it. */
  LINKS: z.string().min(1),
});
type Environment = z.output<typeof EnvironmentSchema>;
type Context = AppContext<Environment>;

export interface NotifyOptions extends PostOptions {
  /** For how long a secret is not read again, in milliseconds. */
  readonly secretLifeMs: number;
  readonly newId: () => string;
}

const DEFAULTS: NotifyOptions = { fetch: (...request) => fetch(...request), timeoutMs: 20_000, secretLifeMs: 300_000, newId: randomUUID };
/** A receiver that is down is tried again after twice as long each time. */
const FIRST_WAIT_SECONDS = 5;
const LONGEST_WAIT_SECONDS = 900;

export function createNotify(options: Partial<NotifyOptions> = {}): App<DropforestEvent, Environment> {
  const all = { ...DEFAULTS, ...options };
  const secretsOf = createSecretStore(all.secretLifeMs);
  return {
    name: 'notify',
    event: DropforestEnvelopeSchema,
    environment: EnvironmentSchema,
    async handle(event, context) {
      const { bucket, environment, log, clients, now, receiveCount } = context;
      await record(event, bucket);
      const message = messageFor(event, environment.LINKS);
      if (message === undefined) return;
      const { dataset, id } = event.detail;
      const secrets = secretsOf(clients, now);
      const open = (config: NotifyChannel) => channelFor(config, context, secrets, all);
      const waits = await Promise.allSettled(
        (await channelsOf(dataset, bucket, log)).map(async (config, place) => {
          if (config.about === 'problems' && !message.problem) return undefined;
          return deliver({ event, message }, open(config), keys.delivery(dataset, id, `${place}-${config.channel}`), { bucket, log, now, newId: all.newId });
        }),
      );
      comeBack(waits, receiveCount);
    },
  };
}

export const notify = createNotify();

async function record(event: DropforestEvent, bucket: Bucket): Promise<void> {
  const { dataset, id } = event.detail;
  try {
    await bucket.write(keys.journalEntry(dataset, id), `${JSON.stringify(event, undefined, 2)}\n`, 'application/json', { ifAbsent: true });
  } catch (error) {
    if (!(error instanceof FactsChanged)) throw error;
  }
}

function channelFor(config: NotifyChannel, { clients, environment, now }: Context, secrets: Secrets, options: NotifyOptions): Channel {
  switch (config.channel) {
    case 'email':
      return emailChannel({ sns: clients.sns, topicArn: environment.TOPIC_ARN, timeoutMs: options.timeoutMs });
    case 'slack':
      return slackChannel(config.secret, secrets, createPost(options));
    case 'teams':
      return teamsChannel(config.secret, secrets, createPost(options));
    case 'webhook':
      return webhookChannel(config, secrets, createPost(options), now);
  }
}

/** @throws RetryLater, or what a channel threw, once every channel has had its turn */
function comeBack(results: readonly PromiseSettledResult<Wait | undefined>[], receiveCount: number): void {
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  const waits = results.flatMap((result) => (result.status === 'fulfilled' && result.value !== undefined ? [result.value] : []));
  if (waits.length === 0) return;
  const usual = Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** (receiveCount - 1));
  throw new RetryLater(Math.max(...waits.map(({ seconds }) => seconds ?? usual)), waits.map(({ reason }) => reason).join('; '));
}
