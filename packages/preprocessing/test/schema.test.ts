import { describe, expect, test } from 'vitest';
import { parseSteps, PreprocessingError } from '../src/index.ts';

describe('a recipe', () => {
  test('may have every kind of step', () => {
    const steps = [
      { step: 'replace', column: 'fat', values: { LF: 'Low Fat', unknown: null } },
      { step: 'impute', column: 'weight', strategy: 'mean', by: 'type' },
      { step: 'impute', column: 'size', strategy: 'lookup', by: 'shop', values: { corner: 'Small' } },
      { step: 'impute', column: 'age', strategy: 'constant', value: 0 },
      { step: 'drop', columns: ['id'] },
      { step: 'encode', columns: ['fat'], method: 'one-hot' },
      { step: 'date', columns: ['since'], parts: ['year'] },
      { step: 'scale', columns: ['price'], method: 'standard' },
      { step: 'clip', columns: ['price'], quantiles: [0.01, 0.99] },
      { step: 'log', columns: ['price'] },
    ];
    expect(parseSteps(steps)).toEqual(steps);
  });

  test('takes every part of a date and standard scaling where it does not say', () => {
    expect(parseSteps([{ step: 'date', columns: ['d'] }, { step: 'scale', columns: ['n'] }])).toEqual([
      { step: 'date', columns: ['d'], parts: ['year', 'month', 'day', 'weekday', 'hour', 'elapsedDays'] },
      { step: 'scale', columns: ['n'], method: 'standard' },
    ]);
  });

  test.each([
    [[{ step: 'drop', columns: ['a'] }, { step: 'impute', column: 'b', strategy: 'average' }], /step 2 \(impute\), key strategy/],
    [[{ step: 'impute', column: 'b', strategy: 'mean', groupBy: 'c' }], /step 1 \(impute\), key groupBy: there is no such key/],
    [[{ step: 'encode', columns: 'a', method: 'ordinal' }], /step 1 \(encode\), key columns/],
    [[{ step: 'shuffle', column: 'a' }], /step 1 \(shuffle\), key step/],
    [[{ step: 'scale', column: 'a' }], /step 1 \(scale\), key columns: .*step 1 \(scale\), key column: there is no such key/],
    [[{ step: 'date', columns: ['a'], parts: ['minute'] }], /step 1 \(date\), key parts.0/],
    [[{ step: 'clip', columns: ['a'] }], /step 1 \(clip\), key quantiles: must be given, or min, max or both in its place/],
    [[{ step: 'clip', columns: ['a'], min: 1, quantiles: [0, 1] }], /step 1 \(clip\), key quantiles: must be given/],
    [[{ step: 'clip', columns: ['a'], min: 2, max: 1 }], /step 1 \(clip\), key min: must not be above max/],
    [[{ step: 'clip', columns: ['a'], quantiles: [0.9, 0.1] }], /step 1 \(clip\), key quantiles: must be the lower one first/],
    [[{ step: 'clip', columns: ['a'], quantiles: [1, 99] }], /step 1 \(clip\), key quantiles.1/],
    [[{ step: 'log', columns: [] }], /step 1 \(log\), key columns/],
    [[{ step: 'encode', columns: ['a'], method: 'onehot' }], /step 1 \(encode\), key method/],
    [[{ step: 'replace', column: 'a', values: {} }], /step 1 \(replace\), key values: must list at least one value/],
    [[{ step: 'impute', column: 'a', strategy: 'constant' }], /step 1 \(impute\), key value/],
    [['drop'], /step 1: /],
    [{ step: 'drop' }, /steps: .*array/],
  ])('that is wrong is refused with the step and the key: %j', (steps, message) => {
    expect(() => parseSteps(steps)).toThrow(PreprocessingError);
    expect(() => parseSteps(steps)).toThrow(message);
  });
});
