import { comparisonJobBase, DatasetConfigSchema, happeningId, type Comparison, type Decision } from '@dropforest/contracts';
import { applyDecision, type Action, type ModelPackage } from '@dropforest/lambda-kit';
import { describe, expect, test } from 'vitest';
import { decideApproval, type ApprovalFacts } from './decide.ts';
import type { Rival } from './rival.ts';

const NOW = Date.UTC(2026, 2, 4, 12);
const AT = '2026-03-04T12:00:00.000Z';
const JOB = 'df-shop-aaaaaaaaaaaa-1';
const CHAMPION = 'df-shop-bbbbbbbbbbbb-1';
const ARN = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/df-shop/3';
const figures = (rmse: number) => ({ rmse, mae: rmse / 2, r2: 0.5, rows: 853 });
const config = DatasetConfigSchema.parse({});
const fresh: ModelPackage = { arn: ARN, dataset: 'shop', version: 3, job: JOB, status: 'PendingManualApproval', explanation: undefined, properties: { dataset: 'shop', trainingJob: JOB } };
const facts: ApprovalFacts = {
  dataset: 'shop',
  bucket: 'b',
  image: 'i:1',
  roleArn: 'r',
  registration: { job: JOB, model: JOB, modelPackageArn: ARN, version: 3 },
  config,
  lineage: { job: JOB, image: 'i:0', files: [] },
  manifest: { task: 'regression', metrics: { task: 'regression', holdout: figures(1081), baseline: figures(1701.5) }, lineage: undefined },
  modelPackage: fresh,
  decision: undefined,
  rival: undefined,
  now: NOW,
};
const NAIVE = 'RMSE 1,081 on 853 held-out rows, predicting the mean 1,701.5: 36.5% lower';
const better: Comparison = { comparable: true, challenger: JOB, champion: CHAMPION, figure: 'RMSE', rows: 853, challengerValue: 1081, championValue: 1095, difference: 14, interval: [8, 20], level: 0.95 };
const lucky: Comparison = { ...better, interval: [-1, 29] };
const rival = (comparison: Rival['comparison'], version = 2): Rival => ({ job: CHAMPION, version, comparison });
const done = (value: Comparison, isStored = true): Rival['comparison'] => ({ state: 'done', value, isStored });

const typesOf = (actions: readonly Action[]) => actions.map((action) => (action.type === 'emit' ? action.event.type : action.type));
function written(actions: readonly Action[], key: string): Extract<Action, { type: 'write-json' }> {
  const found = actions.find((action) => action.type === 'write-json' && action.key === key);
  if (found?.type !== 'write-json') throw new Error(`${key} is not written`);
  return found;
}
const DECISION_KEY = `models/shop/${JOB}/decision.json`;
const decisionOf = (actions: readonly Action[]) => written(actions, DECISION_KEY).value;

/** The package as the registry has it once the decision is applied. */
function after(decision: Decision, properties: Readonly<Record<string, string>> = {}): ModelPackage {
  const action = applyDecision(decision, fresh, properties);
  if (action.type !== 'update-model-package') throw new Error('no update');
  return { ...fresh, status: decision.status, explanation: action.input.ApprovalDescription, properties: action.input.CustomerMetadataProperties ?? {} };
}

describe('a trained model where no other predicts', () => {
  test('is decided by the gate: first the decision is written down, then it is set, then told', () => {
    const actions = decideApproval(facts);
    const decision = { status: 'Approved', explanation: `${NAIVE}, approved` };
    expect(actions).toEqual([
      { type: 'write-json', key: DECISION_KEY, value: { ...decision, at: AT }, condition: { ifAbsent: true } },
      { type: 'add-tags', input: { ResourceArn: `arn:aws:sagemaker:us-east-1:123456789012:model/${JOB}`, Tags: [{ Key: 'dropforest:status', Value: 'Approved' }, { Key: 'dropforest:decision', Value: expect.stringContaining('approved') }] } },
      {
        type: 'update-model-package',
        input: {
          ModelPackageArn: ARN,
          ModelApprovalStatus: 'Approved',
          ApprovalDescription: decision.explanation,
          CustomerMetadataProperties: {
            dataset: 'shop',
            trainingJob: JOB,
            task: 'regression',
            figure: 'RMSE',
            value: '1081',
            baseline: '1701.5',
            rows: '853 holdout',
            gate: 'Approved',
            decision: 'RMSE 1081 on 853 held-out rows - predicting the mean 1701.5: 36.5 percent lower - approved',
            decidedAt: AT,
          },
        },
      },
      {
        type: 'emit',
        event: {
          type: 'ModelRegistered',
          detail: { version: '1', id: happeningId('ModelRegistered', [JOB]), at: AT, dataset: 'shop', job: JOB, modelPackageArn: ARN, modelVersion: 3, metrics: facts.manifest.metrics, decision },
        },
      },
    ]);
  });

  test('is rejected when it is no better than a naive prediction', () => {
    const actions = decideApproval({ ...facts, config: { ...config, gate: { ...config.gate, maximumRmse: 10 } } });
    expect(decisionOf(actions)).toEqual({ status: 'Rejected', explanation: `${NAIVE}, above the 10 that the gate allows; rejected`, at: AT });
    expect(typesOf(actions)).toEqual(['write-json', 'add-tags', 'update-model-package', 'ModelRegistered']);
  });

  test('waits for a person where the data set asks for one', () => {
    expect(decisionOf(decideApproval({ ...facts, config: { ...config, approval: 'manual' } }))).toEqual({ status: 'PendingManualApproval', explanation: `${NAIVE}; waits for a person's approval`, at: AT });
  });
});

describe('a trained model where another predicts', () => {
  test('is compared with it by a job of its own, and nothing is said before that has ended', () => {
    const actions = decideApproval({ ...facts, rival: rival({ state: 'none' }) });
    expect(typesOf(actions)).toEqual(['write-json', 'write-json', 'create-training-job']);
    const job = `${comparisonJobBase('shop', { challenger: JOB, champion: CHAMPION })}-1`;
    expect(actions[2]).toMatchObject({ input: { TrainingJobName: job, RoleArn: 'r', AlgorithmSpecification: { TrainingImage: 'i:1' } } });
    expect(actions[1]).toMatchObject({ key: `jobs/${job}/config/job.json`, value: { lineage: facts.lineage, compare: { challenger: JOB } } });
    expect(decideApproval({ ...facts, rival: rival({ state: 'running' }) })).toEqual([]);
  });

  test('is not compared when it is no better than a naive prediction', () => {
    const actions = decideApproval({ ...facts, config: { ...config, gate: { ...config.gate, maximumRmse: 10 } }, rival: rival({ state: 'none' }) });
    expect(decisionOf(actions)).toEqual({ status: 'Rejected', explanation: expect.stringMatching(/; rejected$/), at: AT });
  });

  test('is approved when it is better for certain', () => {
    const actions = decideApproval({ ...facts, rival: rival(done(better)) });
    expect(decisionOf(actions)).toEqual({ status: 'Approved', explanation: 'RMSE 1,081 against 1,095 of version 2 on 853 held-out rows: better by 14 ± 6, approved', comparedWith: CHAMPION, at: AT });
    expect(typesOf(actions)).toEqual(['write-json', 'add-tags', 'update-model-package', 'ModelRegistered']);
    expect(actions[2]).toMatchObject({ input: { CustomerMetadataProperties: { comparedWith: `version 2 ${CHAMPION}`, difference: '14 in 8 to 20' } } });
  });

  test('is rejected when it may be luck', () => {
    expect(decisionOf(decideApproval({ ...facts, rival: rival(done(lucky)) }))).toMatchObject({ status: 'Rejected', explanation: expect.stringMatching(/: better by 14 ± 15, which may be luck; rejected$/), comparedWith: CHAMPION });
  });

  test('needs the margin that the data set asks for', () => {
    const actions = decideApproval({ ...facts, config: { ...config, gate: { ...config.gate, margin: 0.1 } }, rival: rival(done(better)) });
    expect(decisionOf(actions)).toMatchObject({ status: 'Rejected', explanation: expect.stringContaining('not for certain by the 10%') });
  });

  test('waits for a person, however good, where the data set asks for one', () => {
    const manual = { ...config, approval: 'manual' as const };
    expect(decisionOf(decideApproval({ ...facts, config: manual, rival: rival(done(better)) }))).toMatchObject({ status: 'PendingManualApproval', explanation: expect.stringMatching(/better by 14 ± 6; waits for a person's approval$/), comparedWith: CHAMPION });
    expect(decisionOf(decideApproval({ ...facts, config: manual, rival: rival(done(lucky)) }))).toMatchObject({ status: 'Rejected' });
  });

  test.each<[string, Rival['comparison']]>([
    ['are not comparable', done({ comparable: false, challenger: JOB, champion: CHAMPION, reason: 'the target was "price"' })],
    ['could not be compared by the job', { state: 'failed', reason: 'the target was "price"' }],
  ])('is left to a person when the two %s, also where the gate alone decides', (_, comparison) => {
    expect(decisionOf(decideApproval({ ...facts, rival: rival(comparison) }))).toEqual({
      status: 'PendingManualApproval',
      explanation: `${NAIVE}; could not be compared with version 2: the target was "price"; a person decides`,
      comparedWith: CHAMPION,
      at: AT,
    });
  });

  test('is left to a person with a reason that is cut, not with words that are', () => {
    const explain = (reason: string) => decisionOf(decideApproval({ ...facts, rival: rival({ state: 'failed', reason }) }));
    expect(explain('x'.repeat(500))).toMatchObject({ explanation: expect.stringContaining(`: ${'x'.repeat(500)}; a person decides`) });
    expect(explain('x'.repeat(501))).toMatchObject({ explanation: expect.stringContaining(`: ${'x'.repeat(499)}…; a person decides`) });
    expect(explain('a\nb')).toMatchObject({ explanation: expect.stringContaining(': a b; a person decides') });
  });

  test('says that its approval changes nothing when the other is newer', () => {
    const explanation = (version: number) => decisionOf(decideApproval({ ...facts, rival: rival(done(better), version) }));
    expect(explanation(4)).toMatchObject({ status: 'Approved', explanation: expect.stringMatching(/, approved; version 4 is newer and goes on predicting$/) });
    expect(explanation(3)).toMatchObject({ explanation: expect.stringMatching(/, approved$/) });
  });

  test('keeps a comparison that was made by a job of its own', () => {
    const actions = decideApproval({ ...facts, rival: rival(done(better, false)) });
    expect(typesOf(actions)).toEqual(['write-json', 'write-json', 'add-tags', 'update-model-package', 'ModelRegistered']);
    expect(actions[0]).toEqual({ type: 'write-json', key: `models/shop/${JOB}/comparison.json`, value: better });
  });
});

describe('a model that was decided before', () => {
  const decision: Decision = { status: 'Approved', explanation: 'as it was', comparedWith: CHAMPION, at: '2026-03-04T11:00:00.000Z' };
  const before = { ...facts, decision: { value: decision, etag: 'e1' } };

  test('is told again in the same words, and nothing else', () => {
    const actions = decideApproval({ ...before, modelPackage: after(decision), rival: rival({ state: 'none' }) });
    expect(typesOf(actions)).toEqual(['ModelRegistered']);
    expect(actions[0]).toMatchObject({ event: { detail: { id: happeningId('ModelRegistered', [JOB]), decision: { status: 'Approved', explanation: 'as it was' } } } });
  });

  test('has its decision set where that was cut short', () => {
    const actions = decideApproval({ ...before, rival: rival(done(better)) });
    expect(typesOf(actions)).toEqual(['add-tags', 'update-model-package', 'ModelRegistered']);
    expect(actions[1]).toMatchObject({ input: { ApprovalDescription: 'as it was', CustomerMetadataProperties: { decidedAt: decision.at, difference: '14 in 8 to 20' } } });
  });

  test('has it set without the figures of a comparison that it does not come from', () => {
    const [, update] = decideApproval({ ...before, rival: { ...rival(done(better)), job: 'df-shop-cccccccccccc-1' } });
    expect(update?.type === 'update-model-package' && Object.keys(update.input.CustomerMetadataProperties ?? {})).not.toContain('comparedWith');
  });

  test('is decided again once the comparison that it is waiting for has ended', () => {
    const waiting: Decision = { ...decision, status: 'PendingManualApproval', explanation: 'is compared again' };
    const open = { ...facts, decision: { value: waiting, etag: 'e2' }, modelPackage: after(waiting, { comparisonJob: 'j' }) };
    expect(decideApproval({ ...open, rival: rival({ state: 'running' }) })).toEqual([]);
    expect(typesOf(decideApproval({ ...open, rival: rival({ state: 'none' }) }))).toContain('create-training-job');
    const actions = decideApproval({ ...open, rival: rival(done(better, false)) });
    expect(written(actions, DECISION_KEY)).toMatchObject({ value: { status: 'Approved', comparedWith: CHAMPION }, condition: { ifMatch: 'e2' } });
    expect(actions.find((action) => action.type === 'update-model-package')).toMatchObject({ input: { ModelApprovalStatus: 'Approved', CustomerMetadataPropertiesToRemove: ['comparisonJob'] } });
  });
});

describe('a model that a person has decided about', () => {
  const decision: Decision = { status: 'PendingManualApproval', explanation: 'a person decides', at: '2026-03-04T11:00:00.000Z' };

  test('is left alone, and told with what the gate had said', () => {
    const actions = decideApproval({ ...facts, decision: { value: decision, etag: 'e1' }, modelPackage: { ...after(decision), status: 'Rejected', explanation: 'rejected by ana' }, rival: rival(done(better)) });
    expect(typesOf(actions)).toEqual(['ModelRegistered']);
    expect(actions[0]).toMatchObject({ event: { detail: { decision: { status: 'PendingManualApproval', explanation: 'a person decides' } } } });
  });

  test.each([
    ['approved by ana', 'approved by ana'],
    [undefined, 'decided by a person'],
  ])("is told with the person's words where the gate has not spoken: %s", (explanation, told) => {
    const actions = decideApproval({ ...facts, modelPackage: { ...fresh, status: 'Approved', explanation }, rival: rival({ state: 'none' }) });
    expect(typesOf(actions)).toEqual(['ModelRegistered']);
    expect(actions[0]).toMatchObject({ event: { detail: { decision: { status: 'Approved', explanation: told } } } });
  });
});
