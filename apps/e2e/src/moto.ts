/**
 * The real apps on moto, wired from the same definition as AWS: bucket, queues, buses, rules and topic are made by SDK
 * calls, events reach the apps through moto's rules and queues, and AWS's own events are made by hand, each of them twice.
 *
 * moto records what it is asked for and runs nothing. Where it is not like AWS, this file makes up for it, not the apps:
 *
 * | moto 5.2                                                                     | AWS                                             | here                                |
 * | ---------------------------------------------------------------------------- | ----------------------------------------------- | ----------------------------------- |
 * | runs no container: a job is Completed as soon as it is created               | it runs for minutes and ends in any way         | `finishTraining`, `finishTransform` |
 * | tells nobody of jobs, packages and, as asked here, objects                   | an event for each change                        | `drop`, `tell`                      |
 * | leaves an event's `account` out                                              | it is there                                     | `asDelivered`                       |
 * | takes events of the source `aws.*` from anybody                              | refuses them                                    | used by `tell`                      |
 * | creates a job, model or package group of the same name again                 | ResourceInUse, ValidationException              | tests look at creation times        |
 * | heeds no ClientToken: the same CreateModelPackage is another version         | the same version                                | tests count versions                |
 * | UpdateModelPackage replaces CustomerMetadataProperties and ApprovalDescription | merges the former, keeps the latter           | whoever updates as a person gives both |
 * | replaces a training job's MetricDefinitions by its own                       | keeps them                                      | not looked at                       |
 * | forgets a model's EnableNetworkIsolation                                     | keeps it                                        | not looked at                       |
 * | heeds no CopySourceIfMatch                                                   | 412                                             | not tested here                     |
 * | heeds no logStreamNamePrefix                                                 | only those streams                              | a data set per test                 |
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateEventBusCommand, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { DescribeModelPackageCommand, DescribeTrainingJobCommand, DescribeTransformJobCommand } from '@aws-sdk/client-sagemaker';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand, type Message } from '@aws-sdk/client-sqs';
import { appOf } from '@dropforest/cli';
import { DropforestEnvelopeSchema, type DropforestEvent } from '@dropforest/contracts';
import { BUS, functions, LOCAL, localEnvironment, localWiring, type FunctionDefinition } from '@dropforest/infra';
import { createBucket, createClients, type Bucket, type Clients, type SqsHandler } from '@dropforest/lambda-kit';
import { z } from 'zod';
import { startMoto, type MotoProgram } from './moto-server.ts';

/** How often AWS tells of the same thing here. */
const COPIES = 2;
/** Queues that only listen: to our bus, and to the topic as a subscriber does. */
const BUS_LISTENER = 'bus-listener';
const SUBSCRIBER = 'subscriber';
const POLL_MS = 100;
const PATIENCE_MS = 60_000;

const NotificationSchema = z.object({ Subject: z.string(), Message: z.string(), MessageAttributes: z.record(z.string(), z.object({ Value: z.string() })).default({}) });
/** What a subscriber of the topic is told. */
export type Notification = z.output<typeof NotificationSchema>;

export interface MotoCloud {
  readonly clients: Clients;
  readonly bucket: Bucket;
  /** Puts a file into the bucket and tells of it. Returns its etag. */
  drop(key: string, body: string): Promise<string>;
  /** Tells of a training job that has ended, after leaving behind what it has made. */
  finishTraining(job: string, output: Readonly<Record<string, unknown>>): Promise<void>;
  /** Answers every file of the job as the container would, then tells of its end. */
  finishTransform(job: string, predict: (file: string) => Prediction): Promise<void>;
  /** Tells of a model package as it stands. */
  tellOfModelPackage(arn: string): Promise<void>;
  /** Lets the apps work until nothing is left in their queues. @throws what an app threw */
  settle(): Promise<void>;
  /** Our events since the last call, in the order of their telling. */
  events(): Promise<readonly DropforestEvent[]>;
  /** What the topic's subscriber was told since the last call. */
  notifications(): Promise<readonly Notification[]>;
  stop(): Promise<void>;
}

/** A file's answer, and what the container counts of it. */
export interface Prediction {
  readonly output: string;
  readonly rows: number;
  readonly predicted: number;
  readonly refused: number;
}

export async function startMotoCloud(program: MotoProgram): Promise<MotoCloud> {
  const server = await startMoto(program, LOCAL.account);
  const clients = createClients({ url: server.url, region: LOCAL.region });
  await createResources(clients);
  const bucket = createBucket(clients.s3, LOCAL.bucket);
  const problems: Error[] = [];
  const report = (message: string, extra?: Readonly<Record<string, unknown>>) => void problems.push(new Error(message, { cause: extra?.['error'] }));
  const log = { info: () => undefined, warn: report, error: report };
  const handlers = functions.map((definition) => ({ definition, handler: appOf(definition.name)({ environment: localEnvironment(definition, server.url), clients, log }) }));
  const tell = (source: string, detailType: string, resource: string, detail: object) => tellTwice(clients, { Source: source, DetailType: detailType, Resources: [resource], Detail: JSON.stringify(detail) });

  return {
    clients,
    bucket,
    async drop(key, body) {
      await bucket.write(key, body, 'text/csv');
      const { etag = '', size = 0 } = (await bucket.head(key)) ?? {};
      await tell('aws.s3', 'Object Created', `arn:aws:s3:::${LOCAL.bucket}`, { version: '0', bucket: { name: LOCAL.bucket }, object: { key, size, etag, sequencer: '1' }, reason: 'PutObject' });
      return etag;
    },
    async finishTraining(job, output) {
      const { ModelArtifacts, TrainingJobArn = '' } = await clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: job }));
      const artifact = keyOf(ModelArtifacts?.S3ModelArtifacts);
      await bucket.write(artifact, archiveOf({ 'forest.bin': 'a forest' }), 'application/gzip');
      await bucket.write(artifact.replace('model.tar.gz', 'output.tar.gz'), archiveOf(output), 'application/gzip');
      await tell('aws.sagemaker', 'SageMaker Training Job State Change', TrainingJobArn, { TrainingJobName: job, TrainingJobArn, TrainingJobStatus: 'Completed', SecondaryStatus: 'Completed', FailureReason: null });
    },
    async finishTransform(job, predict) {
      const { TransformJobArn = '' } = await answerFiles(job, predict, clients, bucket);
      await tell('aws.sagemaker', 'SageMaker Transform Job State Change', TransformJobArn, { TransformJobName: job, TransformJobArn, TransformJobStatus: 'Completed' });
    },
    async tellOfModelPackage(arn) {
      const { ModelPackageGroupName, ModelPackageVersion, ModelApprovalStatus } = await clients.sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
      await tell('aws.sagemaker', 'SageMaker Model Package State Change', arn, { ModelPackageGroupName, ModelPackageVersion, ModelPackageArn: arn, ModelApprovalStatus });
    },
    async settle() {
      const patience = AbortSignal.timeout(PATIENCE_MS);
      for (;;) {
        patience.throwIfAborted();
        const handled = await Promise.all(handlers.map(({ definition, handler }) => work(definition, handler, clients, server.url)));
        if (problems.length > 0) throw new AggregateError(problems.splice(0), 'apps failed');
        if (handled.some((count) => count > 0)) continue;
        if (!(await isBusy(clients, server.url))) return;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    async events() {
      return (await take(clients, queueUrl(server.url, BUS_LISTENER))).map(({ Body = '' }) => DropforestEnvelopeSchema.parse(JSON.parse(Body)));
    },
    async notifications() {
      return (await take(clients, queueUrl(server.url, SUBSCRIBER))).map(({ Body = '' }) => NotificationSchema.parse(JSON.parse(Body)));
    },
    async stop() {
      clients.destroy();
      await server.stop();
    },
  };
}

const queueArn = (name: string) => `arn:aws:sqs:${LOCAL.region}:${LOCAL.account}:${name}`;
const queueUrl = (url: string, name: string) => `${url}/${LOCAL.account}/${name}`;
const queueOf = ({ name }: FunctionDefinition) => localWiring().functions.find((wired) => wired.name === name)?.queue ?? '';
const keyOf = (uri = '') => uri.replace(`s3://${LOCAL.bucket}/`, '');

/** As CloudFormation would, in the order of their dependencies. */
async function createResources({ s3, sqs, eventBridge, sns }: Clients): Promise<void> {
  const { buckets, buses, topics, queues, rules } = localWiring();
  for (const { name } of buckets) await s3.send(new CreateBucketCommand({ Bucket: name }));
  for (const name of [BUS_LISTENER, SUBSCRIBER]) await sqs.send(new CreateQueueCommand({ QueueName: name }));
  for (const { name, visibilityTimeoutSeconds, redrive } of queues) {
    const RedrivePolicy = redrive === undefined ? undefined : JSON.stringify({ deadLetterTargetArn: queueArn(redrive.deadLetterQueue), maxReceiveCount: redrive.maxReceiveCount });
    await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: String(visibilityTimeoutSeconds), ...(RedrivePolicy === undefined ? {} : { RedrivePolicy }) } }));
  }
  for (const name of topics) {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn(SUBSCRIBER) }));
  }
  for (const name of buses) await eventBridge.send(new CreateEventBusCommand({ Name: name }));
  for (const { name, bus, pattern, queue } of [...rules, { name: 'listener', bus: BUS, pattern: { source: ['dropforest'] }, queue: BUS_LISTENER }]) {
    await eventBridge.send(new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern: JSON.stringify(pattern) }));
    await eventBridge.send(new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets: [{ Id: 'queue', Arn: queueArn(queue) }] }));
  }
}

async function tellTwice({ eventBridge }: Clients, entry: { Source: string; DetailType: string; Resources: string[]; Detail: string }): Promise<void> {
  await eventBridge.send(new PutEventsCommand({ Entries: Array.from({ length: COPIES }, () => entry) }));
}

/** The job's answers and logs, as SageMaker and the container leave them behind. */
async function answerFiles(job: string, predict: (file: string) => Prediction, { sagemaker, logs }: Clients, bucket: Bucket) {
  const described = await sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: job }));
  const manifest = z.tuple([z.object({ prefix: z.string() })], z.string());
  const [{ prefix } = { prefix: '' }, ...files] = (await bucket.readJson(keyOf(described.TransformInput?.DataSource?.S3DataSource?.S3Uri), manifest))?.value ?? [];
  const lines: string[] = [];
  for (const file of files) {
    const input = (await bucket.readText(`${keyOf(prefix)}${file}`)) ?? '';
    const { output, ...counts } = predict(input);
    await bucket.write(`${keyOf(described.TransformOutput?.S3OutputPath)}/${file}.out`, output, 'text/csv');
    lines.push(JSON.stringify({ event: 'batch-request', sha256: createHash('sha256').update(input).digest('base64'), ...counts }));
  }
  const stream = { logGroupName: '/aws/sagemaker/TransformJobs', logStreamName: `${job}/i-0123456789abcdef0` };
  await logs.send(new CreateLogGroupCommand(stream)).catch(() => undefined);
  await logs.send(new CreateLogStreamCommand(stream));
  await logs.send(new PutLogEventsCommand({ ...stream, logEvents: lines.map((message) => ({ message, timestamp: Date.now() })) }));
  return described;
}

function archiveOf(files: Readonly<Record<string, unknown>>): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'dropforest-moto-'));
  mkdirSync(join(folder, 'files'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, 'files', name), typeof content === 'string' ? content : JSON.stringify(content));
  execFileSync('tar', ['-czf', join(folder, 'archive.tar.gz'), '-C', join(folder, 'files'), '.']);
  const bytes = readFileSync(join(folder, 'archive.tar.gz'));
  rmSync(folder, { recursive: true });
  return bytes;
}

/** Whether a message is waiting, hidden or being handled in any app's queue. */
async function isBusy({ sqs }: Clients, url: string): Promise<boolean> {
  const counts = await Promise.all(
    functions.map(async (definition) => {
      const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl(url, queueOf(definition)), AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] }));
      return Object.values(Attributes).map(Number);
    }),
  );
  return counts.flat().some((count) => count > 0);
}

/** One invocation, as Lambda polls: what the function does not name as failed is deleted. Returns how many messages there were. */
async function work(definition: FunctionDefinition, handler: SqsHandler, { sqs }: Clients, url: string): Promise<number> {
  const QueueUrl = queueUrl(url, queueOf(definition));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: definition.batchSize, MessageSystemAttributeNames: ['All'] }));
  if (Messages.length === 0) return 0;
  const { batchItemFailures } = await handler({ Records: Messages.map((message) => recordOf(message, queueArn(queueOf(definition)))) }, contextOf(definition));
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { MessageId = '', ReceiptHandle } of Messages) if (!failed.has(MessageId)) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.length;
}

function recordOf({ MessageId = '', ReceiptHandle = '', Body = '', MD5OfBody = '', Attributes = {} }: Message, eventSourceARN: string) {
  const { ApproximateReceiveCount = '1', SentTimestamp = '', SenderId = '', ApproximateFirstReceiveTimestamp = '' } = Attributes;
  const attributes = { ApproximateReceiveCount, SentTimestamp, SenderId, ApproximateFirstReceiveTimestamp };
  return { messageId: MessageId, receiptHandle: ReceiptHandle, body: asDelivered(Body), md5OfBody: MD5OfBody, attributes, messageAttributes: {}, eventSource: 'aws:sqs', eventSourceARN, awsRegion: LOCAL.region };
}

/** The event with every member that EventBridge gives it. */
function asDelivered(body: string): string {
  return JSON.stringify({ account: LOCAL.account, ...z.looseObject({}).parse(JSON.parse(body)) });
}

function contextOf({ name, timeoutSeconds }: FunctionDefinition): Parameters<SqsHandler>[1] {
  const nothing = (): void => undefined;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${LOCAL.region}:${LOCAL.account}:function:${name}`,
    memoryLimitInMB: '512',
    awsRequestId: 'moto',
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'moto',
    getRemainingTimeInMillis: () => timeoutSeconds * 1000,
    done: nothing,
    fail: nothing,
    succeed: nothing,
  };
}

/** Takes everything out of a queue. */
async function take({ sqs }: Clients, QueueUrl: string): Promise<readonly Message[]> {
  const taken: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return taken;
    for (const message of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    taken.push(...Messages);
  }
}
