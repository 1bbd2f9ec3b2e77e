/** The app `notify` behind its bus and queue on a local cloud with a set clock, and ways to kill it in the middle. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { EVENT_SOURCE, keys, type DatasetConfigInput, type DropforestEvent } from '@dropforest/contracts';
import { BUS, functions, LOCAL, localEnvironment, localWiring } from '@dropforest/infra';
import { createBucket, createClients, createHandler, type Bucket, type Clients, type Log, type SqsHandler } from '@dropforest/lambda-kit';
import { createSettableClock, startLocalCloud, type SettableClock } from '@dropforest/local-cloud';
import { createNotify, type NotifyOptions } from '@dropforest/notify';
import { z } from 'zod';

/** The n-th call of an invocation is its last: killed before the call, or after it and before its answer is seen. */
export interface Kill {
  readonly call: number;
  readonly when: 'before' | 'after';
}

export interface NotifyCloudOptions extends Partial<NotifyOptions> {
  /** How the invocations end, one after another; those beyond the list live. */
  readonly kills?: readonly (Kill | undefined)[];
  /** How calls of SNS end, one after another: refused for now, or done with the answer lost. */
  readonly sns?: readonly ('ok' | 'fail' | 'lost')[];
  /** In place of the clients that the app is given. */
  readonly clients?: (clients: Clients) => Clients;
}

export interface NotifyCloud {
  readonly url: string;
  /** Clients that are never killed. */
  readonly clients: Clients;
  readonly bucket: Bucket;
  readonly clock: SettableClock;
  /** Everything that was logged or thrown, with all that hangs on it. */
  readonly said: readonly string[];
  /** Writes a value where a reference (`ssm:…`, `secretsmanager:…`) names it. */
  secret(reference: string, value: string): Promise<void>;
  configure(dataset: string, config: DatasetConfigInput): Promise<void>;
  /** Puts an event on the bus. */
  tell(event: DropforestEvent): Promise<void>;
  /** Handles what is due; then goes on `rounds` times to where every message that was put back is due again. */
  work(rounds?: number): Promise<void>;
  /** Works until no event is left. */
  finish(): Promise<void>;
  /** Subjects and texts that were published to the topic. */
  mails(): Promise<readonly { readonly subject: string; readonly message: string }[]>;
  stop(): Promise<void>;
}

interface Life {
  readonly kill: Kill | undefined;
  calls: number;
  dead: boolean;
}

class Killed extends Error {
  override readonly name = 'Killed';
}

const QUEUE = 'dropforest-notify';
/** Longer than a message is ever put back for. */
const ROUND_MS = 4 * 3600 * 1000;
const MessagesSchema = z.object({ messages: z.array(z.object({ subject: z.string(), message: z.string() })) });

export async function startNotifyCloud({ kills = [], sns = [], clients: replace = (given) => given, ...options }: NotifyCloudOptions = {}): Promise<NotifyCloud> {
  const clock = createSettableClock(Date.UTC(2026, 2, 4));
  const said: string[] = [];
  const lives = new AsyncLocalStorage<Life>();
  const handler = Promise.withResolvers<SqsHandler>();
  let invocations = 0;
  const wiring = localWiring();
  const cloud = await startLocalCloud({
    port: 0,
    storage: { kind: 'memory' },
    clock,
    wiring: { ...wiring, rules: wiring.rules.filter(({ queue }) => queue === QUEUE), functions: wiring.functions.filter(({ name }) => name === 'notify') },
    functions: {
      notify: async (event, context) => {
        const run = await handler.promise;
        return lives.run({ kill: kills[invocations++], calls: 0, dead: false }, () => run(event, context));
      },
    },
    containers: () => undefined,
    onLog: (entry) => said.push(shown(entry)),
  });
  const clients = createClients({ url: cloud.url, region: LOCAL.region });
  const bucket = createBucket(clients.s3, LOCAL.bucket);
  handler.resolve(createNotifyHandler());

  function createNotifyHandler(): SqsHandler {
    const definition = functions.find(({ name }) => name === 'notify');
    if (definition === undefined) throw new RangeError('the definition has no function notify');
    const app = createNotify({ ...options, fetch: mortal(lives, options.fetch ?? fetch) });
    const spied = { ...app, handle: (...given: Parameters<typeof app.handle>) => app.handle(...given).catch((error: unknown) => Promise.reject(witnessed(error))) };
    const mortals = replace(mortalClients(cloud.url, lives, sns));
    return createHandler(spied, { environment: localEnvironment(definition, cloud.url), clients: mortals, log: logInto(said), now: () => clock.now() });
  }

  function witnessed(error: unknown): Error {
    said.push(shown(error));
    return error instanceof Error ? error : new Error(String(error));
  }

  async function isDone(): Promise<boolean> {
    const { Attributes } = await clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl: `${cloud.url}/${LOCAL.account}/${QUEUE}`, AttributeNames: ['All'] }));
    return [Attributes?.ApproximateNumberOfMessages, Attributes?.ApproximateNumberOfMessagesNotVisible].every((count) => count === '0');
  }

  async function work(rounds = 0): Promise<void> {
    await cloud.idle();
    for (let round = 0; round < rounds; round++) {
      clock.advance(ROUND_MS);
      await cloud.idle();
    }
  }

  return {
    url: cloud.url,
    clients,
    bucket,
    clock,
    said,
    work,
    async secret(reference, value) {
      const [store = '', name = ''] = reference.split(/:(.*)/s);
      if (store === 'ssm') await clients.ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: 'SecureString', Overwrite: true }));
      else await clients.secretsManager.send(new CreateSecretCommand({ Name: name, SecretString: value }));
    },
    configure: (dataset, config) => bucket.write(keys.datasetConfig(dataset), JSON.stringify(config), 'application/json'),
    async tell({ type, detail }) {
      await clients.eventBridge.send(new PutEventsCommand({ Entries: [{ Source: EVENT_SOURCE, DetailType: type, Detail: JSON.stringify(detail), EventBusName: BUS }] }));
    },
    async finish() {
      await work();
      while (!(await isDone())) await work(1);
    },
    async mails() {
      return MessagesSchema.parse(await (await fetch(`${cloud.url}/_local/messages`)).json()).messages;
    },
    async stop() {
      await cloud.stop();
      clients.destroy();
    },
  };
}

/** The app's clients: each call counts, and none goes through once its invocation is dead. */
function mortalClients(url: string, lives: AsyncLocalStorage<Life>, sns: NonNullable<NotifyCloudOptions['sns']>): Clients {
  const clients = createClients({ url, region: LOCAL.region });
  let published = 0;
  clients.sns.middlewareStack.add((next) => async (given) => {
    const end = sns[published++] ?? 'ok';
    if (end === 'fail') throw Object.assign(new Error('try again'), { name: 'InternalErrorException', $metadata: { httpStatusCode: 500 } });
    const answer = await next(given);
    if (end === 'lost') throw Object.assign(new Error('too late'), { name: 'TimeoutError' });
    return answer;
  }, { step: 'initialize', priority: 'low' });
  const first = { step: 'initialize', priority: 'high' } as const;
  clients.s3.middlewareStack.add((next) => mortal(lives, next), first);
  clients.sns.middlewareStack.add((next) => mortal(lives, next), first);
  clients.sqs.middlewareStack.add((next) => mortal(lives, next), first);
  clients.ssm.middlewareStack.add((next) => mortal(lives, next), first);
  clients.secretsManager.middlewareStack.add((next) => mortal(lives, next), first);
  return clients;
}

function mortal<A extends unknown[], R>(lives: AsyncLocalStorage<Life>, call: (...given: A) => Promise<R>): (...given: A) => Promise<R> {
  return async (...given) => {
    const life = lives.getStore();
    const isLast = life !== undefined && life.calls++ === life.kill?.call;
    if (life !== undefined && isLast && life.kill?.when === 'before') life.dead = true;
    if (life?.dead === true) throw new Killed();
    const answer = await call(...given);
    if (life !== undefined && isLast) life.dead = true;
    if (life?.dead === true) throw new Killed();
    return answer;
  };
}

function logInto(said: string[]): Log {
  const write = (message: string, extra: Readonly<Record<string, unknown>> = {}) => void said.push(shown([message, extra]));
  return { info: write, warn: write, error: write };
}

function shown(value: unknown): string {
  return inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
}
