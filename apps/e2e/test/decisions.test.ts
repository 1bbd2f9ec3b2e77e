import { randomUUID } from 'node:crypto';
import { DescribeModelPackageCommand, ListTagsCommand, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { ChampionSchema, ComparisonSchema, comparisonJobBase, DecisionSchema, keys, RegistrationSchema } from '@dropforest/contracts';
import { generateBigMart } from '@dropforest/dataset-bigmart';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestCloud, type TestCloud } from '../src/test-cloud.ts';

const rows = (seed: number) => generateBigMart({ rows: 600, seed, withTarget: true });
const settings = (more: object) => JSON.stringify({ quietSeconds: 0, hyperparameters: { nEstimators: 10, tune: 'off' }, ...more });
/** Lets any model through that is not twice as bad as the champion. */
const ANY_MODEL = { gate: { margin: -1 } };

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(async () => {
  await cloud.stop();
});

const newDataset = () => `d${randomUUID().slice(0, 8)}`;

/** Drops the training file under these settings and returns the job that they start. */
async function start(dataset: string, more: object): Promise<string> {
  const before = await cloud.trainingJobs(dataset);
  await cloud.bucket.write(keys.datasetConfig(dataset), settings(more), 'application/json');
  await cloud.drop(keys.drop('train', dataset, 'a.csv'), rows(1));
  return vi.waitUntil(async () => (await cloud.trainingJobs(dataset)).find((job) => !before.includes(job)), { timeout: 20_000 });
}

async function train(dataset: string, more: object): Promise<string> {
  const job = await start(dataset, more);
  await cloud.settle();
  return job;
}

async function versionOf(dataset: string, job: string) {
  const registration = (await cloud.bucket.readJson(keys.registration(dataset, job), RegistrationSchema))?.value;
  const found = await cloud.clients.sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: registration?.modelPackageArn }));
  return { arn: registration?.modelPackageArn ?? '', version: registration?.version, status: found.ModelApprovalStatus, explanation: found.ApprovalDescription, properties: found.CustomerMetadataProperties ?? {} };
}

const decisionOf = async (dataset: string, job: string) => (await cloud.bucket.readJson(keys.decision(dataset, job), DecisionSchema))?.value;
const championOf = async (dataset: string) => (await cloud.bucket.readJson(keys.champion(dataset), ChampionSchema))?.value;
const told = async (dataset: string, type: string) => (await cloud.journal(dataset)).filter((event) => event.type === type);

describe('a model that is trained while another predicts', () => {
  test('is compared with it on the same rows by its own training, and refused where it is no better', async () => {
    const dataset = newDataset();
    const first = await train(dataset, {});
    const second = await train(dataset, { hyperparameters: { nEstimators: 1, tune: 'off' } });
    const { status, explanation, properties } = await versionOf(dataset, second);
    expect(status).toBe('Rejected');
    expect(explanation).toMatch(/^RMSE [\d,.]+ against [\d,.]+ of version 1 on \d+ held-out rows: worse by [\d,.]+ ± [\d,.]+; rejected$/);
    expect(properties).toMatchObject({ dataset, trainingJob: second, gate: 'Rejected', comparedWith: `version 1 ${first}`, files: `train/${dataset}/a.csv` });
    expect(await decisionOf(dataset, second)).toMatchObject({ status: 'Rejected', explanation, comparedWith: first });
    expect(await championOf(dataset)).toMatchObject({ version: 1, job: first });
    expect(await told(dataset, 'ModelRejected')).toMatchObject([{ detail: { modelVersion: 2, explanation } }]);
    expect(await told(dataset, 'ModelRegistered')).toHaveLength(2);
    expect(await cloud.trainingJobs(dataset)).toHaveLength(2);
    expect(cloud.problems).toEqual([]);
  });

  test('carries its figures and what was decided as tags of the SageMaker model', async () => {
    const dataset = newDataset();
    const job = await train(dataset, {});
    const [prefix = ''] = (await versionOf(dataset, job)).arn.split(':model-package/');
    const { Tags = [] } = await cloud.clients.sagemaker.send(new ListTagsCommand({ ResourceArn: `${prefix}:model/${job}` }));
    expect(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))).toMatchObject({ 'dropforest:dataset': dataset, 'dropforest:job': job, 'dropforest:figure': 'RMSE', 'dropforest:status': 'Approved' });
  });
});

describe('a champion that is another one by the time that a model is approved', () => {
  test('is compared with it by a job of its own before the model takes over', async () => {
    const dataset = newDataset();
    await train(dataset, ANY_MODEL);
    // Both are under way before either predicts: the one that comes second was compared with version 1.
    const jobs = [await start(dataset, { ...ANY_MODEL, hyperparameters: { nEstimators: 11, tune: 'off' } }), await start(dataset, { ...ANY_MODEL, hyperparameters: { nEstimators: 12, tune: 'off' } })];
    await cloud.settle();
    const versions = await Promise.all(jobs.map(async (job) => ({ job, ...(await versionOf(dataset, job)) })));
    const [second = '', third = ''] = versions.toSorted((a, b) => (a.version ?? 0) - (b.version ?? 0)).map(({ job }) => job);
    expect(await championOf(dataset)).toMatchObject({ version: 3, job: third, previousVersion: 2 });
    expect(await cloud.trainingJobs(dataset)).toContain(`${comparisonJobBase(dataset, { challenger: third, champion: second })}-1`);
    expect(await decisionOf(dataset, third)).toMatchObject({ status: 'Approved', comparedWith: second, explanation: expect.stringContaining('of version 2 on') });
    expect(await cloud.bucket.readJson(keys.modelFile(dataset, third, 'comparison.json'), ComparisonSchema)).toMatchObject({ value: { comparable: true, challenger: third, champion: second } });
    expect((await versionOf(dataset, third)).properties).not.toHaveProperty('comparisonJob');
    expect(await told(dataset, 'ModelRegistered')).toHaveLength(3);
    expect(await told(dataset, 'ModelPromoted')).toHaveLength(3);
    expect(cloud.problems).toEqual([]);
  });

  test('is left to a person where the two cannot be compared, also where the gate alone decides', async () => {
    const dataset = newDataset();
    await train(dataset, {});
    const job = await train(dataset, { evaluation: { seed: 7 } });
    const { status, explanation, arn } = await versionOf(dataset, job);
    expect(status).toBe('PendingManualApproval');
    expect(explanation).toMatch(/; could not be compared with version 1: .+; a person decides$/);
    await cloud.clients.sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn: arn, ModelApprovalStatus: 'Approved' }));
    await cloud.settle();
    expect(await championOf(dataset)).toMatchObject({ version: 2, job });
    expect(await cloud.trainingJobs(dataset)).toHaveLength(2);
    expect(cloud.problems).toEqual([]);
  });
});
