import { describe, expect, test } from 'vitest';
import { applySetting, parseDatasetConfig, parseScalar } from './dataset-config.ts';

describe('dataset.json', () => {
  test('may be missing: everything has a default', () => {
    expect(parseDatasetConfig(undefined)).toMatchObject({ task: 'auto', algorithm: 'forest', hyperparameters: {}, evaluation: { holdout: 0.1, seed: 0 }, approval: 'auto', maxBadRows: 100 });
  });

  test.each([
    ['{ "traget": "price" }', /traget/],
    ['{ "evaluation": { "holdout": 1.5 } }', /evaluation\.holdout: must be a fraction from 0 to 0\.9/],
    ['{ "instance": { "type": "large" } }', /instance\.type: must be a SageMaker instance type/],
    ['[]', /the file: /],
    ['{ "target": ', /is not JSON/],
  ])('%s is refused, naming the key', (text, message) => {
    expect(() => parseDatasetConfig(text)).toThrow(message);
  });
});

describe('a setting by name', () => {
  test.each([
    ['target', 'price', { target: 'price' }],
    ['evaluation.holdout', 0.2, { evaluation: { holdout: 0.2 } }],
    ['nEstimators', 50, { hyperparameters: { nEstimators: 50 } }],
  ])('%s goes where it belongs', (name, value, expected) => {
    expect(applySetting({}, name, value)).toEqual(expected);
  });

  test('leaves the other settings as they were', () => {
    const before = { target: 'price', hyperparameters: { maxDepth: 3 } };
    expect(applySetting(before, 'nEstimators', 50)).toEqual({ target: 'price', hyperparameters: { maxDepth: 3, nEstimators: 50 } });
    expect(before).toEqual({ target: 'price', hyperparameters: { maxDepth: 3 } });
  });

  test.each([
    ['50', 50],
    ['true', true],
    ['sqrt', 'sqrt'],
    ['"7"', '7'],
    ['[1]', '[1]'],
    ['', ''],
  ])('%s stands for what it reads as', (text, value) => {
    expect(parseScalar(text)).toBe(value);
  });
});
