import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Table } from '@dropforest/tabular';
import { fitPipeline, parseFittedPipeline, parseSteps, PreprocessingError, profileOf, transform } from '../src/index.ts';
import type { FeatureColumn, FitOptions, FittedPipeline, Step } from '../src/index.ts';
import { columnOf, IN_ORDER, row, rows, rowsWhere, tableOfRows, targetOf } from './tables.ts';
import type { Row } from './tables.ts';

const RECIPES: readonly Step[][] = [
  [],
  [{ step: 'impute', column: 'size', strategy: 'mean', by: 'colour' }, { step: 'encode', columns: ['colour'], method: 'one-hot' }, { step: 'scale', columns: ['size', 'weight'] }],
  [
    { step: 'replace', column: 'colour', values: { navy: 'blue', green: null } },
    { step: 'replace', column: 'size', values: { 0: 1 } },
    { step: 'impute', column: 'colour', strategy: 'mode', by: 'shop' },
    { step: 'encode', columns: ['colour', 'shop'], method: 'ordinal' },
    { step: 'date', columns: ['since'], parts: ['month', 'elapsedDays'] },
    { step: 'log', columns: ['since.elapsedDays', 'weight'] },
  ],
  [
    { step: 'impute', column: 'weight', strategy: 'median', by: 'shop' },
    { step: 'impute', column: 'since', strategy: 'median', by: 'open' },
    { step: 'encode', columns: ['shop'], method: 'ordinal-by-target' },
    { step: 'encode', columns: ['colour'], method: 'frequency' },
    { step: 'clip', columns: ['weight'], quantiles: [0.1, 0.9] },
    { step: 'drop', columns: ['size'] },
  ],
].map((steps) => parseSteps(steps));
const recipe = fc.constantFrom(...RECIPES);
const accepts = fc.record({ missingValues: fc.boolean(), categories: fc.boolean() });
const task = fc.constantFrom('regression', 'classification');

/** Rows of which nothing can be learned are no case here. */
function fit(table: Table, steps: readonly Step[], options: FitOptions = {}, kind: 'regression' | 'classification' = 'regression'): FittedPipeline | undefined {
  const { name, values } = targetOf(table);
  const target = kind === 'regression' ? values : values.map((value) => Math.abs(Math.round(value)) % 3);
  try {
    return fitPipeline(table, { name, task: kind, values: target }, steps, options);
  } catch (error) {
    if (error instanceof PreprocessingError && error.code === 'no-features') return undefined;
    throw error;
  }
}

const fitRows = (data: readonly Row[], steps: readonly Step[], options: FitOptions = {}): FittedPipeline | undefined => fit(tableOfRows(data), steps, options);

/** Bits, not values: NaN equals NaN and 0 does not equal −0. */
const bitsOf = (features: readonly FeatureColumn[]): unknown => features.map(({ name, values, categories }) => ({ name, categories, bits: Array.from(new BigUint64Array(values.slice().buffer)) }));

describe('a fitted pipeline', () => {
  test('gives bit-equal features after it was stored as JSON', () => {
    fc.assert(
      fc.property(rows, rows, recipe, accepts, task, (train, predict, steps, accepted, kind) => {
        const state = fit(tableOfRows(train), steps, { accepts: accepted }, kind);
        if (state === undefined) return;
        const stored = parseFittedPipeline(JSON.parse(JSON.stringify(state)));
        expect(stored).toEqual(state);
        expect(bitsOf(transform(tableOfRows(predict), stored))).toEqual(bitsOf(transform(tableOfRows(predict), state)));
      }),
    );
  });

  test('is the same whatever rows were held out, and so is the profile', () => {
    const split = fc.array(fc.tuple(row, row, fc.boolean()), { minLength: 12, maxLength: 60 });
    fc.assert(
      fc.property(split, recipe, accepts, task, (data, steps, accepted, kind) => {
        // The same training rows among others: what is held out differs in every cell, adds levels and changes their order.
        const isTraining = data.map(([, , flag]) => flag);
        const training = rowsWhere(tableOfRows(data.map(([one]) => one)), isTraining);
        const among = rowsWhere(tableOfRows(data.map(([one, other, flag]) => (flag ? one : other))), isTraining);
        if (training.rowCount === 0) return;
        expect(JSON.stringify(fit(among, steps, { accepts: accepted }, kind))).toBe(JSON.stringify(fit(training, steps, { accepts: accepted }, kind)));
        expect(profileOf(among)).toEqual(profileOf(training));
      }),
    );
  });

  test('leaves no gap and no word to an algorithm that takes neither', () => {
    fc.assert(
      fc.property(rows, rows, recipe, (train, predict, steps) => {
        const state = fitRows(train, steps);
        if (state === undefined) return;
        for (const { values } of transform(tableOfRows(predict), state)) expect(values.every(Number.isFinite)).toBe(true);
      }),
    );
  });

  test('treats each row by itself', () => {
    fc.assert(
      fc.property(rows, rows, recipe, accepts, (train, predict, steps, accepted) => {
        const state = fitRows(train, steps, { accepts: accepted });
        if (state === undefined) return;
        const together = transform(tableOfRows(predict), state);
        predict.forEach((each, index) => {
          const alone = transform(tableOfRows([each]), state);
          expect(alone.map(({ values }) => values[0])).toEqual(together.map(({ values }) => values[index]));
        });
      }),
      { numRuns: 30 },
    );
  });

  test('does not mind the order of the columns of a table to transform, nor columns that it does not know', () => {
    fc.assert(
      fc.property(rows, rows, recipe, fc.shuffledSubarray([...IN_ORDER], { minLength: IN_ORDER.length }), (train, predict, steps, order) => {
        const state = fitRows(train, steps);
        if (state === undefined) return;
        const shuffled = tableOfRows(predict, order);
        const extra = columnOf('another', 'categorical', predict.map((_, place) => `word ${place}`));
        const wider = { ...shuffled, columns: [extra, ...shuffled.columns] };
        expect(bitsOf(transform(wider, state))).toEqual(bitsOf(transform(tableOfRows(predict), state)));
      }),
    );
  });

  test('learns the same from columns in another order', () => {
    fc.assert(
      fc.property(rows, recipe, fc.shuffledSubarray([...IN_ORDER], { minLength: IN_ORDER.length }), (train, steps, order) => {
        const one = fitRows(train, steps);
        const two = fit(tableOfRows(train, order), steps);
        if (one === undefined || two === undefined) return;
        const byName = (state: FittedPipeline): unknown => bitsOf(transform(tableOfRows(train), state).sort((a, b) => (a.name < b.name ? -1 : 1)));
        expect(byName(two)).toEqual(byName(one));
      }),
    );
  });

  test('needs its inputs and nothing else', () => {
    fc.assert(
      fc.property(rows, recipe, (train, steps) => {
        const state = fitRows(train, steps);
        if (state === undefined) return;
        const table = tableOfRows(train);
        const inputs = new Set(state.inputs.map(({ name }) => name));
        const narrow = { ...table, columns: table.columns.filter(({ name }) => inputs.has(name)) };
        expect(bitsOf(transform(narrow, state))).toEqual(bitsOf(transform(table, state)));
        for (const name of inputs) {
          expect(() => transform({ ...narrow, columns: narrow.columns.filter((column) => column.name !== name) }, state)).toThrow(/but it is not there/);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('imputes the mean of each group as a plain loop finds it', () => {
    fc.assert(
      fc.property(rows, (train) => {
        const state = fitRows(train, [{ step: 'impute', column: 'size', strategy: 'mean', by: 'shop' }]);
        const feature = state === undefined ? undefined : transform(tableOfRows(train), state).find(({ name }) => name === 'size');
        if (feature === undefined) return;
        const meanOf = (members: readonly Row[]): number | undefined => {
          const sizes = members.flatMap(([size]) => size ?? []);
          return sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
        };
        train.forEach((each, index) => {
          const group = each[3] === null ? [] : train.filter((other) => other[3] === each[3]);
          expect(feature.values[index]).toBeCloseTo(each[0] ?? meanOf(group) ?? meanOf(train) ?? Number.NaN, 6);
        });
      }),
    );
  });
});

test('state that was not made here is refused', () => {
  expect(() => parseFittedPipeline({ formatVersion: 2 })).toThrow(/cannot be read .* train again/);
});
