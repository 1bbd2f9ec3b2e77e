/** The local cloud in memory with the real apps behind their real queues, on a bad day. */
import { join } from 'node:path';
import { execPath } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { appOf } from '@dropforest/cli';
import { functions, LOCAL, localEnvironment, localWiring } from '@dropforest/infra';
import { createBucket, type Bucket, type Clients, type Log } from '@dropforest/lambda-kit';
import { createSettableClock, startLocalCloud, systemClock, type Clock, type LambdaFunction, type LocalCloud, type LocalCloudOptions } from '@dropforest/local-cloud';
import { chance } from './chance.ts';
import { createContainer } from './container.ts';
import { createCalls, type Calls } from './faults.ts';
import { TEXTS, type History, type Texts } from './history.ts';

export interface World {
  readonly cloud: LocalCloud;
  /** Of people and other systems: their calls go through. */
  readonly clients: Clients;
  readonly bucket: Bucket;
  readonly texts: Texts;
  /** What apps logged as an error. */
  readonly errors: readonly AppError[];
  /** Milliseconds since 1970. */
  now(): number;
  /** Does something after so many more calls of apps. @returns ends the waiting: does it at once where they did not come */
  midway(work: () => Promise<void>, calls: number): () => Promise<void>;
  /** Lets everything happen that is due until then. */
  passTime(ms: number): Promise<void>;
  /** Lets the next thing happen that is due, whenever that is. */
  nextThing(): Promise<void>;
  /** Lets everything happen. @returns whether there is an end of it */
  rest(): Promise<boolean>;
  stop(): Promise<void>;
}

export interface AppError {
  readonly app: string;
  readonly error: unknown;
}

/** Nothing is asked for there: clients and cloud meet in this process. */
const URL = 'http://127.0.0.1';
const CONTAINER = join(import.meta.dirname, '..', '..', '..', '..', 'container', 'src', 'main.ts');
const START = Date.UTC(2026, 2, 4, 5, 6, 7);

/** Longer than any queue keeps trying. */
const LONGEST_REST_MS = 14 * 24 * 3600_000;

/** On a clock that stands still until it is moved, with stand-ins for the container's programs. */
export async function createWorld(history: History): Promise<World> {
  const clock = createSettableClock(START);
  const container = createContainer(history);
  const world = await createCommon(history, TEXTS, { clock, containers: (image) => (image === LOCAL.image ? container : undefined), containersAtOnce: Infinity });
  const { cloud } = world;
  const passUntil = async (until: number): Promise<void> => {
    await cloud.idle();
    for (let next = clock.next(); next !== undefined && next <= until; next = clock.next()) {
      clock.advance(next - clock.now());
      await cloud.idle();
    }
  };
  return {
    ...world,
    async passTime(ms) {
      const until = clock.now() + ms;
      await passUntil(until);
      clock.advance(until - clock.now());
    },
    nextThing: () => passUntil(clock.next() ?? clock.now()),
    async rest() {
      await passUntil(clock.now() + LONGEST_REST_MS);
      return clock.next() === undefined;
    },
  };
}

/** On the system's clock, with the container's own programs in processes of their own. */
export async function createRealWorld(history: History, texts: Texts): Promise<World> {
  const world = await createCommon(history, texts, { clock: systemClock, containers: (image) => (image === LOCAL.image ? { command: execPath, args: [CONTAINER] } : undefined) });
  const nothing = () => Promise.resolve();
  return {
    ...world,
    passTime: (ms) => wait(ms).then(nothing),
    nextThing: nothing,
    rest: () => world.cloud.idle({ delayed: 'wait' }).then(() => true),
  };
}

async function createCommon(history: History, texts: Texts, platform: Required<Pick<LocalCloudOptions, 'clock' | 'containers'>> & Pick<LocalCloudOptions, 'containersAtOnce'>): Promise<Omit<World, 'passTime' | 'nextThing' | 'rest'>> {
  const errors: AppError[] = [];
  const started = Promise.withResolvers<LocalCloud>();
  let waiting: { readonly work: () => Promise<void>; calls: number } | undefined;
  const take = async (): Promise<void> => {
    const work = waiting?.work;
    waiting = undefined;
    await work?.();
  };
  const calls = createCalls(started.promise, history.faults, async () => {
    if (waiting !== undefined && waiting.calls-- === 0) await take();
  });
  const clients = createClients(calls);
  const cloud = await startLocalCloud({
    ...platform,
    port: 0,
    storage: { kind: 'memory' },
    wiring: localWiring(),
    functions: functionsOf(history, clients, platform.clock, calls, errors),
    quotas: history.quotas,
    deliveries: deliveriesOf(history),
  });
  started.resolve(cloud);
  return {
    cloud,
    clients,
    bucket: createBucket(clients.s3, LOCAL.bucket),
    texts,
    errors,
    now: () => platform.clock.now(),
    midway(work, after) {
      waiting = { work, calls: after };
      return async () => {
        if (waiting?.work === work) await take();
      };
    },
    stop: () => cloud.stop(),
  };
}

/** One attempt a call: what the apps do about a refusal is what is looked at, and no real time may pass. */
function createClients({ requestHandler }: Calls): Clients {
  // Nobody checks signatures, and they take a tenth of the time.
  const unsigned = { sign: <T>(request: T) => Promise.resolve(request) };
  const config = { endpoint: URL, region: LOCAL.region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, signer: unsigned, maxAttempts: 1, requestHandler };
  const clients = {
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sagemaker: new SageMakerClient(config),
    eventBridge: new EventBridgeClient(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
    logs: new CloudWatchLogsClient(config),
    ssm: new SSMClient(config),
    secretsManager: new SecretsManagerClient(config),
  };
  return { ...clients, destroy: () => undefined };
}

function functionsOf({ places }: History, clients: Clients, clock: Clock, calls: Calls, errors: AppError[]): Readonly<Record<string, LambdaFunction>> {
  const entries = functions.map((definition): readonly [string, LambdaFunction] => {
    const { name } = definition;
    const environment = { ...localEnvironment(definition, URL), MAX_TRANSFORM_JOBS: String(places) };
    const nothing = (): void => undefined;
    const log: Log = { info: nothing, warn: nothing, error: (_message, extra) => errors.push({ app: name, error: extra?.['error'] }) };
    const handler = appOf(name)({ environment, clients, log, now: () => clock.now() });
    return [name, calls.invocable(name, handler)];
  });
  return Object.fromEntries(entries);
}

/** From one copy to many, each as late as chance has it. */
function deliveriesOf({ seed, copies, delaySeconds }: History): NonNullable<LocalCloudOptions['deliveries']> {
  let puts = 0;
  return (event, rule) => {
    const words = [seed, rule.name, puts++];
    const count = 1 + Math.floor(chance(...words, 'copies') * copies);
    return Array.from({ length: count }, (_, copy) => Math.floor(chance(...words, copy) * delaySeconds * 1000));
  };
}
