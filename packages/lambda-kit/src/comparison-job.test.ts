import { DatasetConfigSchema, TrainingRequestSchema } from '@dropforest/contracts';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { describe, expect, test } from 'vitest';
import { findComparison, startComparison, type ComparisonJob } from './comparison-job.ts';
import { createClients } from './clients.ts';

const CHALLENGER = 'df-shop-aaaaaaaaaaaa-1';
const CHAMPION = 'df-shop-bbbbbbbbbbbb-1';
const job: ComparisonJob = {
  dataset: 'shop',
  challenger: CHALLENGER,
  champion: CHAMPION,
  attempt: 1,
  bucket: 'b',
  image: 'i:1',
  roleArn: 'arn:aws:iam::123456789012:role/jobs',
  config: DatasetConfigSchema.parse({ instance: { type: 'ml.c5.xlarge' }, hyperparameters: { nEstimators: 7 } }),
  lineage: { job: CHALLENGER, image: 'i:0', files: [{ key: 'train/shop/a.csv', etag: 'e1', snapshot: 'snapshots/shop/e1/a.csv' }] },
};

describe('a job that compares two models', () => {
  test('is told what the challenger was trained with, and that it trains nothing', () => {
    const [config, request] = startComparison(job);
    expect(config).toEqual({ type: 'write-json', key: expect.stringMatching(/^jobs\/df-shop-[0-9a-f]{12}-1\/config\/dataset\.json$/), value: job.config });
    expect(request).toEqual({ type: 'write-json', key: expect.stringMatching(/^jobs\/df-shop-[0-9a-f]{12}-1\/config\/job\.json$/), value: { dataset: 'shop', lineage: job.lineage, compare: { challenger: CHALLENGER } } });
    expect(request?.type === 'write-json' && TrainingRequestSchema.safeParse(request.value).success).toBe(true);
  });

  test("reads the challenger's files and both models", () => {
    const create = startComparison(job)[2];
    const input = create?.type === 'create-training-job' ? create.input : undefined;
    expect(input).toMatchObject({ RoleArn: job.roleArn, AlgorithmSpecification: { TrainingImage: 'i:1' }, ResourceConfig: { InstanceType: 'ml.c5.xlarge' }, OutputDataConfig: { S3OutputPath: 's3://b/jobs' } });
    expect(input?.HyperParameters).toMatchObject({ nEstimators: '7' });
    const channels = input?.InputDataConfig?.map(({ ChannelName, DataSource }) => [ChannelName, DataSource?.S3DataSource?.S3DataType, DataSource?.S3DataSource?.S3Uri]);
    expect(channels).toEqual([
      ['training', 'ManifestFile', `s3://b/manifests/${CHALLENGER}/input.manifest`],
      ['config', 'S3Prefix', `s3://b/jobs/${input?.TrainingJobName}/config/`],
      ['champion', 'S3Prefix', `s3://b/jobs/${CHAMPION}/output/model.tar.gz`],
      ['challenger', 'S3Prefix', `s3://b/jobs/${CHALLENGER}/output/model.tar.gz`],
    ]);
  });

  test('is called after the two and the attempt', () => {
    const nameOf = (changes: Partial<ComparisonJob>) => {
      const create = startComparison({ ...job, ...changes })[2];
      return create?.type === 'create-training-job' ? create.input.TrainingJobName : undefined;
    };
    const name = nameOf({}) ?? '';
    expect(nameOf({ image: 'i:2' })).toBe(name);
    expect(nameOf({ attempt: 2 })).toBe(name.replace(/-1$/, '-2'));
    expect(new Set([name, nameOf({ champion: 'df-shop-cccccccccccc-1' }), nameOf({ challenger: 'df-shop-cccccccccccc-1' })]).size).toBe(3);
  });
});

/** A client whose jobs are given by attempt, from 1. */
function clientOf(jobs: readonly object[]): SageMakerClient {
  const client = createClients({ url: 'http://127.0.0.1:9', region: 'us-east-1' }).sagemaker;
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        const attempt = Number(/-([0-9]+)$/.exec(JSON.stringify(input).replaceAll(/["}]/g, ''))?.[1]);
        const output = jobs[attempt - 1];
        if (output === undefined) throw Object.assign(new Error('Requested resource not found.'), { name: 'ValidationException' });
        return { output: { $metadata: {}, ...output }, response: {} };
      },
    { step: 'initialize', priority: 'low' },
  );
  return client;
}

describe('the comparison of two models', () => {
  const find = (...jobs: readonly object[]) => findComparison('shop', { challenger: CHALLENGER, champion: CHAMPION }, clientOf(jobs));

  test('was never made where there is no job of that name', async () => {
    expect(await find()).toBeUndefined();
  });

  test.each([
    [{ TrainingJobStatus: 'InProgress' }, 'Running'],
    [{ TrainingJobStatus: 'Stopping' }, 'Running'],
    [{ TrainingJobStatus: 'Completed' }, 'Completed'],
    [{ TrainingJobStatus: 'Failed' }, 'Failed'],
    [{ TrainingJobStatus: 'Stopped' }, 'Failed'],
  ])('with a job that is %j is %s', async (job, status) => {
    expect(await find(job)).toMatchObject({ status, attempt: 1, job: expect.stringMatching(/^df-shop-[0-9a-f]{12}-1$/) });
  });

  test('is the newest attempt', async () => {
    expect(await find({ TrainingJobStatus: 'Failed' }, { TrainingJobStatus: 'Completed' })).toMatchObject({ status: 'Completed', attempt: 2, job: expect.stringMatching(/-2$/) });
  });

  test('says why it failed, or how it was stopped', async () => {
    expect(await find({ TrainingJobStatus: 'Failed', FailureReason: 'AlgorithmError: no' })).toMatchObject({ reason: 'AlgorithmError: no' });
    expect(await find({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' })).toMatchObject({ reason: 'the comparison was stopped: MaxRuntimeExceeded' });
  });
});
