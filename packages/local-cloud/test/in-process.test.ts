import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateModelCommand,
  CreateTrainingJobCommand,
  CreateTransformJobCommand,
  DescribeTrainingJobCommand,
  DescribeTransformJobCommand,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import type { CreateTrainingJobCommandInput, CreateTransformJobCommandInput } from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from 'vitest';

import { createSettableClock } from '../src/index.ts';
import type { InProcessContainer, InProcessRun } from '../src/index.ts';
import { BUCKET, IMAGE, rejection, ROLE, startTestCloud } from './cloud.ts';
import type { TestCloud, TestOptions } from './cloud.ts';

const START = Date.UTC(2026, 2, 4);

/** Learns the text of its one file, and answers a request with it. */
const echo: InProcessContainer = {
  async train({ optMl, log }) {
    const text = await readFile(join(optMl, 'input/data/training/a.csv'), 'utf8');
    log(`learned ${text}`);
    await writeFile(join(optMl, 'model/model.txt'), text);
    return 0;
  },
  async serve({ optMl, environment, log }) {
    const text = await readFile(join(optMl, 'model/model.txt'), 'utf8');
    return async (body) => {
      log(`asked for ${Buffer.from(body).toString()}`);
      return String(body) === 'bad' ? { status: 400, body: 'bad record' } : { status: 200, body: `${text} ${Buffer.from(body).toString()} ${environment['SAGEMAKER_BATCH'] ?? ''}` };
    };
  },
};

async function startCloud(container: InProcessContainer, options: TestOptions = {}) {
  const clock = createSettableClock(START);
  const cloud = await startTestCloud({ clock, containers: (image) => (image === IMAGE ? container : undefined), ...options });
  await cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'train/a.csv', Body: 'one' }));
  return { cloud, clock };
}

function training(name: string, maximum = 3600): CreateTrainingJobCommandInput {
  return {
    TrainingJobName: name,
    RoleArn: ROLE,
    AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
    InputDataConfig: [{ ChannelName: 'training', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${BUCKET}/train/` } } }],
    OutputDataConfig: { S3OutputPath: `s3://${BUCKET}/jobs` },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
    StoppingCondition: { MaxRuntimeInSeconds: maximum },
  };
}

function transform(name: string): CreateTransformJobCommandInput {
  return {
    TransformJobName: name,
    ModelName: 'model',
    TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${BUCKET}/in/` } }, ContentType: 'text/csv' },
    TransformOutput: { S3OutputPath: `s3://${BUCKET}/out`, Accept: 'text/csv' },
    TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
  };
}

async function describeTraining(cloud: TestCloud, name: string) {
  return cloud.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
}

describe('a container in this process', () => {
  it('trains on the files of its channels, and its lines are in the log', async () => {
    const { cloud } = await startCloud(echo);
    await cloud.sageMaker.send(new CreateTrainingJobCommand(training('first')));
    await cloud.idle();
    expect(await describeTraining(cloud, 'first')).toMatchObject({ TrainingJobStatus: 'Completed', ModelArtifacts: { S3ModelArtifacts: `s3://${BUCKET}/jobs/first/output/model.tar.gz` } });
    const { events = [] } = await cloud.logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/sagemaker/TrainingJobs' }));
    expect(events.map(({ message }) => message)).toEqual(['learned one']);
  });

  it.each([
    ['by the code that it returns', async () => 7, 'AlgorithmError: Exit Code: 7'],
    ['by what it throws', async () => Promise.reject(new Error('no')), 'AlgorithmError: Exit Code: 1'],
    [
      'with the reason that it wrote',
      async ({ optMl }: InProcessRun) => {
        await writeFile(join(optMl, 'output/failure'), 'too few rows');
        return 2;
      },
      'AlgorithmError: too few rows, exit code: 2',
    ],
  ])('fails %s', async (_, train, FailureReason) => {
    const { cloud } = await startCloud({ ...echo, train });
    await cloud.sageMaker.send(new CreateTrainingJobCommand(training('failing')));
    await cloud.idle();
    expect(await describeTraining(cloud, 'failing')).toMatchObject({ TrainingJobStatus: 'Failed', FailureReason });
  });

  it('sleeps on the clock of the cloud, which is idle meanwhile', async () => {
    const { cloud, clock } = await startCloud({ ...echo, train: async ({ sleep }) => sleep(60_000).then(() => 0) });
    await cloud.sageMaker.send(new CreateTrainingJobCommand(training('sleeper')));
    await cloud.idle();
    expect(await describeTraining(cloud, 'sleeper')).toMatchObject({ TrainingJobStatus: 'InProgress' });
    expect(clock.next()).toBe(START + 60_000);
    clock.advance(60_000);
    await cloud.idle();
    expect(await describeTraining(cloud, 'sleeper')).toMatchObject({ TrainingJobStatus: 'Completed', TrainingEndTime: new Date(START + 60_000) });
  });

  it.each([
    ['asked to stop', (cloud: TestCloud) => cloud.sageMaker.send(new StopTrainingJobCommand({ TrainingJobName: 'sleeper' })), 'Stopped'],
    ['out of time', async () => undefined, 'MaxRuntimeExceeded'],
  ])('is woken when it is %s, and what it left is kept', async (_, stop, SecondaryStatus) => {
    const train = async ({ optMl, sleep, terminated }: InProcessRun): Promise<number> => {
      await sleep(3_600_000);
      await writeFile(join(optMl, 'model/partial.txt'), String(terminated.aborted));
      return 0;
    };
    const { cloud, clock } = await startCloud({ ...echo, train });
    await cloud.sageMaker.send(new CreateTrainingJobCommand(training('sleeper', 60)));
    await cloud.idle();
    await stop(cloud);
    if (SecondaryStatus === 'MaxRuntimeExceeded') clock.advance(60_000);
    await cloud.idle();
    expect(await describeTraining(cloud, 'sleeper')).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus, ModelArtifacts: { S3ModelArtifacts: expect.any(String) } });
  });

  async function startWithModel(container: InProcessContainer, files: Readonly<Record<string, string>>) {
    const { cloud } = await startCloud(container);
    await cloud.sageMaker.send(new CreateTrainingJobCommand(training('first')));
    await cloud.idle();
    const { ModelArtifacts } = await describeTraining(cloud, 'first');
    await cloud.sageMaker.send(new CreateModelCommand({ ModelName: 'model', ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, ModelDataUrl: ModelArtifacts?.S3ModelArtifacts } }));
    for (const [name, Body] of Object.entries(files)) await cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `in/${name}`, Body }));
    await cloud.sageMaker.send(new CreateTransformJobCommand(transform('batch')));
    await cloud.idle();
    return { cloud, job: await cloud.sageMaker.send(new DescribeTransformJobCommand({ TransformJobName: 'batch' })) };
  }

  it('answers a transform job without a port, one file well and another not', async () => {
    const { cloud, job } = await startWithModel(echo, { 'a.csv': 'fish', 'b.csv': 'bad' });
    expect(job).toMatchObject({ TransformJobStatus: 'Failed', FailureReason: 'ClientError: See job logs for more information' });
    const { Contents = [] } = await cloud.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'out/' }));
    expect(Contents.map(({ Key }) => Key)).toEqual(['out/a.csv.out']);
    const { Body } = await cloud.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'out/a.csv.out' }));
    expect(await Body?.transformToString()).toBe('one fish true');
  });

  it('that cannot load its model never answers a ping', async () => {
    const { job } = await startWithModel({ ...echo, serve: async () => Promise.reject(new Error('no memory')) }, { 'a.csv': 'fish' });
    expect(job).toMatchObject({ TransformJobStatus: 'Failed', FailureReason: expect.stringContaining('failed to respond to ping') });
  });
});

describe('a quota', () => {
  it('refuses one job more than may be in progress, in the words of the service, and takes it afterwards', async () => {
    const sleeper: InProcessContainer = { ...echo, train: async ({ sleep }) => sleep(60_000).then(() => 0) };
    const { cloud, clock } = await startCloud(sleeper, { quotas: { trainingJobs: 1 } });
    await cloud.sageMaker.send(new CreateTrainingJobCommand(training('first')));
    const refused = await rejection(cloud.sageMaker.send(new CreateTrainingJobCommand(training('second'))));
    expect(refused.name).toBe('ResourceLimitExceeded');
    expect(refused.message).toMatch(/^The account-level service limit 'ml.m5.large for training job usage' is 1 Instances, with current utilization of 1 Instances and a request delta of 1 Instances\./);
    await cloud.idle();
    clock.advance(60_000);
    await cloud.idle();
    await cloud.sageMaker.send(new CreateTrainingJobCommand(training('second')));
  });
});

describe('deliveries', () => {
  it('come as often and as late as the options say', async () => {
    const received: string[] = [];
    const { cloud, clock } = await startCloud(echo, {
      deliveries: (event, rule) => (JSON.stringify(event).includes('twice') && rule.name === 'dropped' ? [5_000, 0] : []),
      functions: { work: async ({ Records }) => void received.push(...Records.map(({ messageId }) => messageId)) },
      wiring: {
        queues: [{ name: 'jobs', visibilityTimeoutSeconds: 30 }],
        rules: [{ name: 'dropped', bus: 'default', pattern: { source: ['aws.s3'] }, queue: 'jobs' }],
        functions: [{ name: 'work', queue: 'jobs', batchSize: 1, maximumConcurrency: 1, timeoutSeconds: 10 }],
      },
    });
    for (const Key of ['twice.csv', 'never.csv']) await cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }));
    await cloud.idle();
    expect(received).toHaveLength(1);
    clock.advance(5_000);
    await cloud.idle();
    expect(new Set(received).size).toBe(2);
  });
});

it('a request is answered in this process as on the port', async () => {
  const { cloud } = await startCloud(echo);
  const { status, headers, body } = await cloud.answer({ method: 'GET', path: `/${BUCKET}/train/a.csv`, query: new URLSearchParams(), headers: {}, body: Readable.from([]) });
  expect(status).toBe(200);
  expect(headers).toMatchObject({ etag: expect.any(String) });
  const chunks = body instanceof Readable ? await body.toArray() : [];
  expect(Buffer.concat(chunks.filter((chunk) => chunk instanceof Uint8Array)).toString()).toBe('one');
});
