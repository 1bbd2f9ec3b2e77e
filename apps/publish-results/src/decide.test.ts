import type { Action } from '@dropforest/lambda-kit';
import { describe, expect, test } from 'vitest';
import { decideFailure, decidePublication, type PublicationFacts } from './decide.ts';

const NOW = Date.UTC(2026, 2, 4, 12);
const model = { name: 'j2', version: 2, modelPackageArn: 'arn:p/df-sales/2' };
const claim = { key: 'predict/sales/a.csv', etag: 'e1', size: 5, dataset: 'sales', file: 'a.csv', snapshot: 's', job: 'df-sales-0123456789ab-1', model, at: '2026-03-04T11:59:00.000Z' };
const output = { key: `jobs/${claim.job}/output/e1/a.csv.out`, etag: 'o1', size: 9, lastModified: NOW };
const facts: PublicationFacts = {
  claim,
  isCurrent: true,
  receipt: undefined,
  outputs: [output],
  counts: { rows: 10, predicted: 9, refused: 1 },
  receiveCount: 1,
  startedAt: '2026-03-04T11:59:10.000Z',
  endedAt: '2026-03-04T11:59:50.000Z',
  now: NOW,
};
const types = (actions: readonly Action[]) => actions.map((action) => (action.type === 'emit' ? action.event.type : action.type));

describe('a completed transform job', () => {
  test('has its output copied, then a receipt, then is told of', () => {
    const actions = decidePublication(facts);
    expect(types(actions)).toEqual(['copy', 'write-json', 'ResultsPublished']);
    expect(actions[0]).toEqual({ type: 'copy', from: output.key, etag: 'o1', to: 'results/sales/a.csv/e1/predictions.csv' });
    expect(actions[1]).toMatchObject({ key: 'results/sales/a.csv/e1/receipt.json', condition: { ifAbsent: true }, value: { rows: 10, predicted: 9, refused: 1, job: claim.job, model } });
  });

  test('whose log has not arrived is looked at again later', () => {
    expect(decidePublication({ ...facts, counts: undefined })).toMatchObject([{ type: 'wait', seconds: 10 }]);
    expect(decidePublication({ ...facts, counts: undefined, receiveCount: 4 })).toMatchObject([{ type: 'wait', seconds: 80 }]);
    expect(decidePublication({ ...facts, counts: undefined, receiveCount: 50 })).toMatchObject([{ type: 'wait', seconds: 900 }]);
    expect(types(decidePublication({ ...facts, outputs: [] }))).toEqual(['wait']);
  });

  test('that was published before is only told of again', () => {
    const [, write] = decidePublication(facts);
    const receipt = { key: claim.key, etag: 'e1', job: claim.job, model, predictions: 'p', rows: 10, predicted: 9, refused: 1, startedAt: '', endedAt: '' };
    expect(write).toBeDefined();
    expect(types(decidePublication({ ...facts, receipt }))).toEqual(['ResultsPublished']);
  });

  test('publishes nothing when a person has asked for another run meanwhile', () => {
    expect(decidePublication({ ...facts, isCurrent: false })).toEqual([]);
  });
});

test('a failed transform job waits for the words of its log, and is told without them in the end', () => {
  const failure = { claim, status: 'See job logs', told: undefined, isFailed: true, receiveCount: 1, now: NOW };
  expect(types(decideFailure(failure))).toEqual(['wait']);
  expect(decideFailure({ ...failure, receiveCount: 5 })).toMatchObject([{ event: { detail: { reason: 'See job logs' } } }]);
  expect(decideFailure({ ...failure, isFailed: false })).toMatchObject([{ event: { detail: { reason: 'See job logs' } } }]);
});

test('a failed transform job is told with its reason and a remedy', () => {
  expect(decideFailure({ claim, status: 'See job logs', told: 'the model could not be loaded', isFailed: true, receiveCount: 1, now: NOW })).toMatchObject([
    { event: { type: 'PredictionFailed', detail: { reason: 'the model could not be loaded', remedy: expect.stringContaining('--retry') } } },
  ]);
});
