import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateModelCommand,
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DeleteModelCommand,
  DescribeModelCommand,
  DescribeModelPackageCommand,
  DescribeModelPackageGroupCommand,
  ListModelPackageGroupsCommand,
  ListModelPackagesCommand,
  ListModelsCommand,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import type { CreateModelPackageCommandInput, UpdateModelPackageCommandInput } from '@aws-sdk/client-sagemaker';
import { expect, it } from 'vitest';

import { ACCOUNT, BUCKET, IMAGE, REGION, rejection, ROLE, startTestCloud } from './cloud.ts';
import type { TestCloud } from './cloud.ts';

const MODEL_DATA = `s3://${BUCKET}/model.tar.gz`;
const EVENT = 'SageMaker Model Package State Change';

function version(changes: Partial<CreateModelPackageCommandInput> = {}): CreateModelPackageCommandInput {
  return {
    ModelPackageGroupName: 'shop',
    InferenceSpecification: { Containers: [{ Image: IMAGE, ModelDataUrl: MODEL_DATA }], SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['text/csv'] },
    ...changes,
  };
}

async function startWithGroup(): Promise<TestCloud> {
  const cloud = await startTestCloud();
  await cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'model.tar.gz', Body: 'x' }));
  await cloud.sageMaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'shop', ModelPackageGroupDescription: 'd' }));
  return cloud;
}

async function createVersion(cloud: TestCloud, changes?: Partial<CreateModelPackageCommandInput>): Promise<string> {
  const { ModelPackageArn = '' } = await cloud.sageMaker.send(new CreateModelPackageCommand(version(changes)));
  return ModelPackageArn;
}

it('a model is created once, described, listed and deleted', async () => {
  const cloud = await startWithGroup();
  const input = { ModelName: 'one', ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, ModelDataUrl: MODEL_DATA, Environment: { A: '1' } } };
  await cloud.sageMaker.send(new CreateModelCommand(input));
  expect(await rejection(cloud.sageMaker.send(new CreateModelCommand(input)))).toMatchObject({ name: 'ValidationException', message: `Cannot create already existing model "arn:aws:sagemaker:${REGION}:${ACCOUNT}:model/one".` });
  expect(await cloud.sageMaker.send(new DescribeModelCommand({ ModelName: 'one' }))).toMatchObject(input);
  expect((await cloud.sageMaker.send(new ListModelsCommand({}))).Models).toMatchObject([{ ModelName: 'one' }]);
  await cloud.sageMaker.send(new DeleteModelCommand({ ModelName: 'one' }));
  expect(await rejection(cloud.sageMaker.send(new DescribeModelCommand({ ModelName: 'one' })))).toMatchObject({ message: expect.stringMatching(/^Could not find model/) });
});

it('a model needs its archive', async () => {
  const cloud = await startWithGroup();
  const create = cloud.sageMaker.send(new CreateModelCommand({ ModelName: 'one', PrimaryContainer: { Image: IMAGE, ModelDataUrl: `s3://${BUCKET}/none` } }));
  expect(await rejection(create)).toMatchObject({ name: 'ValidationException', message: expect.stringContaining('Could not find model data at s3://data/none') });
});

it('versions of a group count up from 1 and wait for approval', async () => {
  const cloud = await startWithGroup();
  expect(await createVersion(cloud)).toBe(`arn:aws:sagemaker:${REGION}:${ACCOUNT}:model-package/shop/1`);
  const second = await createVersion(cloud);
  const described = await cloud.sageMaker.send(new DescribeModelPackageCommand({ ModelPackageName: second }));
  expect(described).toMatchObject({ ModelPackageGroupName: 'shop', ModelPackageVersion: 2, ModelApprovalStatus: 'PendingManualApproval', ModelPackageStatus: 'Completed' });
});

it('the same client token gives the same version, and no second event', async () => {
  const cloud = await startWithGroup();
  const first = await createVersion(cloud, { ClientToken: 'token-1' });
  expect(await createVersion(cloud, { ClientToken: 'token-1' })).toBe(first);
  expect(await cloud.eventsOf(EVENT)).toHaveLength(1);
});

it.each<[string, Partial<UpdateModelPackageCommandInput>]>([
  ['a property with a character that tags do not take', { CustomerMetadataProperties: { decision: 'better by 14 ± 6' } }],
  ['a property with a comma', { CustomerMetadataProperties: { value: '1,081' } }],
  ['an empty property', { CustomerMetadataProperties: { value: '' } }],
  ['a property of 257 characters', { CustomerMetadataProperties: { value: 'a'.repeat(257) } }],
  ['a description of two lines', { ApprovalDescription: 'a\nb' }],
  ['a description of 1,025 characters', { ApprovalDescription: 'a'.repeat(1025) }],
])('a version takes no %s', async (_, change) => {
  const cloud = await startWithGroup();
  const ModelPackageArn = await createVersion(cloud);
  expect(await rejection(cloud.sageMaker.send(new UpdateModelPackageCommand({ ModelPackageArn, ...change })))).toMatchObject({ name: 'ValidationException' });
});

it('an update says in its event which fields it touched', async () => {
  const cloud = await startWithGroup();
  const ModelPackageArn = await createVersion(cloud, { CustomerMetadataProperties: { job: 'j', old: 'x' } });
  await cloud.sageMaker.send(
    new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: 'Approved', ApprovalDescription: 'better', CustomerMetadataProperties: { rmse: '1' }, CustomerMetadataPropertiesToRemove: ['old'] }),
  );
  const [created, updated] = await cloud.eventsOf(EVENT);
  expect(created?.detail).not.toHaveProperty('UpdatedModelPackageFields');
  expect(created?.detail).toMatchObject({ ModelApprovalStatus: 'PendingManualApproval', CreationTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) });
  expect(updated?.detail).toMatchObject({
    ModelPackageGroupName: 'shop',
    ModelPackageVersion: 1,
    ModelApprovalStatus: 'Approved',
    ApprovalDescription: 'better',
    CustomerMetadataProperties: { job: 'j', rmse: '1' },
    UpdatedModelPackageFields: ['ModelApprovalStatus', 'ApprovalDescription', 'CustomerMetadataProperties'],
  });
});

it('a model made from a version needs its approval', async () => {
  const cloud = await startWithGroup();
  const ModelPackageArn = await createVersion(cloud);
  const create = () => cloud.sageMaker.send(new CreateModelCommand({ ModelName: 'one', PrimaryContainer: { ModelPackageName: ModelPackageArn } }));
  expect(await rejection(create())).toMatchObject({ message: expect.stringContaining('PendingManualApproval, not Approved') });
  await cloud.sageMaker.send(new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: 'Approved' }));
  await expect(create()).resolves.toBeDefined();
});

it('versions are listed by group, approval and order', async () => {
  const cloud = await startWithGroup();
  for (let count = 0; count < 11; count++) await createVersion(cloud);
  const arn = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model-package/shop/3`;
  await cloud.sageMaker.send(new UpdateModelPackageCommand({ ModelPackageArn: arn, ModelApprovalStatus: 'Rejected' }));
  const list = async (input: ConstructorParameters<typeof ListModelPackagesCommand>[0] & object) =>
    (await cloud.sageMaker.send(new ListModelPackagesCommand(input))).ModelPackageSummaryList?.map(({ ModelPackageVersion }) => ModelPackageVersion);
  expect(await list({ ModelPackageGroupName: 'shop', SortBy: 'Name', SortOrder: 'Descending', MaxResults: 2 })).toEqual([11, 10]);
  expect(await list({ ModelPackageGroupName: 'shop', ModelApprovalStatus: 'Rejected' })).toEqual([3]);
  expect(await rejection(list({ ModelPackageGroupName: 'none' }))).toMatchObject({ message: expect.stringMatching(/^Model Package Group .* does not exist\.$/) });
});

it('groups are created once, described and listed', async () => {
  const cloud = await startWithGroup();
  const again = cloud.sageMaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'shop' }));
  expect(await rejection(again)).toMatchObject({ name: 'ValidationException', message: expect.stringContaining('Model Package Group already exists') });
  expect(await cloud.sageMaker.send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName: 'shop' }))).toMatchObject({ ModelPackageGroupStatus: 'Completed', ModelPackageGroupDescription: 'd' });
  expect((await cloud.sageMaker.send(new ListModelPackageGroupsCommand({ NameContains: 'sh' }))).ModelPackageGroupSummaryList).toHaveLength(1);
});
