import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitPipeline, parseFittedPipeline, PreprocessingError, transform } from '../src/index.ts';
import type { FeatureColumn, FittedPipeline, Step } from '../src/index.ts';
import { rows, tableOfRows } from './tables.ts';
import type { Row } from './tables.ts';

const RECIPES: readonly Step[][] = [
  [],
  [{ step: 'impute', column: 'size', strategy: 'mean', by: 'colour' }, { step: 'encode', columns: ['colour'], method: 'one-hot' }],
  [
    { step: 'replace', column: 'colour', values: { navy: 'blue', green: null } },
    { step: 'impute', column: 'colour', strategy: 'mode', by: 'shop' },
    { step: 'encode', columns: ['colour', 'shop'], method: 'ordinal' },
  ],
  [{ step: 'impute', column: 'weight', strategy: 'median', by: 'shop' }, { step: 'encode', columns: ['shop'], method: 'ordinal-by-target' }, { step: 'drop', columns: ['size'] }],
];
const recipe = fc.constantFrom(...RECIPES);
const accepts = fc.record({ missingValues: fc.boolean(), categories: fc.boolean() });

/** Rows of which nothing can be learned are no case here. */
function fit(data: readonly Row[], steps: readonly Step[], options = {}): FittedPipeline | undefined {
  try {
    return fitPipeline(tableOfRows(data), 'y', steps, options);
  } catch (error) {
    if (error instanceof PreprocessingError && error.code === 'no-features') return undefined;
    throw error;
  }
}

/** Bits, not values: NaN equals NaN and 0 does not equal −0. */
const bitsOf = (features: readonly FeatureColumn[]): unknown => features.map(({ name, values, categories }) => ({ name, categories, bits: Array.from(new BigUint64Array(values.buffer)) }));

describe('a fitted pipeline', () => {
  test('gives bit-equal features after it was stored as JSON', () => {
    fc.assert(
      fc.property(rows, rows, recipe, accepts, (train, predict, steps, accepted) => {
        const state = fit(train, steps, { accepts: accepted });
        if (state === undefined) return;
        const stored = parseFittedPipeline(JSON.parse(JSON.stringify(state)));
        expect(stored).toEqual(state);
        expect(bitsOf(transform(tableOfRows(predict), stored))).toEqual(bitsOf(transform(tableOfRows(predict), state)));
      }),
    );
  });

  test('leaves no gap and no word to an algorithm that takes neither', () => {
    fc.assert(
      fc.property(rows, rows, recipe, (train, predict, steps) => {
        const state = fit(train, steps);
        if (state === undefined) return;
        for (const { values } of transform(tableOfRows(predict), state)) expect(values.every(Number.isFinite)).toBe(true);
      }),
    );
  });

  test('treats each row by itself', () => {
    fc.assert(
      fc.property(rows, rows, recipe, accepts, (train, predict, steps, accepted) => {
        const state = fit(train, steps, { accepts: accepted });
        if (state === undefined) return;
        const together = transform(tableOfRows(predict), state);
        predict.forEach((row, index) => {
          const alone = transform(tableOfRows([row]), state);
          expect(alone.map(({ values }) => values[0])).toEqual(together.map(({ values }) => values[index]));
        });
      }),
      { numRuns: 30 },
    );
  });

  test('does not mind the order of the columns of a table to transform', () => {
    fc.assert(
      fc.property(rows, rows, recipe, fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (train, predict, steps, order) => {
        const state = fit(train, steps);
        if (state === undefined) return;
        expect(bitsOf(transform(tableOfRows(predict, order), state))).toEqual(bitsOf(transform(tableOfRows(predict), state)));
      }),
    );
  });

  test('imputes the mean of each group as a plain loop finds it', () => {
    fc.assert(
      fc.property(rows, (train) => {
        const state = fit(train, [{ step: 'impute', column: 'size', strategy: 'mean', by: 'shop' }]);
        const feature = state === undefined ? undefined : transform(tableOfRows(train), state).find(({ name }) => name === 'size');
        if (feature === undefined) return;
        const meanOf = (members: readonly Row[]): number | undefined => {
          const sizes = members.flatMap(([size]) => size ?? []);
          return sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
        };
        train.forEach((row, index) => {
          const group = row[3] === null ? [] : train.filter((other) => other[3] === row[3]);
          expect(feature.values[index]).toBeCloseTo(row[0] ?? meanOf(group) ?? meanOf(train) ?? Number.NaN, 6);
        });
      }),
    );
  });
});

test('state that was not made here is refused', () => {
  expect(() => parseFittedPipeline({ formatVersion: 2 })).toThrow(/cannot be read .* train again/);
});
