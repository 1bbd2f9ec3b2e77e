import { DatasetConfigSchema, type ModelMetrics } from '@dropforest/contracts';
import type { Action } from '@dropforest/lambda-kit';
import { describe, expect, test } from 'vitest';
import { decideApproval, decideFailure, type ApprovalFacts } from './decide.ts';
import { passGate } from './gate.ts';

const NOW = Date.UTC(2026, 2, 4, 12);
const figures = (rmse: number, rows = 853) => ({ rmse, mae: rmse / 2, r2: 0.5, rows });
const metrics: ModelMetrics = { task: 'regression', holdout: figures(1081.234), outOfBag: figures(1100, 7670), baseline: figures(1701.5) };
const { gate } = DatasetConfigSchema.parse({});
const facts: ApprovalFacts = {
  dataset: 'sales',
  registration: { job: 'df-sales-0123456789ab-1', model: 'df-sales-0123456789ab-1', modelPackageArn: 'arn:p/df-sales/3', version: 3 },
  metrics,
  gate,
  approval: 'auto',
  status: 'PendingManualApproval',
  explanation: undefined,
  now: NOW,
};
const types = (actions: readonly Action[]) => actions.map((action) => (action.type === 'emit' ? action.event.type : action.type));

describe('the gate', () => {
  test('lets a model through that is better than the baseline, and says by how much', () => {
    expect(passGate(metrics, gate)).toEqual({ passed: true, explanation: 'RMSE 1,081.2 on 853 held-out rows, predicting the mean 1,701.5: 36.5% lower' });
  });

  test.each<[string, ModelMetrics, object, RegExp]>([
    ['as good as the baseline', { task: 'regression', holdout: figures(1701.5), baseline: figures(1701.5) }, {}, /0% lower, not better than the baseline$/],
    ['worse than the baseline', { task: 'regression', holdout: figures(1800), baseline: figures(1700) }, {}, /5\.9% higher, not better than the baseline$/],
    ['not better by enough', metrics, { minimumImprovement: 0.5 }, /less than the 50% that the gate asks for$/],
    ['above the bound', metrics, { maximumRmse: 1000 }, /above the 1,000 that the gate allows$/],
    ['without figures', { task: 'regression', baseline: figures(1) }, {}, /too few rows/],
    ['no number', { task: 'regression', holdout: figures(NaN), baseline: figures(1) }, {}, /not better than the baseline/],
  ])('refuses a model that is %s', (_, given, more, explanation) => {
    expect(passGate(given, { ...gate, ...more })).toEqual({ passed: false, explanation: expect.stringMatching(explanation) });
  });

  test('goes by out-of-bag figures where nothing was held out, and says so', () => {
    expect(passGate({ task: 'regression', outOfBag: figures(1100, 40), baseline: figures(1700, 40) }, gate).explanation).toContain('on 40 out-of-bag rows');
  });
});

describe('the gate of a classification', () => {
  const shares = (accuracy: number, logLoss: number) => ({ accuracy, logLoss, rows: 200 });
  const classification: ModelMetrics = { task: 'classification', holdout: shares(0.9, 0.3), baseline: shares(0.6, 0.6) };

  test('goes by the log loss beside that of the shares of the classes', () => {
    expect(passGate(classification, gate)).toEqual({ passed: true, explanation: 'log loss 0.3 on 200 held-out rows, predicting the shares of the classes 0.6: 50% lower' });
  });

  test('may ask for an accuracy', () => {
    expect(passGate(classification, { ...gate, minimumAccuracy: 0.9 }).passed).toBe(true);
    expect(passGate(classification, { ...gate, minimumAccuracy: 0.95 }).explanation).toMatch(/accuracy 90%, below the 95% that the gate asks for$/);
  });
});

describe('a completed training', () => {
  test('is approved by the gate', () => {
    const actions = decideApproval(facts);
    expect(types(actions)).toEqual(['update-model-package', 'ModelRegistered']);
    expect(actions[0]).toMatchObject({ input: { ModelPackageArn: 'arn:p/df-sales/3', ModelApprovalStatus: 'Approved', ApprovalDescription: expect.stringMatching(/36\.5% lower: approved$/) } });
  });

  test('is rejected by the gate', () => {
    expect(types(decideApproval({ ...facts, gate: { ...gate, maximumRmse: 10 } }))).toEqual(['update-model-package', 'ModelRegistered', 'ModelRejected']);
  });

  test('waits for a person where the data set asks for one', () => {
    const actions = decideApproval({ ...facts, approval: 'manual' });
    expect(actions[0]).toMatchObject({ input: { ModelApprovalStatus: 'PendingManualApproval', ApprovalDescription: expect.stringMatching(/waits for a person's approval$/) } });
  });

  test.each(['Approved', 'Rejected'] as const)('that was %s before is not decided again', (status) => {
    const actions = decideApproval({ ...facts, status, explanation: 'by hand' });
    expect(types(actions)).not.toContain('update-model-package');
    expect(actions.find((action) => action.type === 'emit')?.event.detail).toMatchObject({ decision: { status, explanation: 'by hand' } });
  });

  test('that waits for a person is not decided again either', () => {
    expect(types(decideApproval({ ...facts, explanation: "RMSE …: waits for a person's approval" }))).toEqual(['ModelRegistered']);
  });
});

test.each([
  ['Failed', 'Failed', 'AlgorithmError: no target', /AlgorithmError: no target/, /--retry/],
  ['Stopped', 'MaxRuntimeExceeded', undefined, /stopped \(MaxRuntimeExceeded\)/, /maxRuntimeInSeconds/],
] as const)('a training that %s is told with its reason and a remedy', (status, secondaryStatus, reason, expected, remedy) => {
  const [action] = decideFailure({ dataset: 'sales', job: 'j', status, secondaryStatus, reason, now: NOW });
  expect(action).toMatchObject({ event: { type: 'TrainingFailed', detail: { reason: expect.stringMatching(expected), remedy: expect.stringMatching(remedy) } } });
});
