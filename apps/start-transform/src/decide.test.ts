import { ModelManifestSchema, type Claim, type TransformFile, type TransformSource } from '@dropforest/contracts';
import type { Action } from '@dropforest/lambda-kit';
import { inspectHead } from '@dropforest/tabular';
import { describe, expect, test } from 'vitest';
import { decideClaimed, decideJob, decideWithoutModel, refuseFile, waitForSlot, type InspectedFile, type JobFacts } from './decide.ts';
import { checkPredictionHead, LARGEST_FILE } from './door.ts';

const NOW = Date.UTC(2026, 2, 4, 12);
const types = (actions: readonly Action[] = []) => actions.map((action) => (action.type === 'emit' ? action.event.type : action.type));
const MB = 1 << 20;

function manifestWith(required: readonly string[], header = true) {
  const columns = required.map((name) => ({ name, kind: 'numeric', required: true }));
  return ModelManifestSchema.parse({
    formatVersion: 1, dataset: 'sales', task: 'regression', target: 'y', algorithm: 'forest', hyperparameters: {}, preprocessing: {},
    schema: { columns, header, fileColumns: [...required, 'y'] },
    metrics: { task: 'regression', baseline: { rmse: 1, mae: 1, r2: 0, rows: 1 } },
    rows: { read: 1, trained: 1, heldOut: 0, leftOut: 0 },
  });
}

describe('a file that is held against the needs of a model', () => {
  const inspected: InspectedFile = { dataset: 'sales', file: 'a.csv', object: { key: 'predict/sales/a.csv', etag: 'e1', size: 3, lastModified: NOW }, problem: undefined, settings: 's2' };
  const bad = { ...inspected, problem: { code: 'missing-column', message: 'm', remedy: 'r' } };

  test('waits where there is no model yet', () => {
    expect(decideWithoutModel(inspected, NOW)).toMatchObject([{ event: { type: 'PredictionWaiting', detail: { dataset: 'sales', key: 'predict/sales/a.csv', etag: 'e1', reason: expect.stringContaining('sales has no approved model yet') } } }]);
  });

  test('is refused where it cannot be predicted, with a verdict and an event', () => {
    for (const actions of [refuseFile(bad, NOW), decideWithoutModel(bad, NOW)]) {
      expect(types(actions)).toEqual(['write-json', 'UploadRejected']);
      expect(actions[0]).toMatchObject({ key: 'rejected/sales/predict/a.csv/e1.json', value: { settings: 's2', problem: { code: 'missing-column' } } });
    }
    expect(refuseFile(inspected, NOW)).toEqual([]);
  });
});

const job = 'df-sales-0123456789ab-1';
const model = { name: 'j2', version: 2, modelPackageArn: 'arn:p/df-sales/2' };
const fileNamed = (file: string, size = 10): TransformFile => ({
  key: `predict/sales/${file}`, etag: `e-${file}`, size, file, snapshot: `snapshots/sales/e-${file}/${file}`, sha256: `sha-${file}`, attempt: 1, droppedAt: '2026-03-04T11:59:00.000Z',
});

describe('a file that is claimed', () => {
  const claim: Claim = { ...fileNamed('a.csv'), dataset: 'sales', job, model, at: '2026-03-04T12:00:00.000Z' };

  test.each(['running', 'ended'] as const)('by a job that is %s needs nothing', (state) => {
    expect(decideClaimed(claim, state, NOW)).toEqual([]);
  });

  test.each([
    [0, 10],
    [400, 10],
    [1000, 9],
    [9999, 1],
  ])('by a job that is to be created waits for it: %d ms after the claim for %d seconds', (age, seconds) => {
    expect(decideClaimed(claim, 'not-found', NOW + age)).toMatchObject([{ type: 'wait', seconds }]);
  });

  test('by a job that nobody came to create has it created', () => {
    expect(decideClaimed(claim, 'not-found', NOW + 10_000)).toBeUndefined();
  });
});

describe('a job whose files are claimed', () => {
  const files = [fileNamed('a.csv'), fileNamed('in/b.csv')];
  const source: TransformSource = { dataset: 'sales', job, model, files: [...files, fileNamed('lost.csv')], at: '2026-03-04T12:00:00.000Z' };
  const slots = [{ key: 'jobs/slots/0.json' }];
  const facts: JobFacts = { source, files, slots, receiveCount: 1, bucket: 'b', now: NOW };
  const inputOf = (actions: readonly Action[]) => actions.find((action) => action.type === 'create-transform-job')?.input;

  test('has its list written, a place taken, and is told of file by file before it is created', () => {
    const actions = decideJob(facts);
    expect(types(actions)).toEqual(['write-json', 'write-json', 'PredictionStarted', 'PredictionStarted', 'create-transform-job']);
    expect(actions[0]).toEqual({ type: 'write-json', key: `manifests/${job}/input.manifest`, value: [{ prefix: 's3://b/snapshots/sales/' }, 'e-a.csv/a.csv', 'e-in/b.csv/in/b.csv'] });
    expect(actions[1]).toMatchObject({ key: 'jobs/slots/0.json', value: { job }, condition: { ifAbsent: true } });
    const told = actions.flatMap((action) => (action.type === 'emit' ? [action.event.detail] : []));
    expect(told).toMatchObject(files.map(({ key, etag }) => ({ dataset: 'sales', key, etag, job, modelVersion: 2 })));
    expect(new Set(told.map(({ id }) => id)).size).toBe(2);
  });

  test('reads its list, writes beside it, and knows which model it is', () => {
    expect(inputOf(decideJob(facts))).toMatchObject({
      TransformJobName: job,
      ModelName: 'j2',
      TransformInput: { ContentType: 'text/csv', SplitType: 'None', DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: `s3://b/manifests/${job}/input.manifest` } } },
      TransformOutput: { S3OutputPath: `s3://b/jobs/${job}/output`, Accept: 'text/csv', AssembleWith: 'None' },
      Environment: { DROPFOREST_MODEL_VERSION: '2' },
      Tags: [{ Key: 'dropforest:dataset', Value: 'sales' }],
    });
  });

  test.each([
    [[10, 20], 1, 4],
    [[MB, 3], 1, 4],
    [[MB + 1, 3], 2, 4],
    [[25 * MB, 3], 25, 4],
    [[3, 25 * MB + 1], 26, 3],
    [[34 * MB], 34, 2],
    [[51 * MB], 51, 1],
    [[100 * MB, 100 * MB], 100, 1],
  ])('with files of %j bytes has requests of %d MB, %d at once', (sizes, MaxPayloadInMB, MaxConcurrentTransforms) => {
    expect(inputOf(decideJob({ ...facts, files: sizes.map((size, index) => fileNamed(`${index}.csv`, size)) }))).toMatchObject({ MaxPayloadInMB, MaxConcurrentTransforms });
  });

  test('is not created while every place is taken', () => {
    const taken = [{ key: 'jobs/slots/0.json', taken: { job: 'other', at: '2026-03-04T11:00:00.000Z', etag: 's', state: 'running' as const } }];
    expect(types(decideJob({ ...facts, slots: taken }))).toEqual(['write-json', 'wait']);
    expect(decideJob({ ...facts, slots: taken, receiveCount: 7 })[1]).toEqual(waitForSlot(7, job));
  });

  test('is nothing where another job was first with every file', () => {
    expect(decideJob({ ...facts, files: [] })).toEqual([]);
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
