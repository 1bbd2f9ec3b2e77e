import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { createActivity } from './activity.ts';
import { answerAdmin } from './admin.ts';
import { systemClock } from './clock.ts';
import type { CloudContext } from './cloud-context.ts';
import { createEventBus } from './events/event-bus.ts';
import type { EventBus } from './events/event-bus.ts';
import { createFunctionPoller } from './events/function-poller.ts';
import type { FunctionPoller } from './events/function-poller.ts';
import { EVENTS_PROTOCOL, eventsOperations } from './events/service.ts';
import { answerJson } from './http/json-protocol.ts';
import type { JsonOperations, JsonProtocol } from './http/json-protocol.ts';
import type { HttpReply, HttpRequest } from './http/message.ts';
import { answerQuery } from './http/query-protocol.ts';
import { routeOf } from './http/route.ts';
import type { JsonService } from './http/route.ts';
import { serve } from './http/server.ts';
import { createLogStore } from './logs/log-store.ts';
import type { LogStore } from './logs/log-store.ts';
import { LOGS_PROTOCOL, logsOperations } from './logs/service.ts';
import type { LocalCloudOptions } from './options.ts';
import { createMultipartStore } from './s3/multipart-store.ts';
import { createObjectStore } from './s3/object-store.ts';
import type { S3Context } from './s3/s3-context.ts';
import { answerS3 } from './s3/service.ts';
import { createSageMaker, SAGEMAKER_PROTOCOL } from './sagemaker/service.ts';
import type { SageMaker } from './sagemaker/service.ts';
import { createSecrets } from './secrets/secrets.ts';
import { SECRETS_PROTOCOL, secretsOperations } from './secrets/service.ts';
import { snsService } from './sns/service.ts';
import { createTopics } from './sns/topics.ts';
import type { Topics } from './sns/topics.ts';
import { createQueues } from './sqs/queues.ts';
import type { Queues } from './sqs/queues.ts';
import { SQS_PROTOCOL, sqsOperations } from './sqs/service.ts';
import { createParameters } from './ssm/parameters.ts';
import { SSM_PROTOCOL, ssmOperations } from './ssm/service.ts';
import { createDiskBlobs, createMemoryBlobs } from './store/blobs.ts';
import { openDatabase } from './store/database.ts';
import { sweepBlobs } from './store/sweep.ts';
import { stsService } from './sts/service.ts';
import { checkWiring } from './wiring.ts';

/** A running local cloud. */
export interface LocalCloud {
  /** `http://127.0.0.1:<port>`: the value for AWS_ENDPOINT_URL. */
  readonly url: string;
  readonly port: number;
  /**
   * Stops functions, jobs and the server, in this order. Jobs under way are ended and, with storage on disk, start
   * again from the beginning at the next start.
   */
  stop(): Promise<void>;
  /** Answers a request as the port does, for clients in this process that have no use for a connection. */
  answer(request: Pick<HttpRequest, 'method' | 'path' | 'query' | 'headers' | 'body'>): Promise<HttpReply>;
  /**
   * Resolves when no job or function runs and no function's queue holds a message that is due. Messages that become
   * visible only later do not count, as a settable clock would never get there by itself; `delayed: 'wait'` waits for
   * them as well.
   */
  idle(options?: { readonly delayed?: 'ignore' | 'wait' }): Promise<void>;
}

interface Services {
  readonly bus: EventBus;
  readonly queues: Queues;
  readonly topics: Topics;
  readonly logs: LogStore;
  readonly s3: S3Context;
  readonly sageMaker: SageMaker;
}

/**
 * Starts S3, SageMaker, EventBridge, SQS, SNS, SSM parameters, Secrets Manager, CloudWatch Logs and STS on one port of
 * 127.0.0.1, and the functions behind their queues.
 *
 * @throws LocalCloudError when the wiring contradicts itself, the port is taken or the directory is in use
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  checkWiring(options.wiring, options.functions);
  const context = await createContext(options);
  const services = createServices(context, options);
  prepare(context, services);
  await sweepBlobs(context);

  let url = '';
  const route = createRouter(context, services, () => url);
  const server = await listen(context, options.port, route);
  url = `http://127.0.0.1:${server.port}`;

  const pollers = createPollers(context, services, options);
  services.sageMaker.resume();
  // A function that was running when the cloud was killed has its messages no longer.
  for (const { queue } of options.wiring.functions) services.queues.release(queue);
  for (const poller of pollers) poller.start();
  return {
    url,
    port: server.port,
    stop: once(async () => {
      await Promise.all([...pollers.map((poller) => poller.stop()), services.sageMaker.stop()]);
      await server.close();
      context.database.close();
    }),
    answer: (request) => route({ ...request, id: context.newId(), sourceAddress: '127.0.0.1', gone: new AbortController().signal }),
    idle: (idleOptions = {}) => waitForIdle(context, services.queues, idleOptions.delayed ?? 'ignore'),
  };
}

async function createContext({ storage, wiring, clock = systemClock, newId = randomUUID, onLog }: LocalCloudOptions): Promise<CloudContext> {
  const disk = storage.kind === 'disk';
  if (disk) await mkdir(storage.directory, { recursive: true });
  return {
    wiring,
    clock,
    newId,
    database: openDatabase(disk ? join(storage.directory, 'cloud.sqlite') : ':memory:'),
    blobs: disk ? await createDiskBlobs(join(storage.directory, 'blobs')) : createMemoryBlobs(),
    activity: createActivity(),
    log: onLog ?? (() => undefined),
  };
}

function createServices(context: CloudContext, options: LocalCloudOptions): Services {
  const queues = createQueues(context);
  const bus = createEventBus(context, queues, options.deliveries);
  const logs = createLogStore(context);
  const store = createObjectStore(context, bus);
  const s3: S3Context = { cloud: context, store, uploads: createMultipartStore(context) };
  const jobsFolder = options.storage.kind === 'disk' ? join(options.storage.directory, 'jobs') : undefined;
  const { containers, containersAtOnce, quotas = {} } = options;
  const sageMaker = createSageMaker({ cloud: context, bus, logs, store, containers, quotas, jobsFolder }, containersAtOnce);
  return { bus, queues, topics: createTopics(context), logs, s3, sageMaker };
}

/** Brings what is stored in line with the wiring. */
function prepare({ database, wiring }: CloudContext, { s3, topics }: Services): void {
  database.transaction(() => {
    for (const { name, eventBridge } of wiring.buckets) {
      if (s3.store.buckets.find(name) === undefined) s3.store.buckets.create(name);
      s3.store.buckets.setEventBridge(name, eventBridge);
    }
    for (const name of wiring.topics) topics.create(name);
  });
}

type Router = (request: HttpRequest) => Promise<HttpReply>;

function createRouter(context: CloudContext, services: Services, url: () => string): Router {
  const { bus, queues, topics, logs, s3, sageMaker } = services;
  const json: Readonly<Record<JsonService, readonly [JsonProtocol, JsonOperations]>> = {
    sagemaker: [SAGEMAKER_PROTOCOL, sageMaker.operations],
    events: [EVENTS_PROTOCOL, eventsOperations(bus, context.wiring)],
    sqs: [SQS_PROTOCOL, sqsOperations(queues, context.wiring, context.clock, url)],
    logs: [LOGS_PROTOCOL, logsOperations(logs, context.wiring)],
    ssm: [SSM_PROTOCOL, ssmOperations(createParameters(context), context.wiring)],
    secretsmanager: [SECRETS_PROTOCOL, secretsOperations(createSecrets(context), context.clock, context.newId)],
  };
  const forms = [snsService(topics), stsService(context.wiring)];
  const onError = (from: string) => (error: unknown) => context.log({ level: 'error', from, message: error instanceof Error ? error.message : String(error), error });
  return async (request) => {
    const route = routeOf(request);
    switch (route.service) {
      case 's3':
        return answerS3(request, s3);
      case 'admin':
        return answerAdmin(request, { wiring: context.wiring, bus, topics, queues });
      case 'query':
        return answerQuery(forms, request, onError('query'));
      case 'unknown':
        return unknownService(request, route.asked);
      default: {
        const [protocol, operations] = json[route.service];
        return answerJson(protocol, operations, route.operation, request, onError(route.service));
      }
    }
  };
}

function unknownService(request: HttpRequest, asked: string): HttpReply {
  const Message = `The local cloud has no service for "${asked}"; it has S3, SageMaker, EventBridge, SQS, SNS, SSM, Secrets Manager, CloudWatch Logs and STS.`;
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': request.id },
    body: JSON.stringify({ __type: 'UnknownOperationException', Message, message: Message }),
  };
}

async function listen(context: CloudContext, port: number, route: Router): ReturnType<typeof serve> {
  const onError = (error: unknown): void => context.log({ level: 'error', from: 'http', message: error instanceof Error ? error.message : String(error), error });
  try {
    return await serve(port, route, context.newId, onError);
  } catch (error) {
    context.database.close();
    throw error;
  }
}

function createPollers(context: CloudContext, { queues, logs }: Services, { wiring, functions }: LocalCloudOptions): readonly FunctionPoller[] {
  return wiring.functions.flatMap((wired) => {
    const run = functions[wired.name];
    return run === undefined ? [] : [createFunctionPoller(context, { queues, logs }, wired, run)];
  });
}

async function waitForIdle({ activity, clock, wiring }: CloudContext, queues: Queues, delayed: 'ignore' | 'wait'): Promise<void> {
  for (;;) {
    await activity.quiet();
    if (delayed === 'ignore') return;
    const next = wiring.functions.map(({ queue }) => queues.nextVisible(queue)).filter((time) => time !== undefined);
    if (next.length === 0) return;
    await new Promise<void>((resolve) => clock.schedule(Math.min(...next) - clock.now() + 1, resolve));
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
