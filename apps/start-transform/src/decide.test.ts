import { ModelManifestSchema } from '@dropforest/contracts';
import type { Action } from '@dropforest/lambda-kit';
import { inspectHead } from '@dropforest/tabular';
import { describe, expect, test } from 'vitest';
import { decidePrediction, type PredictionFacts } from './decide.ts';
import { checkPredictionHead, LARGEST_FILE } from './door.ts';

const NOW = Date.UTC(2026, 2, 4, 12);
function manifestWith(required: readonly string[], header = true) {
  const columns = required.map((name) => ({ name, kind: 'numeric', required: true }));
  return ModelManifestSchema.parse({
    formatVersion: 1, dataset: 'sales', task: 'regression', target: 'y', algorithm: 'forest', hyperparameters: {}, preprocessing: {},
    schema: { columns, header, fileColumns: [...required, 'y'] },
    metrics: { task: 'regression', baseline: { rmse: 1, mae: 1, r2: 0, rows: 1 } },
    rows: { read: 1, trained: 1, heldOut: 0, leftOut: 0 },
  });
}

const champion = { job: 'j2', model: 'j2', modelPackageArn: 'arn:p/df-sales/2', version: 2, promotedAt: '2026-03-01T00:00:00.000Z', manifest: manifestWith(['price']) };
const facts: PredictionFacts = {
  dataset: 'sales',
  file: 'a.csv',
  object: { key: 'predict/sales/a.csv', etag: 'e1', size: 3 << 20, lastModified: NOW },
  champion,
  claim: undefined,
  attempt: 1,
  problem: undefined,
  settings: 's2',
  hasVerdict: false,
  isTrigger: true,
  bucket: 'b',
  now: NOW,
};
const types = (actions: readonly Action[]) => actions.map((action) => (action.type === 'emit' ? action.event.type : action.type));
const claimOf = (actions: readonly Action[]) => actions.find((action) => action.type === 'write-json' && action.condition !== undefined);

describe('a file dropped to predict', () => {
  test('is copied and claimed before its job is created', () => {
    const actions = decidePrediction(facts);
    expect(types(actions)).toEqual(['copy', 'write-json', 'write-json', 'write-json', 'create-transform-job', 'PredictionStarted']);
    expect(claimOf(actions)).toMatchObject({ key: 'results/sales/a.csv/e1/claim.json', condition: { ifAbsent: true }, value: { model: { name: 'j2', version: 2 } } });
  });

  test('is one request of its whole size, read through a manifest of its copy', () => {
    const create = decidePrediction(facts).find((action) => action.type === 'create-transform-job');
    expect(create?.input).toMatchObject({ ModelName: 'j2', MaxPayloadInMB: 3, MaxConcurrentTransforms: 1, TransformInput: { SplitType: 'None', ContentType: 'text/csv' } });
  });

  test('that is claimed gets the very job that the claim names, whatever model is the champion by now', () => {
    const claim = { key: facts.object.key, etag: 'e1', size: 5, dataset: 'sales', file: 'a.csv', snapshot: 's', job: 'df-sales-0123456789ab-1', model: { name: 'j1', version: 1, modelPackageArn: 'arn:p/df-sales/1' }, at: '' };
    const actions = decidePrediction({ ...facts, claim });
    expect(types(actions)).toEqual(['create-transform-job', 'PredictionStarted']);
    expect(actions[0]).toMatchObject({ input: { TransformJobName: 'df-sales-0123456789ab-1', ModelName: 'j1' } });
  });

  test('waits where there is no model', () => {
    expect(types(decidePrediction({ ...facts, champion: undefined }))).toEqual(['PredictionWaiting']);
  });

  test('that cannot be predicted is refused once, and told of again by its own event only', () => {
    const bad = { ...facts, problem: { code: 'missing-column', message: 'm', remedy: 'r' } };
    expect(types(decidePrediction(bad))).toEqual(['write-json', 'UploadRejected']);
    expect(decidePrediction({ ...bad, hasVerdict: true, isTrigger: false })).toEqual([]);
    expect(types(decidePrediction({ ...bad, hasVerdict: true }))).toContain('UploadRejected');
  });

  test('gets another job for another attempt', () => {
    const job = (attempt: number) => decidePrediction({ ...facts, attempt }).find((action) => action.type === 'create-transform-job')?.input.TransformJobName;
    expect(job(1)).not.toBe(job(2));
  });
});

describe('the door', () => {
  const header = (...names: string[]) => inspectHead(new TextEncoder().encode(`${names.join(',')}\n${names.map(() => '1').join(',')}\n`), { complete: true });

  test('names every missing column, and what the file has that is spelled nearly so', () => {
    const problem = checkPredictionHead(header('pricee', 'size'), 10, { version: 2, manifest: manifestWith(['price', 'colour', 'size']) });
    expect(problem).toMatchObject({ code: 'missing-column', message: expect.stringMatching(/"price" \(it has "pricee"\), "colour", which model version 2 needs/) });
  });

  test('takes columns in any order and extra ones', () => {
    expect(checkPredictionHead(header('x', 'size', 'price'), 10, { version: 2, manifest: manifestWith(['price', 'size']) })).toBeUndefined();
  });

  test('finds the columns of a file without a header by their place, with or without the target', () => {
    const model = { version: 2, manifest: manifestWith(['c0', 'c1'], false) };
    const headerless = (text: string) => inspectHead(new TextEncoder().encode(text), { complete: true, reading: { header: false } });
    expect(checkPredictionHead(headerless('1,2\n3,4\n'), 10, model)).toBeUndefined();
    expect(checkPredictionHead(headerless('1,2,3\n3,4,5\n'), 10, model)).toBeUndefined();
    expect(checkPredictionHead(headerless('1\n3\n'), 10, model)).toMatchObject({ code: 'missing-column', message: expect.stringContaining('"c1"') });
  });

  test('refuses a file that is larger than a request may be', () => {
    expect(checkPredictionHead(header('price'), LARGEST_FILE, undefined)).toBeUndefined();
    expect(checkPredictionHead(header('price'), LARGEST_FILE + 1, undefined)).toMatchObject({ code: 'too-large' });
  });
});
