import { comparisonJobBase, DatasetConfigSchema, happeningId, type Champion, type Decision } from '@dropforest/contracts';
import { applyDecision, type Action, type FoundComparison, type ModelPackage } from '@dropforest/lambda-kit';
import { describe, expect, test } from 'vitest';
import { championNotCompared, decidePromotion, type ComparisonFacts, type PromotionFacts, type Standing } from './decide.ts';

const NOW = Date.UTC(2026, 2, 4, 12);
const AT = '2026-03-04T12:00:00.000Z';
const jobOf = (version: number) => `df-shop-${String(version).repeat(12)}-1`;
const arnOf = (version: number) => `arn:aws:sagemaker:us-east-1:123456789012:model-package/df-shop/${version}`;
const champion = (version: number, more: Partial<Champion> = {}) => ({
  value: { job: jobOf(version), model: jobOf(version), modelPackageArn: arnOf(version), version, promotedAt: PROMOTED, ...more },
  etag: 'e1',
});
const fresh = (version: number): ModelPackage => ({ arn: arnOf(version), dataset: 'shop', version, job: jobOf(version), status: 'PendingManualApproval', explanation: undefined, properties: {} });
const PROMOTED = '2026-03-01T00:00:00.000Z';
const decisionOf = (status: Decision['status'], comparedWith?: string): Decision => ({ status, explanation: `the gate says ${status}`, ...(comparedWith === undefined ? {} : { comparedWith }), at: '2026-03-04T11:00:00.000Z' });

/** The version as the registry has it once the gate's decision is applied. */
function decided(version: number, decision: Decision, properties: Readonly<Record<string, string>> = {}): ModelPackage {
  const action = applyDecision(decision, fresh(version), properties);
  if (action.type !== 'update-model-package') throw new Error('no update');
  return { ...fresh(version), status: decision.status, explanation: action.input.ApprovalDescription, properties: action.input.CustomerMetadataProperties ?? {} };
}
const approved = (version: number, comparedWith?: string): Standing => {
  const value = decisionOf('Approved', comparedWith);
  return { modelPackage: decided(version, value), decision: { value, etag: 'd1' }, champion: undefined };
};
const decide = (standing: Standing, again?: ComparisonFacts) => decidePromotion({ ...standing, again, now: NOW } satisfies PromotionFacts);
const types = (actions: readonly Action[]) => actions.map((action) => (action.type === 'emit' ? action.event.type : action.type));

describe('an approved model', () => {
  test('becomes the first champion only where there is none yet', () => {
    const registered = { job: jobOf(1), model: jobOf(1), modelPackageArn: arnOf(1), version: 1 };
    expect(decide(approved(1))).toEqual([
      { type: 'write-json', key: 'models/shop/champion.json', value: { ...registered, promotedAt: AT }, condition: { ifAbsent: true } },
      {
        type: 'emit',
        event: { type: 'ModelPromoted', detail: { version: '1', id: happeningId('ModelPromoted', [arnOf(1), AT]), at: AT, dataset: 'shop', job: jobOf(1), modelPackageArn: arnOf(1), modelVersion: 1 } },
      },
    ]);
  });

  test('takes over from an older one by compare-and-swap', () => {
    const actions = decide({ ...approved(3, jobOf(2)), champion: champion(2, { previousVersion: 1 }) });
    expect(types(actions)).toEqual(['write-json', 'ModelPromoted']);
    expect(actions[0]).toMatchObject({ value: { version: 3, job: jobOf(3), previousVersion: 2 }, condition: { ifMatch: 'e1' } });
    expect(actions[1]).toMatchObject({ event: { detail: { modelVersion: 3, previousVersion: 2 } } });
  });

  test('that is the champion already is only told of again', () => {
    const actions = decide({ ...approved(2), champion: champion(2, { previousVersion: 1 }) });
    expect(types(actions)).toEqual(['ModelPromoted']);
    expect(actions[0]).toMatchObject({ event: { detail: { modelVersion: 2, previousVersion: 1, id: happeningId('ModelPromoted', [arnOf(2), PROMOTED]) } } });
  });

  test('that is the first champion is told of again without one before', () => {
    const [told] = decide({ ...approved(2), champion: champion(2) });
    expect(told?.type === 'emit' && Object.keys(told.event.detail)).not.toContain('previousVersion');
  });

  test('that is older than the champion changes nothing: its approval was told late', () => {
    expect(decide({ ...approved(1), champion: champion(2) })).toEqual([]);
  });
});

test('a model that waits again by the time that its approval is heard of changes nothing', () => {
  expect(decide({ modelPackage: fresh(2), decision: undefined, champion: champion(1) })).toEqual([]);
});

describe('a rejected model', () => {
  const rejected = decisionOf('Rejected');
  const waiting = decided(2, decisionOf('PendingManualApproval'));

  test("is told of with the gate's words", () => {
    expect(decide({ modelPackage: decided(2, rejected), decision: undefined, champion: undefined })).toEqual([
      {
        type: 'emit',
        event: {
          type: 'ModelRejected',
          detail: { version: '1', id: happeningId('ModelRejected', [arnOf(2), 'the gate says Rejected']), at: AT, dataset: 'shop', job: jobOf(2), modelPackageArn: arnOf(2), modelVersion: 2, explanation: 'the gate says Rejected' },
        },
      },
    ]);
  });

  test.each<[string, ModelPackage, string]>([
    ["with a person's words", { ...waiting, status: 'Rejected', explanation: 'rolled back by ana' }, 'rolled back by ana'],
    ["by a person without a word, not with the gate's old ones", { ...waiting, status: 'Rejected' }, 'rejected by a person'],
    ['by a person before the gate has spoken', { ...fresh(2), status: 'Rejected' }, 'rejected by a person'],
    ['by a person with empty words', { ...waiting, status: 'Rejected', explanation: '' }, 'rejected by a person'],
  ])('is told of %s', (_, modelPackage, explanation) => {
    expect(decide({ modelPackage, decision: undefined, champion: undefined })).toMatchObject([{ event: { type: 'ModelRejected', detail: { explanation } } }]);
  });
});

describe("the gate's approval", () => {
  const later = champion(2);
  const open = (properties: Readonly<Record<string, string>>): Standing => {
    const value = decisionOf('PendingManualApproval', jobOf(1));
    return { modelPackage: decided(3, value, properties), decision: { value, etag: 'd1' }, champion: later };
  };
  const promotedByPerson: ModelPackage = { ...decided(3, decisionOf('PendingManualApproval')), status: 'Approved', explanation: 'approved by ana' };

  test.each<[string, Standing]>([
    ['was given against another champion', { ...approved(3, jobOf(1)), champion: later }],
    ['was given before there was one', { ...approved(3), champion: later }],
    ['has lost its record', { ...approved(3, jobOf(2)), decision: undefined, champion: later }],
    ['was taken back for a comparison', open({ comparisonJob: 'j' })],
    ['was taken back for a comparison, and the champion is newer by now', { ...open({ comparisonJob: 'j' }), champion: champion(4) }],
  ])('says nothing of the champion when it %s', (_, standing) => {
    expect(championNotCompared(standing)).toBe(standing.champion?.value);
  });

  test.each<[string, Standing]>([
    ['there is no champion', approved(3)],
    ['it is about this champion', { ...approved(3, jobOf(2)), champion: later }],
    ['it is the champion itself', { ...approved(3, jobOf(2)), champion: champion(3) }],
    ['the champion is newer anyway', { ...approved(3, jobOf(2)), champion: champion(4) }],
    ['a person has approved', { ...approved(3, jobOf(1)), modelPackage: promotedByPerson, champion: later }],
    ['the gate has rejected', { modelPackage: decided(3, decisionOf('Rejected', jobOf(1))), decision: { value: decisionOf('Rejected', jobOf(1)), etag: 'd1' }, champion: later }],
    ['the model waits for a person', open({})],
    ['the model that is compared again is the champion', { ...open({ comparisonJob: 'j' }), champion: champion(3) }],
  ])('needs no comparison when %s', (_, standing) => {
    expect(championNotCompared(standing)).toBeUndefined();
  });
});

describe('an approval that says nothing of the champion', () => {
  const again: ComparisonFacts = {
    champion: champion(2).value,
    bucket: 'b',
    image: 'i:1',
    roleArn: 'r',
    config: DatasetConfigSchema.parse({}),
    lineage: { job: jobOf(3), image: 'i:0', files: [] },
    found: undefined,
  };
  const standing = { ...approved(3, jobOf(1)), champion: champion(2) };
  const base = comparisonJobBase('shop', { challenger: jobOf(3), champion: jobOf(2) });

  test('is taken back, first on record and then in the registry, and the two are compared', () => {
    const explanation = 'approved before version 2 began to predict; is compared again with version 2';
    const actions = decide(standing, again);
    expect(types(actions)).toEqual(['write-json', 'update-model-package', 'write-json', 'write-json', 'create-training-job']);
    expect(actions[0]).toEqual({
      type: 'write-json',
      key: `models/shop/${jobOf(3)}/decision.json`,
      value: { status: 'PendingManualApproval', explanation, comparedWith: jobOf(1), at: AT },
      condition: { ifMatch: 'd1' },
    });
    expect(actions[1]).toMatchObject({ input: { ModelPackageArn: arnOf(3), ModelApprovalStatus: 'PendingManualApproval', ApprovalDescription: explanation, CustomerMetadataProperties: { gate: 'PendingManualApproval', comparisonJob: `${base}-1` } } });
    expect(actions[3]).toMatchObject({ key: `jobs/${base}-1/config/job.json`, value: { dataset: 'shop', lineage: again.lineage, compare: { challenger: jobOf(3) } } });
    expect(actions[4]).toMatchObject({ input: { TrainingJobName: `${base}-1`, RoleArn: 'r', AlgorithmSpecification: { TrainingImage: 'i:1' } } });
  });

  test('whose record is lost gets another', () => {
    expect(decide({ ...standing, decision: undefined }, again)[0]).toMatchObject({ value: { status: 'PendingManualApproval' }, condition: { ifAbsent: true } });
  });

  test.each<[FoundComparison['status'], number, number]>([
    ['Running', 1, 1],
    ['Running', 2, 2],
    ['Completed', 1, 2],
    ['Failed', 2, 3],
  ])('makes do with a job under way, and takes the next attempt after one that has ended: %s %i', (status, attempt, next) => {
    const actions = decide(standing, { ...again, found: { job: `${base}-${attempt}`, attempt, status, reason: '' } });
    expect(actions[1]).toMatchObject({ input: { CustomerMetadataProperties: { comparisonJob: `${base}-${next}` } } });
    expect(actions[4]).toMatchObject({ input: { TrainingJobName: `${base}-${next}` } });
  });
});
