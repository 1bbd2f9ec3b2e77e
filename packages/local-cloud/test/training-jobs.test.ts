import { gunzipSync } from 'node:zlib';

import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { AddTagsCommand, CreateTrainingJobCommand, DescribeTrainingJobCommand, ListTagsCommand, ListTrainingJobsCommand, StopTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import type { CreateTrainingJobCommandInput, DescribeTrainingJobCommandOutput, ListTrainingJobsCommandInput } from '@aws-sdk/client-sagemaker';
import { unpackTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { createSettableClock } from '../src/index.ts';
import { BUCKET, IMAGE, rejection, ROLE, startTestCloud } from './cloud.ts';
import type { TestCloud } from './cloud.ts';

const ModelSchema = z.object({
  files: z.array(z.string()),
  hyperparameters: z.record(z.string(), z.string()),
  environment: z.record(z.string(), z.string()),
  channels: z.record(z.string(), z.unknown()),
  resources: z.record(z.string(), z.unknown()),
});

function job(name: string, changes: Partial<CreateTrainingJobCommandInput> = {}): CreateTrainingJobCommandInput {
  return {
    TrainingJobName: name,
    RoleArn: ROLE,
    AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
    OutputDataConfig: { S3OutputPath: `s3://${BUCKET}/jobs` },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    ...changes,
  };
}

function channel(ChannelName: string, S3Uri: string, S3DataType: 'S3Prefix' | 'ManifestFile' = 'S3Prefix') {
  return { ChannelName, ContentType: 'text/csv', DataSource: { S3DataSource: { S3DataType, S3Uri, S3DataDistributionType: 'FullyReplicated' as const } } };
}

async function put(cloud: TestCloud, Key: string, Body: string): Promise<void> {
  await cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
}

async function run(cloud: TestCloud, input: CreateTrainingJobCommandInput): Promise<DescribeTrainingJobCommandOutput> {
  await cloud.sageMaker.send(new CreateTrainingJobCommand(input));
  await cloud.idle();
  return cloud.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: input.TrainingJobName }));
}

/** The files of a `.tar.gz` object, as text by name. */
async function archive(cloud: TestCloud, Key: string): Promise<Map<string, string>> {
  const { Body } = await cloud.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  const entries = await unpackTar(gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()));
  return new Map(entries.filter(({ header }) => header.type === 'file').map(({ header, data }) => [header.name, Buffer.from(data ?? []).toString()]));
}

async function trainedModel(cloud: TestCloud, name: string): Promise<z.infer<typeof ModelSchema>> {
  const text = (await archive(cloud, `jobs/${name}/output/model.tar.gz`)).get('model.json') ?? '';
  return ModelSchema.parse(JSON.parse(text));
}

describe('a training job', () => {
  it('sees its channels, hyperparameters and environment as on the platform, and leaves model and output archives', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'train/shop/a.csv', 'a');
    await put(cloud, 'train/shop/deep/b c+d.csv', 'b');
    await put(cloud, 'train/shop_old/no.csv', 'no');
    await put(cloud, 'snapshots/1/x.csv', 'x');
    await put(cloud, 'snapshots/2/x.csv', 'x');
    await put(cloud, 'manifest.json', JSON.stringify([{ prefix: `s3://${BUCKET}/snapshots/` }, '1/x.csv', '2/x.csv']));
    const described = await run(
      cloud,
      job('first', {
        HyperParameters: { mode: 'ok', nEstimators: '100' },
        Environment: { EXTRA: 'yes' },
        InputDataConfig: [channel('training', `s3://${BUCKET}/train/shop/`), channel('more', `s3://${BUCKET}/manifest.json`, 'ManifestFile')],
        AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+);' }] },
      }),
    );
    expect(described).toMatchObject({ TrainingJobStatus: 'Completed', SecondaryStatus: 'Completed', ModelArtifacts: { S3ModelArtifacts: `s3://${BUCKET}/jobs/first/output/model.tar.gz` } });
    expect(described.FinalMetricDataList).toMatchObject([{ MetricName: 'loss', Value: expect.closeTo(0.25) }]);
    expect(described.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual(['Starting', 'Downloading', 'Training', 'Uploading', 'Completed']);

    const model = await trainedModel(cloud, 'first');
    expect(model.files).toEqual(['more', 'more-manifest', 'more/1', 'more/1/x.csv', 'more/2', 'more/2/x.csv', 'training', 'training-manifest', 'training/a.csv', 'training/deep', 'training/deep/b c+d.csv']);
    expect(model.hyperparameters).toEqual({ mode: 'ok', nEstimators: '100' });
    expect(model.environment).toMatchObject({ EXTRA: 'yes', TRAINING_JOB_NAME: 'first', TRAINING_JOB_ARN: described.TrainingJobArn });
    expect(Object.keys(model.environment).filter((name) => name.startsWith('AWS_'))).toEqual([]);
    expect(model.channels).toMatchObject({ training: { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None', ContentType: 'text/csv' } });
    expect(model.resources).toMatchObject({ current_host: 'algo-1', hosts: ['algo-1'] });
    expect(await archive(cloud, 'jobs/first/output/output.tar.gz')).toEqual(new Map([['sub/report.txt', 'report']]));
  });

  it('tells every step as an event with times in milliseconds and tags as a map', async () => {
    const cloud = await startTestCloud();
    await run(cloud, job('steps', { Tags: [{ Key: 'project', Value: 'churn' }] }));
    const events = await cloud.eventsOf('SageMaker Training Job State Change');
    expect(events.map(({ detail }) => [detail['TrainingJobStatus'], detail['SecondaryStatus']])).toEqual([
      ['InProgress', 'Starting'],
      ['InProgress', 'Downloading'],
      ['InProgress', 'Training'],
      ['InProgress', 'Uploading'],
      ['Completed', 'Completed'],
    ]);
    expect(events[0]?.detail).toMatchObject({ TrainingStartTime: null, TrainingEndTime: null, FailureReason: null, ModelArtifacts: null, Tags: { project: 'churn' }, CreationTime: expect.any(Number) });
    expect(events.at(-1)?.detail).toMatchObject({ ModelArtifacts: { S3ModelArtifacts: `s3://${BUCKET}/jobs/steps/output/model.tar.gz` }, TrainingEndTime: expect.any(Number) });
    expect(Number(events[0]?.detail['CreationTime'])).toBeGreaterThan(1e12);
  });

  it('has its output in CloudWatch Logs, line by line, from both streams', async () => {
    const cloud = await startTestCloud();
    await run(cloud, job('logged'));
    const { events } = await cloud.logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/sagemaker/TrainingJobs', logStreamNamePrefix: 'logged/algo-1-', filterPattern: 'loss' }));
    expect(events?.map(({ message }) => message).toSorted()).toEqual(['epoch=1 loss=0.50;', 'epoch=2 loss=0.25;']);
  });

  it('fails with what the container wrote and its exit code, and keeps output/data', async () => {
    const cloud = await startTestCloud();
    const described = await run(cloud, job('failing', { HyperParameters: { mode: 'fail', reason: 'nEstimators is 0', code: '7' } }));
    expect(described).toMatchObject({ TrainingJobStatus: 'Failed', SecondaryStatus: 'Failed', FailureReason: 'AlgorithmError: nEstimators is 0, exit code: 7' });
    expect(described.ModelArtifacts).toBeUndefined();
    expect(await archive(cloud, 'jobs/failing/output/output.tar.gz')).toEqual(new Map([['partial.txt', 'partial']]));
  });

  it('cuts a reason to 1,024 characters and makes one up when there is none', async () => {
    const cloud = await startTestCloud();
    const long = await run(cloud, job('long', { HyperParameters: { mode: 'fail', reason: 'x'.repeat(2000) } }));
    expect(long.FailureReason).toHaveLength(1024);
    const silent = await run(cloud, job('silent', { HyperParameters: { mode: 'fail' } }));
    expect(silent.FailureReason).toBe('AlgorithmError: Exit Code: 1');
  });

  it('fails as the fault of the client when a channel has no data, a manifest no object or the image no program', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'manifest.json', JSON.stringify([{ prefix: `s3://${BUCKET}/` }, 'gone.csv']));
    const empty = await run(cloud, job('empty', { InputDataConfig: [channel('training', `s3://${BUCKET}/nothing/`)] }));
    expect(empty.FailureReason).toMatch(/^ClientError: No S3 objects found under S3 URL "s3:\/\/data\/nothing\/"/);
    const gone = await run(cloud, job('gone', { InputDataConfig: [channel('training', `s3://${BUCKET}/manifest.json`, 'ManifestFile')] }));
    expect(gone.FailureReason).toMatch(/^ClientError: The object s3:\/\/data\/gone.csv/);
    const image = await run(cloud, job('image', { AlgorithmSpecification: { TrainingImage: 'unknown', TrainingInputMode: 'File' } }));
    expect(image.FailureReason).toMatch(/^ClientError: CannotPullContainerError/);
  });

  it('does not follow keys out of its folder', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'manifest.json', JSON.stringify([{ prefix: `s3://${BUCKET}/` }, '../evil']));
    await put(cloud, '../evil', 'x');
    const described = await run(cloud, job('evil', { InputDataConfig: [channel('training', `s3://${BUCKET}/manifest.json`, 'ManifestFile')] }));
    expect(described.FailureReason).toMatch(/^ClientError: The key "\.\.\/evil" cannot become a path/);
  });
});

async function untilLogged(cloud: TestCloud, stream: string): Promise<void> {
  const lines = async (): Promise<number> => {
    const query = new FilterLogEventsCommand({ logGroupName: '/aws/sagemaker/TrainingJobs', logStreamNamePrefix: stream });
    // The group is not there before the first line.
    const { events = [] } = await cloud.logs.send(query).catch(() => ({ events: [] }));
    return events.length;
  };
  await expect.poll(lines, { timeout: 20_000 }).toBe(2);
}

describe('stopping', () => {
  it('ends the container and keeps the model that it left', async () => {
    const cloud = await startTestCloud();
    await cloud.sageMaker.send(new CreateTrainingJobCommand(job('stopped', { HyperParameters: { mode: 'wait' } })));
    await untilLogged(cloud, 'stopped/');
    await cloud.sageMaker.send(new StopTrainingJobCommand({ TrainingJobName: 'stopped' }));
    await cloud.idle();
    const described = await cloud.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'stopped' }));
    expect(described).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'Stopped' });
    const again = await rejection(cloud.sageMaker.send(new StopTrainingJobCommand({ TrainingJobName: 'stopped' })));
    expect(again).toMatchObject({ name: 'ValidationException', message: expect.stringContaining('status Stopped') });
  });

  it('counts a run that takes too long as Stopped, not as Failed', async () => {
    const clock = createSettableClock(Date.UTC(2026, 0, 1));
    const cloud = await startTestCloud({ clock });
    await cloud.sageMaker.send(new CreateTrainingJobCommand(job('slow', { HyperParameters: { mode: 'wait' }, StoppingCondition: { MaxRuntimeInSeconds: 60 } })));
    await untilLogged(cloud, 'slow/');
    clock.advance(60_000);
    await cloud.idle();
    const described = await cloud.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'slow' }));
    expect(described).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
  });

  it('lets at most two containers run at once and can stop a job that waits', async () => {
    const cloud = await startTestCloud();
    for (const name of ['one', 'two', 'three']) await cloud.sageMaker.send(new CreateTrainingJobCommand(job(name, { HyperParameters: { mode: 'wait' } })));
    await untilLogged(cloud, 'one/');
    await untilLogged(cloud, 'two/');
    const waiting = await cloud.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'three' }));
    expect(waiting).toMatchObject({ TrainingJobStatus: 'InProgress', SecondaryStatus: 'Starting' });
    for (const name of ['three', 'one', 'two']) await cloud.sageMaker.send(new StopTrainingJobCommand({ TrainingJobName: name }));
    await cloud.idle();
    const { TrainingJobSummaries } = await cloud.sageMaker.send(new ListTrainingJobsCommand({ StatusEquals: 'Stopped' }));
    expect(TrainingJobSummaries).toHaveLength(3);
    const { KeyCount } = await cloud.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'jobs/three/' }));
    expect(KeyCount).toBe(0);
  });
});

describe('the API of training jobs', () => {
  it('refuses a name that was used, with ResourceInUse', async () => {
    const cloud = await startTestCloud();
    await run(cloud, job('once'));
    const error = await rejection(cloud.sageMaker.send(new CreateTrainingJobCommand(job('once'))));
    expect(error).toMatchObject({ name: 'ResourceInUse', message: expect.stringMatching(/^Training job names must be unique .*training-job\/once\)$/) });
  });

  it('says what is wrong with a request in the words of the service', async () => {
    const cloud = await startTestCloud();
    const refuse = (input: CreateTrainingJobCommandInput) => rejection(cloud.sageMaker.send(new CreateTrainingJobCommand(input)));
    expect(await refuse(job('under_score'))).toMatchObject({
      name: 'ValidationException',
      message: "1 validation error detected: Value 'under_score' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
    });
    expect(await refuse(job('hosts', { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 1 } }))).toMatchObject({ message: expect.stringContaining('set ResourceConfig.InstanceCount to 1') });
    expect(await refuse(job('long', { HyperParameters: { a: 'x'.repeat(2501) } }))).toMatchObject({ message: expect.stringContaining('less than or equal to 2500') });
    expect(await refuse(job('lines', { HyperParameters: { a: 'x\ny' } }))).toMatchObject({ message: expect.stringContaining("'hyperParameters.a' failed to satisfy constraint: Member must satisfy regular expression pattern: .*") });
    expect(await refuse(job('algorithm', { AlgorithmSpecification: undefined }))).toMatchObject({ message: expect.stringContaining("'algorithmSpecification' failed to satisfy constraint: Member must not be null") });
    expect(await refuse(job('bucket', { OutputDataConfig: { S3OutputPath: 's3://nowhere/x' } }))).toMatchObject({ message: expect.stringContaining('nowhere') });
    const missing = await rejection(cloud.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'missing' })));
    expect(missing).toMatchObject({ name: 'ValidationException', message: 'Requested resource not found.' });
  });

  it('lists by name, status and time, page by page', async () => {
    const cloud = await startTestCloud();
    for (const name of ['alpha-1', 'alpha-2', 'beta-1', 'alpha-3']) await run(cloud, job(name));
    const list = async (input: ListTrainingJobsCommandInput) => {
      const { TrainingJobSummaries = [], NextToken } = await cloud.sageMaker.send(new ListTrainingJobsCommand(input));
      return { names: TrainingJobSummaries.map(({ TrainingJobName }) => TrainingJobName), NextToken };
    };
    const first = await list({ NameContains: 'Alpha', MaxResults: 2, SortBy: 'Name', SortOrder: 'Descending' });
    expect(first.names).toEqual(['alpha-3', 'alpha-2']);
    expect(await list({ NameContains: 'Alpha', MaxResults: 2, SortBy: 'Name', SortOrder: 'Descending', NextToken: first.NextToken })).toEqual({ names: ['alpha-1'], NextToken: undefined });
    expect((await list({ StatusEquals: 'Failed' })).names).toEqual([]);
    expect((await list({ CreationTimeAfter: new Date(Date.now() + 60_000) })).names).toEqual([]);
  });

  it('keeps tags', async () => {
    const cloud = await startTestCloud();
    const { TrainingJobArn } = await run(cloud, job('tagged', { Tags: [{ Key: 'a', Value: '1' }] }));
    await cloud.sageMaker.send(new AddTagsCommand({ ResourceArn: TrainingJobArn, Tags: [{ Key: 'b', Value: '2' }] }));
    const { Tags } = await cloud.sageMaker.send(new ListTagsCommand({ ResourceArn: TrainingJobArn }));
    expect(Tags).toEqual([{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }]);
  });
});
