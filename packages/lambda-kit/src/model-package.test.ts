import type { Decision } from '@dropforest/contracts';
import { describe, expect, test } from 'vitest';
import { applyDecision, isApplied, isDecidedByPerson, ownPackage, type ModelPackage } from './model-package.ts';

const JOB = 'df-shop-aaaaaaaaaaaa-1';
const ARN = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/df-shop/3';
const found = {
  ModelPackageArn: ARN,
  ModelPackageGroupName: 'df-shop',
  ModelPackageVersion: 3,
  ModelApprovalStatus: 'Approved' as const,
  ApprovalDescription: 'fine',
  CustomerMetadataProperties: { gate: 'Approved' },
  InferenceSpecification: { Containers: [{ Image: 'i:1', ModelDataUrl: `s3://b/jobs/${JOB}/output/model.tar.gz` }] },
};
const fresh: ModelPackage = { arn: ARN, dataset: 'shop', version: 3, job: JOB, status: 'PendingManualApproval', explanation: undefined, properties: { dataset: 'shop' } };
const decision: Decision = { status: 'Approved', explanation: 'better by 14 ± 6, approved', at: '2026-03-04T12:00:00.000Z' };
const stored = (url: string) => ({ ...found, InferenceSpecification: { Containers: [{ Image: 'i:1', ModelDataUrl: url }] } });

/** The package as the registry gives it back after an update. */
function updated(before: ModelPackage, made: Decision, facts = {}): ModelPackage {
  const action = applyDecision(made, before, facts);
  if (action.type !== 'update-model-package') throw new Error('no update');
  const { ModelApprovalStatus = 'Approved', ApprovalDescription, CustomerMetadataProperties = {}, CustomerMetadataPropertiesToRemove = [] } = action.input;
  const properties = Object.entries({ ...before.properties, ...CustomerMetadataProperties }).filter(([key]) => !CustomerMetadataPropertiesToRemove.includes(key));
  return { ...before, status: ModelApprovalStatus, explanation: ApprovalDescription, properties: Object.fromEntries(properties) };
}

describe('a version in the registry', () => {
  test('is ours when its model lies where our jobs leave it', () => {
    expect(ownPackage(found, 'b')).toEqual({ arn: ARN, dataset: 'shop', version: 3, job: JOB, status: 'Approved', explanation: 'fine', properties: { gate: 'Approved' } });
  });

  test('waits for a person, without words or properties, where the registry says nothing else', () => {
    const { ModelApprovalStatus: _status, ApprovalDescription: _words, CustomerMetadataProperties: _properties, ...silent } = found;
    expect(ownPackage(silent, 'b')).toMatchObject({ status: 'PendingManualApproval', explanation: undefined, properties: {} });
  });

  test.each([
    ['in another bucket', stored(`s3://c/jobs/${JOB}/output/model.tar.gz`)],
    ['in a bucket with a longer name', stored(`s3://bb/jobs/${JOB}/output/model.tar.gz`)],
    ['in another folder', stored(`s3://b/jobs/${JOB}/other/model.tar.gz`)],
    ['in the folder of a job that is not ours', stored('s3://b/jobs/churn-1/output/model.tar.gz')],
    ['nowhere', { ...found, InferenceSpecification: { Containers: [] } }],
    ['in no container', { ...found, InferenceSpecification: undefined }],
    ["in another data set's group", { ...found, ModelPackageGroupName: 'df-churn' }],
    ['in no version', { ...found, ModelPackageVersion: undefined }],
    ['under no ARN', { ...found, ModelPackageArn: undefined }],
  ])('is not ours when its model lies %s', (_, other) => {
    expect(ownPackage(other, 'b')).toBeUndefined();
  });
});

describe('a decision that is applied', () => {
  test('sets the status, the words and the properties in one call', () => {
    expect(applyDecision(decision, fresh, { value: '1,081.5', comparedWith: 'version 2' })).toEqual({
      type: 'update-model-package',
      input: {
        ModelPackageArn: ARN,
        ModelApprovalStatus: 'Approved',
        ApprovalDescription: 'better by 14 ± 6, approved',
        CustomerMetadataProperties: { dataset: 'shop', value: '1081.5', comparedWith: 'version 2', gate: 'Approved', decision: 'better by 14 +- 6 - approved', decidedAt: decision.at },
      },
    });
  });

  test("keeps a person's own properties, and removes what belonged to the decision before", () => {
    const before = { ...fresh, properties: { team: 'pricing', comparedWith: 'version 1', difference: '3', comparisonJob: 'j' } };
    const action = applyDecision(decision, before, { comparedWith: 'version 2' });
    expect(action).toMatchObject({ input: { CustomerMetadataPropertiesToRemove: ['difference', 'comparisonJob'], CustomerMetadataProperties: { team: 'pricing', comparedWith: 'version 2' } } });
    expect(updated(before, decision, { comparedWith: 'version 2' }).properties).toEqual({ team: 'pricing', comparedWith: 'version 2', gate: 'Approved', decision: expect.any(String), decidedAt: decision.at });
  });

  test('has at most 1,024 characters of words, on one line', () => {
    const words = (explanation: string) => updated(fresh, { ...decision, explanation }).explanation;
    expect(words('a'.repeat(1024))).toBe('a'.repeat(1024));
    expect(words('a'.repeat(1025))).toBe(`${'a'.repeat(1023)}…`);
    expect(words('a\nb')).toBe('a b');
  });

  test('is known by its time', () => {
    const after = updated(fresh, decision);
    expect(isApplied(decision, fresh)).toBe(false);
    expect(isApplied(decision, after)).toBe(true);
    expect(isApplied({ ...decision, at: '2026-03-04T12:00:01.000Z' }, after)).toBe(false);
  });
});

describe('a person has decided', () => {
  const approved = updated(fresh, decision);
  const rejected = updated(fresh, { ...decision, status: 'Rejected' });
  const pending = updated(fresh, { ...decision, status: 'PendingManualApproval' });

  test.each<[string, ModelPackage]>([
    ['approves a version that the gate has not looked at', { ...fresh, status: 'Approved' }],
    ['approves a version that waits', { ...pending, status: 'Approved', explanation: 'fine' }],
    ['rejects without a word what the gate approved', { ...approved, status: 'Rejected' }],
    ['has a version wait that the gate rejected', { ...rejected, status: 'PendingManualApproval' }],
    ['rejects and approves again what the gate approved', { ...approved, explanation: 'approved by ana' }],
    ['approves with the words taken away', { ...approved, explanation: undefined }],
  ])('who %s', (_, modelPackage) => {
    expect(isDecidedByPerson(modelPackage)).toBe(true);
  });

  test.each<[string, ModelPackage]>([
    ['a version that is new', fresh],
    ['what the gate approved', approved],
    ['what the gate rejected', rejected],
    ['what the gate leaves to a person', pending],
    ['a version that waits, by a comment', { ...pending, explanation: 'I shall look at it' }],
    ['what the gate said in very many words', updated(fresh, { ...decision, explanation: '± 1,000 '.repeat(400) })],
  ])('but not %s', (_, modelPackage) => {
    expect(isDecidedByPerson(modelPackage)).toBe(false);
  });
});
