import { gzipSync } from 'node:zlib';

import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateModelCommand, CreateTransformJobCommand, DescribeTransformJobCommand, ListTransformJobsCommand, StopTransformJobCommand } from '@aws-sdk/client-sagemaker';
import type { CreateTransformJobCommandInput, DescribeTransformJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { packTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { BUCKET, IMAGE, rejection, ROLE, startTestCloud } from './cloud.ts';
import type { TestCloud } from './cloud.ts';

type Changes = Partial<Omit<CreateTransformJobCommandInput, 'TransformInput' | 'TransformOutput'>> & {
  readonly input?: Partial<NonNullable<CreateTransformJobCommandInput['TransformInput']>>;
  readonly output?: Partial<NonNullable<CreateTransformJobCommandInput['TransformOutput']>>;
};

function job(TransformJobName: string, { input, output, ...changes }: Changes = {}): CreateTransformJobCommandInput {
  return {
    TransformJobName,
    ModelName: 'model',
    TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${BUCKET}/in/` } }, ContentType: 'text/csv', ...input },
    TransformOutput: { S3OutputPath: `s3://${BUCKET}/out`, Accept: 'text/csv', ...output },
    TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    ...changes,
  };
}

async function put(cloud: TestCloud, Key: string, Body: string | Uint8Array): Promise<void> {
  await cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ContentLength: Body.length }));
}

async function read(cloud: TestCloud, Key: string): Promise<string> {
  const { Body } = await cloud.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return (await Body?.transformToString()) ?? '';
}

async function outputs(cloud: TestCloud): Promise<readonly (string | undefined)[]> {
  const { Contents = [] } = await cloud.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'out/' }));
  return Contents.map(({ Key }) => Key);
}

async function startCloud(files: Readonly<Record<string, string>>, MODE = ''): Promise<TestCloud> {
  const cloud = await startTestCloud();
  for (const [key, text] of Object.entries(files)) await put(cloud, key, text);
  const archive = await packTar([{ header: { name: 'model.json', size: 2 }, body: '{}' }]);
  await put(cloud, 'model.tar.gz', gzipSync(archive));
  await cloud.sageMaker.send(
    new CreateModelCommand({ ModelName: 'model', ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, ModelDataUrl: `s3://${BUCKET}/model.tar.gz`, Environment: { MODE } } }),
  );
  return cloud;
}

async function run(cloud: TestCloud, input: CreateTransformJobCommandInput): Promise<DescribeTransformJobCommandOutput> {
  await cloud.sageMaker.send(new CreateTransformJobCommand(input));
  await cloud.idle();
  return cloud.sageMaker.send(new DescribeTransformJobCommand({ TransformJobName: input.TransformJobName }));
}

async function dataLog(cloud: TestCloud, name: string): Promise<string> {
  const { events = [] } = await cloud.logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/sagemaker/TransformJobs', logStreamNamePrefix: `${name}/i-local/data-log` }));
  return events.map(({ message = '' }) => message.replace(/^[^ ]*Z:\[sagemaker logs\]: /, '')).join('\n');
}

const EchoSchema = z.object({ headers: z.record(z.string(), z.string()), body: z.string(), environment: z.record(z.string(), z.string()) });

describe('a transform job', () => {
  it('sends each object whole and stores the answers below the output path, keeping sub-paths', async () => {
    const cloud = await startCloud({ 'in/a.csv': '1\n2\n', 'in/deep/b.csv': '3', 'in/empty.csv': '' });
    const described = await run(cloud, job('whole'));
    expect(described).toMatchObject({ TransformJobStatus: 'Completed', TransformStartTime: expect.any(Date), TransformEndTime: expect.any(Date) });
    expect(await outputs(cloud)).toEqual(['out/a.csv.out', 'out/deep/b.csv.out', 'out/empty.csv.out']);
    expect(await read(cloud, 'out/a.csv.out')).toBe('<1\n2\n>');
    expect(await read(cloud, 'out/deep/b.csv.out')).toBe('<3>');
    expect(await read(cloud, 'out/empty.csv.out')).toBe('<>');
  });

  it('tells its start and its end as events, with nulls for what is not known', async () => {
    const cloud = await startCloud({ 'in/a.csv': '1' });
    await run(cloud, job('events'));
    const events = await cloud.eventsOf('SageMaker Transform Job State Change');
    expect(events.map(({ detail }) => detail['TransformJobStatus'])).toEqual(['InProgress', 'Completed']);
    expect(events[0]?.detail).toMatchObject({ TransformJobName: 'events', ModelName: 'model', FailureReason: null, TransformEndTime: null, Tags: {} });
    expect(events[1]?.detail).toMatchObject({ TransformEndTime: expect.any(Number) });
  });

  it('hands the content type, the accepted type and the batch settings to the container', async () => {
    const cloud = await startCloud({ 'in/a.csv': 'x' }, 'echo');
    await run(cloud, job('echo', { MaxPayloadInMB: 5, MaxConcurrentTransforms: 2, BatchStrategy: 'MultiRecord', Environment: { DIALECT: ';' } }));
    const { headers, environment } = EchoSchema.parse(JSON.parse(await read(cloud, 'out/a.csv.out')));
    expect(headers).toMatchObject({ 'content-type': 'text/csv', accept: 'text/csv', 'content-length': '1' });
    expect(environment).toMatchObject({ SAGEMAKER_BATCH: 'true', SAGEMAKER_MAX_PAYLOAD_IN_MB: '5', SAGEMAKER_BATCH_STRATEGY: 'MULTI_RECORD', SAGEMAKER_MAX_CONCURRENT_TRANSFORMS: '2', MODE: 'echo', DIALECT: ';' });
  });

  it('reads the objects that a manifest lists', async () => {
    const cloud = await startCloud({ 'in/a.csv': '1', 'snapshots/x/a.csv': '2', 'manifest.json': JSON.stringify([{ prefix: `s3://${BUCKET}/snapshots/` }, 'x/a.csv']) });
    await run(cloud, job('manifest', { input: { DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: `s3://${BUCKET}/manifest.json` } } } }));
    expect(await outputs(cloud)).toEqual(['out/x/a.csv.out']);
  });

  it('splits by line into requests of at most MaxPayloadInMB and puts the answers together in order', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index},${'x'.repeat(90)}\n`).join('');
    const cloud = await startCloud({ 'in/big.csv': lines });
    await run(cloud, job('split', { MaxPayloadInMB: 1, MaxConcurrentTransforms: 4, input: { SplitType: 'Line' } }));
    const answer = await read(cloud, 'out/big.csv.out');
    expect(answer.match(/</g)).toHaveLength(3);
    expect(answer.replaceAll(/[<>]/g, '')).toBe(lines);
  });

  it('sends one record at a time when asked to, and adds a line break only where there is none', async () => {
    const cloud = await startCloud({ 'in/a.csv': '1\n2\n3' });
    await run(cloud, job('single', { BatchStrategy: 'SingleRecord', input: { SplitType: 'Line' }, output: { AssembleWith: 'Line' } }));
    expect(await read(cloud, 'out/a.csv.out')).toBe('<1\n>\n<2\n>\n<3>\n');
  });

  it('leaves the line breaks that answers already have as they are', async () => {
    const cloud = await startCloud({ 'in/a.csv': '1\n2\n3' }, 'plain');
    await run(cloud, job('plain', { BatchStrategy: 'SingleRecord', input: { SplitType: 'Line' }, output: { AssembleWith: 'Line' } }));
    expect(await read(cloud, 'out/a.csv.out')).toBe('1\n2\n3\n');
  });

  it('takes the settings that the container names where the request has none', async () => {
    const cloud = await startCloud({ 'in/a.csv': '1\n2\n' }, 'parameters');
    await run(cloud, job('said', { input: { SplitType: 'Line' } }));
    expect(await read(cloud, 'out/a.csv.out')).toBe('<1\n><2\n>');
    expect(await dataLog(cloud, 'said')).toBe('MaxConcurrentTransforms=2, MaxPayloadInMB=1, BatchStrategy=SINGLE_RECORD');
  });

  it('unpacks gzipped objects before it splits them', async () => {
    const cloud = await startCloud({});
    await put(cloud, 'in/a.csv.gz', gzipSync('1\n2\n'));
    await run(cloud, job('gzip', { input: { CompressionType: 'Gzip', SplitType: 'Line' } }));
    expect(await read(cloud, 'out/a.csv.gz.out')).toBe('<1\n2\n>');
  });

  it('tries a server error again', async () => {
    const cloud = await startCloud({ 'in/a.csv': 'flaky' });
    expect(await run(cloud, job('flaky'))).toMatchObject({ TransformJobStatus: 'Completed' });
  });
});

describe('a transform job that fails', () => {
  it('keeps the outputs of good objects and logs what the container said of the bad one', async () => {
    const cloud = await startCloud({ 'in/a.csv': 'good', 'in/b.csv': 'bad' });
    expect(await run(cloud, job('mixed'))).toMatchObject({ TransformJobStatus: 'Failed', FailureReason: 'ClientError: See job logs for more information' });
    expect(await outputs(cloud)).toEqual(['out/a.csv.out']);
    expect(await dataLog(cloud, 'mixed')).toContain(`${BUCKET}/in/b.csv: ClientError: 400\n${BUCKET}/in/b.csv: \n${BUCKET}/in/b.csv: Message:\n${BUCKET}/in/b.csv: bad record`);
  });

  it('stores nothing of an object of which one part failed', async () => {
    const cloud = await startCloud({ 'in/a.csv': 'good\nbad\ngood\n' });
    await run(cloud, job('part', { BatchStrategy: 'SingleRecord', input: { SplitType: 'Line' } }));
    expect(await outputs(cloud)).toEqual([]);
  });

  it('blames the container for server errors that stay and for a crash', async () => {
    const cloud = await startCloud({ 'in/a.csv': 'broken', 'crash/a.csv': 'crash' });
    expect(await run(cloud, job('broken'))).toMatchObject({ FailureReason: 'AlgorithmError: See job logs for more information' });
    expect(await dataLog(cloud, 'broken')).toContain('Bad HTTP status received from algorithm: 500');
    expect(await run(cloud, job('crash', { input: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${BUCKET}/crash/` } } } }))).toMatchObject({
      FailureReason: 'AlgorithmError: See job logs for more information',
    });
    expect(await dataLog(cloud, 'crash')).toContain('Unable to get response from algorithm');
  });

  it('refuses an object over MaxPayloadInMB when it may not split it', async () => {
    const cloud = await startCloud({ 'in/a.csv': 'x'.repeat(1024 * 1024 + 1) });
    expect(await run(cloud, job('large', { MaxPayloadInMB: 1 }))).toMatchObject({ FailureReason: 'ClientError: See job logs for more information' });
    expect(await dataLog(cloud, 'large')).toContain('more than MaxPayloadInMB=1 allows');
  });

  it('says that the container did not answer the ping when it ends early', async () => {
    const cloud = await startCloud({ 'in/a.csv': '1' }, 'exit');
    expect((await run(cloud, job('exit'))).FailureReason).toMatch(/^AlgorithmError: Model container failed to respond to ping/);
  });

  it('stores nothing when it is stopped', async () => {
    const cloud = await startCloud(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`in/${index}.csv`, `slow ${index}`])));
    await cloud.sageMaker.send(new CreateTransformJobCommand(job('stopped')));
    await expect.poll(() => outputs(cloud), { timeout: 20_000 }).not.toEqual([]);
    await cloud.sageMaker.send(new StopTransformJobCommand({ TransformJobName: 'stopped' }));
    await cloud.idle();
    expect(await cloud.sageMaker.send(new DescribeTransformJobCommand({ TransformJobName: 'stopped' }))).toMatchObject({ TransformJobStatus: 'Stopped' });
    expect(await outputs(cloud)).toEqual([]);
  });
});

describe('the API of transform jobs', () => {
  it('refuses what the service refuses, and what the local cloud does not do', async () => {
    const cloud = await startCloud({ 'in/a.csv': '1' });
    await run(cloud, job('once'));
    const refuse = (input: CreateTransformJobCommandInput) => rejection(cloud.sageMaker.send(new CreateTransformJobCommand(input)));
    expect(await refuse(job('once'))).toMatchObject({ name: 'ResourceInUse' });
    expect(await refuse(job('a', { ModelName: 'other' }))).toMatchObject({ name: 'ValidationException', message: expect.stringMatching(/^Could not find model ".*:model\/other"\.$/) });
    expect(await refuse(job('b', { input: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/none/' } } } }))).toMatchObject({ message: expect.stringContaining('No S3 objects found under S3 URL') });
    expect(await refuse(job('c', { DataProcessing: { JoinSource: 'Input' } }))).toMatchObject({ message: expect.stringContaining('does not implement DataProcessing') });
    expect(await refuse(job('d', { MaxConcurrentTransforms: 20, MaxPayloadInMB: 6 }))).toMatchObject({ message: expect.stringContaining('must not exceed 100 MB') });
    expect(await refuse(job('e', { BatchStrategy: 'SingleRecord' }))).toMatchObject({ message: expect.stringContaining('requires a SplitType') });
    expect(await rejection(cloud.sageMaker.send(new DescribeTransformJobCommand({ TransformJobName: 'none' })))).toMatchObject({ message: 'Could not find requested job with name: none' });
    const { TransformJobSummaries } = await cloud.sageMaker.send(new ListTransformJobsCommand({ NameContains: 'onc', StatusEquals: 'Completed' }));
    expect(TransformJobSummaries).toMatchObject([{ TransformJobName: 'once', TransformJobStatus: 'Completed' }]);
  });
});
