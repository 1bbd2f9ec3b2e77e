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
    ];
    expect(parseSteps(steps)).toEqual(steps);
  });

  test.each([
    [[{ step: 'drop', columns: ['a'] }, { step: 'impute', column: 'b', strategy: 'average' }], /step 2 \(impute\), key strategy/],
    [[{ step: 'impute', column: 'b', strategy: 'mean', groupBy: 'c' }], /step 1 \(impute\), key groupBy: there is no such key/],
    [[{ step: 'encode', columns: 'a', method: 'ordinal' }], /step 1 \(encode\), key columns/],
    [[{ step: 'scale', column: 'a' }], /step 1 \(scale\), key step/],
    [[{ step: 'replace', column: 'a', values: {} }], /step 1 \(replace\), key values: must list at least one value/],
    [[{ step: 'impute', column: 'a', strategy: 'constant' }], /step 1 \(impute\), key value/],
    [['drop'], /step 1: /],
    [{ step: 'drop' }, /steps: .*array/],
  ])('that is wrong is refused with the step and the key: %j', (steps, message) => {
    expect(() => parseSteps(steps)).toThrow(PreprocessingError);
    expect(() => parseSteps(steps)).toThrow(message);
  });
});
