import { randomUUID } from 'node:crypto';
import { DescribeModelCommand, DescribeModelPackageCommand, DescribeTrainingJobCommand, DescribeTransformJobCommand, ListTagsCommand, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { ChampionSchema, keys, modelPackageGroup, ReceiptSchema, TrainingRequestSchema, type DropforestEvent } from '@dropforest/contracts';
import { LOCAL } from '@dropforest/infra';
import { FactsChanged } from '@dropforest/lambda-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findMoto } from '../src/moto-server.ts';
import { startMotoCloud, type MotoCloud, type Prediction } from '../src/moto.ts';

const program = await findMoto();
if ('missing' in program) process.stdout.write(`skipped: ${program.missing}\n`);

/** moto answers each request in some milliseconds of Python, and a story is hundreds of requests. */
const TIMEOUT_MS = 120_000;

describe.skipIf('missing' in program)("on moto, a third party's AWS, the apps", { timeout: TIMEOUT_MS }, () => {
  let cloud: MotoCloud;
  beforeAll(async () => {
    if (!('missing' in program)) cloud = await startMotoCloud(program);
  });
  afterAll(async () => {
    await cloud.stop();
  });

  /** A data set of its own, so that no test sees another's. */
  async function newDataset(more: object = {}): Promise<string> {
    const dataset = `m${randomUUID().slice(0, 8)}`;
    const settings = { target: 'y', quietSeconds: 0, predictQuietSeconds: 0, hyperparameters: { nEstimators: 20 }, ...more };
    await cloud.bucket.write(keys.datasetConfig(dataset), JSON.stringify(settings), 'application/json');
    return dataset;
  }

  /** Drops a training file and returns the name of its job. */
  async function startedBy(dataset: string, file: string, body: string): Promise<string> {
    await cloud.drop(keys.drop('train', dataset, file), body);
    await cloud.settle();
    const [started] = (await cloud.events()).filter((event) => event.type === 'TrainingStarted');
    return started?.detail.job ?? '';
  }

  /** What the container leaves behind: figures as given, everything else as the job was asked for. */
  async function outputOf(dataset: string, job: string, rmse: number, comparison?: object): Promise<Record<string, unknown>> {
    const request = await cloud.bucket.readJson(`${keys.jobConfigFolder(job)}job.json`, TrainingRequestSchema);
    const figures = (value: number) => ({ rmse: value, mae: value, r2: 0.5, rows: 100 });
    const metrics = { task: 'regression', holdout: figures(rmse), baseline: figures(20) };
    const manifest = {
      ...{ formatVersion: 1, dataset, task: 'regression', target: 'y', algorithm: 'forest', hyperparameters: { nEstimators: 20 }, preprocessing: {}, metrics },
      schema: { columns: [{ name: 'a', kind: 'numeric', required: true }], header: true, fileColumns: ['a', 'y'] },
      rows: { read: 1000, trained: 900, heldOut: 100, leftOut: 0 },
      lineage: request?.value.lineage,
    };
    return { 'manifest.json': manifest, 'metrics.json': metrics, 'report.html': '<p>', ...(comparison === undefined ? {} : { 'comparison.json': comparison }) };
  }

  /** Registers, and where the gate approves promotes, the model of a job. Returns the ARN of its package. */
  async function registered(dataset: string, job: string, output: Record<string, unknown>): Promise<{ readonly arn: string; readonly events: readonly DropforestEvent[] }> {
    await cloud.finishTraining(job, output);
    await cloud.settle();
    const events = [...(await cloud.events())];
    const arn = events.flatMap((event) => (event.type === 'ModelRegistered' ? [event.detail.modelPackageArn] : []))[0] ?? '';
    await cloud.tellOfModelPackage(arn);
    await cloud.settle();
    return { arn, events: [...events, ...(await cloud.events())] };
  }

  async function promoted(more: object = {}): Promise<{ readonly dataset: string; readonly job: string; readonly arn: string }> {
    const dataset = await newDataset(more);
    const job = await startedBy(dataset, 'a.csv', 'a,y\n1,2\n');
    const { arn } = await registered(dataset, job, await outputOf(dataset, job, 10));
    return { dataset, job, arn };
  }

  const champion = async (dataset: string) => (await cloud.bucket.readJson(keys.champion(dataset), ChampionSchema))?.value;
  const join = (input: string): Prediction => {
    const [header = '', ...rows] = input.trimEnd().split('\n');
    return { output: [`${header},prediction`, ...rows.map((row) => `${row},1`), ''].join('\n'), rows: rows.length, predicted: rows.length, refused: 0 };
  };

  test('make a training job of a dropped file that reads back as it was meant', async () => {
    const dataset = await newDataset();
    const job = await startedBy(dataset, 'a.csv', 'a,y\n1,2\n');
    const at = (key: string) => `s3://${LOCAL.bucket}/${key}`;
    const described = await cloud.clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: job }));
    expect(described).toMatchObject({
      RoleArn: `arn:aws:iam::${LOCAL.account}:role/dropforest-jobs`,
      AlgorithmSpecification: { TrainingImage: LOCAL.image, TrainingInputMode: 'File' },
      HyperParameters: { algorithm: 'forest', nEstimators: '20' },
      OutputDataConfig: { S3OutputPath: at('jobs') },
      EnableNetworkIsolation: true,
      StoppingCondition: { MaxRuntimeInSeconds: expect.any(Number) },
    });
    const sources = described.InputDataConfig?.map(({ ChannelName, DataSource }) => [ChannelName, DataSource?.S3DataSource?.S3DataType, DataSource?.S3DataSource?.S3Uri]);
    expect(sources).toEqual([
      ['training', 'ManifestFile', at(keys.inputManifest(job))],
      ['config', 'S3Prefix', at(keys.jobConfigFolder(job))],
    ]);
    expect((await cloud.clients.sagemaker.send(new ListTagsCommand({ ResourceArn: described.TrainingJobArn }))).Tags).toContainEqual({ Key: 'dropforest:dataset', Value: dataset });
  });

  test('register its model with figures, lineage and decision, and promote it once', async () => {
    const { dataset, job, arn } = await promoted();
    expect(await cloud.clients.sagemaker.send(new DescribeModelCommand({ ModelName: job }))).toMatchObject({ PrimaryContainer: { Image: LOCAL.image, ModelDataUrl: `s3://${LOCAL.bucket}/${keys.modelArtifact(job)}` } });
    expect(await cloud.clients.sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn }))).toMatchObject({
      ModelPackageGroupName: modelPackageGroup(dataset),
      ModelPackageVersion: 1,
      ModelApprovalStatus: 'Approved',
      ApprovalDescription: expect.stringMatching(/RMSE 10 .*approved/),
      CustomerMetadataProperties: { dataset, trainingJob: job },
      InferenceSpecification: { Containers: [{ Image: LOCAL.image, ModelDataUrl: `s3://${LOCAL.bucket}/${keys.modelArtifact(job)}` }] },
    });
    expect(await champion(dataset)).toMatchObject({ job, modelPackageArn: arn, version: 1 });
  });

  test('make a transform job of dropped files, publish its answers with a receipt, and tell subscribers', async () => {
    const { dataset, job: model } = await promoted();
    await cloud.notifications();
    const etag = await cloud.drop(keys.drop('predict', dataset, 'new rows.csv'), 'a\n1\n2\n');
    await cloud.settle();
    const [started] = (await cloud.events()).filter((event) => event.type === 'PredictionStarted');
    const job = started?.detail.job ?? '';
    expect(await cloud.clients.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: job }))).toMatchObject({
      ModelName: model,
      TransformInput: { ContentType: 'text/csv', SplitType: 'None', DataSource: { S3DataSource: { S3DataType: 'ManifestFile' } } },
      TransformOutput: { Accept: 'text/csv', AssembleWith: 'None' },
    });
    await cloud.finishTransform(job, join);
    await cloud.settle();
    const receipt = (await cloud.bucket.readJson(keys.receipt(dataset, 'new rows.csv', etag), ReceiptSchema))?.value;
    expect(receipt).toMatchObject({ job, rows: 2, predicted: 2, refused: 0, model: { name: model, version: 1 } });
    expect(await cloud.bucket.readText(receipt?.predictions ?? '')).toBe('a,prediction\n1,1\n2,1\n');
    const told = (await cloud.notifications()).filter(({ Subject }) => Subject.startsWith(`${dataset}: predictions for`));
    expect(told).toMatchObject([{ Message: expect.stringMatching(/^2 rows .*model version 1/), MessageAttributes: { dataset: { Value: dataset }, event: { Value: 'ResultsPublished' } } }]);
  });

  test('promote a challenger that is better for certain, and tell of it when a person rejects it afterwards', async () => {
    const { dataset, job: first } = await promoted();
    const second = await startedBy(dataset, 'b.csv', 'a,y\n3,4\n');
    const channels = (await cloud.clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: second }))).InputDataConfig ?? [];
    expect(channels.find(({ ChannelName }) => ChannelName === 'champion')?.DataSource?.S3DataSource?.S3Uri).toBe(`s3://${LOCAL.bucket}/${keys.modelArtifact(first)}`);
    const comparison = { comparable: true, challenger: second, champion: first, figure: 'RMSE', rows: 100, challengerValue: 8, championValue: 10, difference: 2, interval: [1, 3], level: 0.95 };
    const { arn } = await registered(dataset, second, await outputOf(dataset, second, 8, comparison));
    expect(await champion(dataset)).toMatchObject({ job: second, version: 2, previousVersion: 1 });

    const { CustomerMetadataProperties } = await cloud.clients.sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
    await cloud.clients.sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn: arn, ModelApprovalStatus: 'Rejected', ApprovalDescription: 'rolled back by a person', CustomerMetadataProperties }));
    await cloud.tellOfModelPackage(arn);
    await cloud.settle();
    const rejected = (await cloud.events()).filter((event) => event.type === 'ModelRejected');
    expect(new Set(rejected.map(({ detail }) => detail.id)).size).toBe(1);
    expect(rejected[0]?.detail).toMatchObject({ job: second, modelVersion: 2, explanation: 'rolled back by a person' });
  });

  test('tell people of each happening once, however often AWS tells of it', async () => {
    const dataset = await newDataset();
    const job = await startedBy(dataset, 'a.csv', 'a,y\n1,2\n');
    const { CreationTime } = await cloud.clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: job }));
    await cloud.notifications();
    const output = await outputOf(dataset, job, 10);
    const { arn } = await registered(dataset, job, output);
    await registered(dataset, job, output);
    expect(arn).toMatch(/\/1$/);
    expect((await cloud.clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: job }))).CreationTime).toEqual(CreationTime);
    const subjects = (await cloud.notifications()).map(({ Subject }) => Subject);
    expect(subjects.length).toBeGreaterThan(0);
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  test("find moto's conditional writes to be refused as theirs rely on", async () => {
    const key = `jobs/${randomUUID()}.json`;
    await cloud.bucket.write(key, '1', 'application/json', { ifAbsent: true });
    await expect(cloud.bucket.write(key, '2', 'application/json', { ifAbsent: true })).rejects.toThrow(FactsChanged);
    const { etag = '' } = (await cloud.bucket.head(key)) ?? {};
    await cloud.bucket.write(key, '3', 'application/json', { ifMatch: etag });
    await expect(cloud.bucket.write(key, '4', 'application/json', { ifMatch: etag })).rejects.toThrow(FactsChanged);
    expect(await cloud.bucket.readText(key)).toBe('3');
  });
});
