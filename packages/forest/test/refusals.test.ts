import { describe, expect, it } from 'vitest';
import { RandomForestClassifier, RandomForestRegressor } from '../src/index.ts';
import { refusalOf } from './refusal-of.ts';

const column = (...values: number[]): Float64Array => Float64Array.from(values);
const data = { columns: [column(1, 2, 3), column(4, NaN, 6)], target: column(0, 1, 1) };

/** What is refused, and by which message, is told by refusals-data.test.ts and refusals-options.test.ts. */
describe('a fit', () => {
  it('refuses data and options before any work, as a rejected promise', async () => {
    const grown: number[] = [];
    const onProgress = (): void => { grown.push(1); };
    for (const Forest of [RandomForestRegressor, RandomForestClassifier]) {
      expect(await refusalOf(() => Forest.fit({ ...data, target: column(0, NaN, 1) }, { onProgress }))).toBe('invalid-data | target: got NaN at row 1, expected a finite number');
      expect(await refusalOf(() => Forest.fit(data, { maxFeatures: 3, onProgress }))).toMatch(/^invalid-option \| maxFeatures: got 3, allowed: .*\(2\)/);
    }
    expect(await refusalOf(() => RandomForestClassifier.fit({ ...data, target: column(0, 1.5, 1) }))).toMatch(/^invalid-data \| target: got 1.5 at row 1/);
    expect(await refusalOf(() => RandomForestRegressor.fit(data, { classWeight: 'balanced' }))).toMatch(/^invalid-option \| classWeight/);
    expect(grown).toEqual([]);
  });

  it('of one row, of one class or of constants alone is none to refuse', async () => {
    const options = { nEstimators: 3 };
    const constant = { columns: [column(5, 5, 5)], target: column(0, 0, 0) };
    expect((await RandomForestRegressor.fit({ columns: [column(1)], target: column(7) }, options)).predict([column(9)])).toEqual(column(7));
    expect((await RandomForestRegressor.fit(constant, options)).predict([column(9)])).toEqual(column(0));
    expect((await RandomForestClassifier.fit(constant, options)).predictProba([column(9)])).toEqual(column(1));
  });
});

describe('a prediction', () => {
  it('refuses other columns than those of the fit, and no number', async () => {
    const forest = await RandomForestRegressor.fit(data, { nEstimators: 1 });
    expect(await refusalOf(() => forest.predict([column(1)]))).toBe('invalid-data | columns: got 1 columns, expected 2, in the order of the fit');
    expect(forest.predict([column(NaN, Infinity), column(-Infinity, NaN)]).every(Number.isFinite)).toBe(true);
    expect(forest.predict([column(), column()])).toEqual(column());
  });
});
