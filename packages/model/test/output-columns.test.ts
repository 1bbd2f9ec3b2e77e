import { ModelManifestSchema } from '@dropforest/contracts';
import { describe, expect, test } from 'vitest';
import { outputColumns } from '../src/output-columns.ts';

const figures = { rmse: 1, mae: 1, r2: 0, rows: 1 };
const manifest = (output: object, more: object = {}) =>
  ModelManifestSchema.parse({
    formatVersion: 1, dataset: 'd', task: 'regression', target: 'y', algorithm: 'a', hyperparameters: {}, schema: { columns: [] }, preprocessing: {},
    metrics: { task: 'regression', baseline: figures }, rows: { read: 1, trained: 1, heldOut: 0, leftOut: 0 }, lineage: { job: 'job-1', image: 'i', files: [] }, output, ...more,
  });
const intervals = { level: 0.9, centers: [0], lower: [-1], upper: [2] };
const table = (columns: ReturnType<typeof outputColumns>, rows: number) => [columns.map(({ name }) => name), ...Array.from({ length: rows }, (_, row) => columns.map(({ cell }) => cell(row)))];

describe('the columns of an answer', () => {
  test('are the prediction alone, unless the data set asks for more', () => {
    expect(table(outputColumns(manifest({}), Float64Array.of(1.5, 3), intervals, '7'), 2)).toEqual([['prediction'], ['1.5'], ['3']]);
  });

  test('have the ends of the interval and the model version where it asks for them', () => {
    expect(table(outputColumns(manifest({ intervals: true, modelVersion: true }), Float64Array.of(1.5), intervals, '7'), 1)).toEqual([['prediction', 'prediction_lower', 'prediction_upper', 'model_version'], ['1.5', '0.5', '3.5', '7']]);
  });

  test('name the training job where nobody tells the version', () => {
    expect(table(outputColumns(manifest({ modelVersion: true }), Float64Array.of(1), undefined, undefined), 1)[1]).toEqual(['1', 'job-1']);
  });

  test('are the most probable class and its probability, the first of equals, and each class on request', () => {
    const classes = { classes: ['no', 'yes'] };
    const probabilities = Float64Array.of(0.5, 0.5, 0.25, 0.75);
    expect(table(outputColumns(manifest({}, classes), probabilities, undefined, undefined), 2)).toEqual([['prediction', 'probability'], ['no', '0.5'], ['yes', '0.75']]);
    expect(table(outputColumns(manifest({ classProbabilities: true }, classes), probabilities, undefined, undefined), 2)[0]).toEqual(['prediction', 'probability', 'probability_no', 'probability_yes']);
  });
});
