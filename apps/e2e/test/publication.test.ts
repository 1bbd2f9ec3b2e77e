/** publish-results on a local cloud without other functions: what becomes of the files of one job. */
import { CreateModelCommand, CreateTransformJobCommand, DescribeTransformJobCommand, StopTransformJobCommand } from '@aws-sdk/client-sagemaker';
import { createHash } from 'node:crypto';
import { keys, ReceiptSchema, type Claim, type TransformFile, type TransformSource } from '@dropforest/contracts';
import { createBucket, createClients, type Clients } from '@dropforest/lambda-kit';
import { startLocalCloud, type InProcessContainer, type LocalCloud } from '@dropforest/local-cloud';
import { publishResults } from '@dropforest/publish-results';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const [ACCOUNT, REGION, BUCKET, BUS] = ['111122223333', 'us-east-1', 'data', 'dropforest'];
const DATASET = 'sales';
const model = { name: 'model', version: 3, modelPackageArn: 'arn:p/3' };

/** Answers as many rows as the body has lines; a body that says so it refuses, another it never answers. */
const container: InProcessContainer = {
  train: async () => 1,
  serve: async (run) => async (body) => {
    const text = new TextDecoder().decode(body);
    if (text.includes('hang')) await new Promise(() => undefined);
    if (text.includes('refuse')) return { status: 400, body: `cannot read ${text.trim()}` };
    const rows = text.trimEnd().split('\n').length;
    run.log(JSON.stringify({ event: 'batch-request', sha256: createHash('sha256').update(body).digest('base64'), rows, predicted: rows, refused: 0 }));
    return { status: 200, body: text.toUpperCase() };
  },
};

let cloud: LocalCloud;
let clients: Clients;
beforeAll(async () => {
  const wiring = { account: ACCOUNT, region: REGION, buckets: [{ name: BUCKET, eventBridge: false }], buses: [BUS], queues: [], rules: [], functions: [], topics: [] };
  cloud = await startLocalCloud({ port: 0, storage: { kind: 'memory' }, functions: {}, containers: () => container, onLog: () => undefined, wiring });
  clients = createClients({ url: cloud.url, region: REGION });
  await clients.sagemaker.send(new CreateModelCommand({ ModelName: model.name, ExecutionRoleArn: `arn:aws:iam::${ACCOUNT}:role/jobs`, PrimaryContainer: { Image: 'image' } }));
});
afterAll(async () => {
  clients.destroy();
  await cloud.stop();
});

function bucket() {
  return createBucket(clients.s3, BUCKET);
}

let count = 0;
/** A job on files of these contents, by their names, each claimed by it. */
async function startJob(contents: Readonly<Record<string, string>>): Promise<TransformSource> {
  const job = `df-${DATASET}-${String((count += 1)).padStart(12, '0')}-1`;
  const files = await Promise.all(Object.entries(contents).map(([file, content]) => snapshot(`${count}/${file}`, content)));
  const source: TransformSource = { dataset: DATASET, job, model, files, at: '2026-03-04T12:00:00.000Z' };
  await write(keys.transformSource(job), source);
  for (const file of files) await write(keys.claim(DATASET, file.file, file.etag), claimOf(source, file));
  const folder = keys.snapshotFolder(DATASET);
  await write(keys.inputManifest(job), [{ prefix: `s3://${BUCKET}/${folder}` }, ...files.map((file) => file.snapshot.slice(folder.length))]);
  await clients.sagemaker.send(
    new CreateTransformJobCommand({
      TransformJobName: job,
      ModelName: model.name,
      TransformInput: { ContentType: 'text/csv', SplitType: 'None', DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: `s3://${BUCKET}/${keys.inputManifest(job)}` } } },
      TransformOutput: { S3OutputPath: `s3://${BUCKET}/jobs/${job}/output` },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    }),
  );
  return source;
}

async function snapshot(file: string, content: string): Promise<TransformFile> {
  const etag = createHash('md5').update(content).digest('hex');
  const key = keys.snapshot(DATASET, etag, file);
  await bucket().write(key, content, 'text/csv');
  const sha256 = createHash('sha256').update(content).digest('base64');
  return { key: keys.drop('predict', DATASET, file), etag, size: content.length, file, snapshot: key, sha256, attempt: 1, droppedAt: '2026-03-04T11:59:00.000Z' };
}

function claimOf({ dataset, job, at }: TransformSource, file: TransformFile): Claim {
  return { ...file, dataset, job, model, at };
}

function write(key: string, value: unknown): Promise<void> {
  return bucket().write(key, JSON.stringify(value), 'application/json');
}

function publish(TransformJobName: string, receiveCount = 1): Promise<void> {
  const quiet = () => undefined;
  const envelope = { id: 'e', account: ACCOUNT, region: REGION, time: '2026-03-04T12:00:00Z', source: 'aws.sagemaker', 'detail-type': 'SageMaker Transform Job State Change' } as const;
  return publishResults.handle(
    { ...envelope, detail: { TransformJobName, TransformJobStatus: 'Completed' } },
    { environment: {}, clients, bucket: bucket(), bus: BUS, log: { info: quiet, warn: quiet, error: quiet }, now: Date.now, receiveCount },
  );
}

const EventsSchema = z.object({ events: z.array(z.object({ event: z.object({ 'detail-type': z.string(), detail: z.looseObject({ id: z.string().optional(), job: z.string().optional(), key: z.string().optional(), reason: z.string().optional() }) }) })) });
/** What was told of a job's files, by their names, each once. */
async function toldOf({ job }: TransformSource): Promise<Readonly<Record<string, string>>> {
  const { events } = EventsSchema.parse(await (await fetch(`${cloud.url}/_local/events`)).json());
  const own = events.filter(({ event }) => event.detail.job === job);
  return Object.fromEntries(own.map(({ event }) => [event.detail.key?.split('/').at(-1) ?? '', `${event['detail-type']}${event.detail.reason === undefined ? '' : `: ${event.detail.reason}`}`]));
}

async function receiptOf({ file, etag }: TransformFile) {
  return (await bucket().readJson(keys.receipt(DATASET, file, etag), ReceiptSchema))?.value;
}

test('every file of a job gets its own rows and its own counts', async () => {
  const source = await startJob({ 'a.csv': 'x\n1\n', 'b.csv': 'y\n1\n2\n', 'same as a.csv': 'x\n1\n' });
  await cloud.idle();
  await publish(source.job);
  const receipts = await Promise.all(source.files.map(receiptOf));
  expect(receipts.map((receipt) => receipt?.rows)).toEqual([2, 3, 2]);
  expect(receipts[0]).toMatchObject({ job: source.job, model, droppedAt: '2026-03-04T11:59:00.000Z' });
  expect(await Promise.all(receipts.map((receipt) => bucket().readText(receipt?.predictions ?? '')))).toEqual(['X\n1\n', 'Y\n1\n2\n', 'X\n1\n']);
  expect(await toldOf(source)).toEqual({ 'a.csv': 'ResultsPublished', 'b.csv': 'ResultsPublished', 'same as a.csv': 'ResultsPublished' });
});

test('a job that failed for some files publishes the others, and says of each why it failed', async () => {
  const source = await startJob({ 'good.csv': 'x\n1\n', 'bad.csv': 'refuse this\n', 'worse.csv': 'refuse that\n' });
  await cloud.idle();
  expect(await clients.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: source.job }))).toMatchObject({ TransformJobStatus: 'Failed' });
  await publish(source.job);
  expect(await toldOf(source)).toEqual({ 'good.csv': 'ResultsPublished', 'bad.csv': 'PredictionFailed: cannot read refuse this', 'worse.csv': 'PredictionFailed: cannot read refuse that' });
  expect((await Promise.all(source.files.map(receiptOf))).map((receipt) => receipt?.rows)).toEqual([2, undefined, undefined]);
});

test('a job that was stopped has failed for every file', async () => {
  const source = await startJob({ 'a.csv': 'x\n1\n', 'b.csv': 'hang\n' });
  await clients.sagemaker.send(new StopTransformJobCommand({ TransformJobName: source.job }));
  await cloud.idle();
  await publish(source.job);
  expect(await toldOf(source)).toEqual({ 'a.csv': 'PredictionFailed: the job was stopped', 'b.csv': 'PredictionFailed: the job was stopped' });
});

test('a file whose claim names another job by now is left to it', async () => {
  const source = await startJob({ 'a.csv': 'x\n1\n', 'b.csv': 'y\n1\n' });
  await cloud.idle();
  const [a] = source.files;
  if (a !== undefined) await write(keys.claim(DATASET, a.file, a.etag), { ...claimOf(source, a), job: 'another' });
  await publish(source.job);
  expect(await toldOf(source)).toEqual({ 'b.csv': 'ResultsPublished' });
  expect((await Promise.all(source.files.map(receiptOf))).map((receipt) => receipt?.job)).toEqual([undefined, source.job]);
});

test('a job that is published again only tells of it again', async () => {
  const source = await startJob({ 'a.csv': 'x\n1\n' });
  await cloud.idle();
  await publish(source.job);
  const before = await bucket().list(`results/${DATASET}/${count}/`);
  await publish(source.job, 2);
  expect(await bucket().list(`results/${DATASET}/${count}/`)).toEqual(before);
});

test('a job that is none of ours is left alone', async () => {
  await expect(publish('df-sales-00000000ffff-1')).resolves.toBeUndefined();
  await expect(publish('somebody-elses')).resolves.toBeUndefined();
});
