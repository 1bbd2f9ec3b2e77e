import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDatasetConfig } from './dataset-config.ts';
import { digest, jobName, parseJobName, trainingJobBase, transformJobBase, type TrainingInputs } from './names.ts';

const inputs: TrainingInputs = {
  files: [
    { key: 'train/sales/a.csv', etag: 'e1' },
    { key: 'train/sales/b.csv', etag: 'e2' },
  ],
  config: parseDatasetConfig(undefined),
  image: 'dropforest:1',
};
const dataset = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$/);

describe("a training job's name", () => {
  const name = trainingJobBase('sales', inputs);

  test('does not depend on the order of the files, nor on how the settings are spelled', () => {
    expect(trainingJobBase('sales', { ...inputs, files: inputs.files.toReversed() })).toBe(name);
    expect(trainingJobBase('sales', { ...inputs, config: parseDatasetConfig('{"algorithm":"forest","quietSeconds":5}') })).toBe(name);
  });

  test.each<[string, TrainingInputs]>([
    ['another content', { ...inputs, files: [{ key: 'train/sales/a.csv', etag: 'e9' }, ...inputs.files.slice(1)] }],
    ['another file name', { ...inputs, files: [{ key: 'train/sales/c.csv', etag: 'e1' }, ...inputs.files.slice(1)] }],
    ['one file less', { ...inputs, files: inputs.files.slice(1) }],
    ['another setting', { ...inputs, config: parseDatasetConfig('{"hyperparameters":{"nEstimators":50}}') }],
    ['another image', { ...inputs, image: 'dropforest:2' }],
  ])('is another one for %s', (_, other) => {
    expect(trainingJobBase('sales', other)).not.toBe(name);
  });

  test('is one that SageMaker takes, and says what it is made of', () => {
    fc.assert(
      fc.property(dataset, fc.integer({ min: 1, max: 9999 }), (set, attempt) => {
        const base = trainingJobBase(set, inputs);
        const job = jobName(base, attempt);
        expect(job).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
        expect(parseJobName(job)).toEqual({ base, dataset: set, digest: base.slice(-12), attempt });
      }),
    );
  });
});

test("a transform job's name is another one for another model, other files or another attempt, not for another order", () => {
  const a = { key: 'predict/sales/a.csv', etag: 'e1', attempt: 1 };
  const b = { key: 'predict/sales/b.csv', etag: 'e2', attempt: 1 };
  const name = transformJobBase('sales', { files: [a, b], model: 'm1' });
  expect(transformJobBase('sales', { files: [b, a], model: 'm1' })).toBe(name);
  for (const other of [{ files: [a, b], model: 'm2' }, { files: [a], model: 'm1' }, { files: [a, { ...b, attempt: 2 }], model: 'm1' }]) {
    expect(transformJobBase('sales', other)).not.toBe(name);
  }
});

test.each(['df-sales', 'df-sales-0123456789ab', 'df-sales-0123456789ab-0', 'sales-0123456789ab-1', 'df-sales-0123456789AB-1'])('%s is no job of ours', (name) => {
  expect(parseJobName(name)).toBeUndefined();
});

test('a digest does not depend on the order of keys, but on that of lists', () => {
  expect(digest({ a: 1, b: { c: 2, d: 3 } })).toBe(digest({ b: { d: 3, c: 2 }, a: 1 }));
  expect(digest([1, 2])).not.toBe(digest([2, 1]));
});
