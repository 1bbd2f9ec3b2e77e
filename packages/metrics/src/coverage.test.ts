import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetricsError, intervalCoverage } from './index.ts';

const column = (...values: number[]): Float64Array => Float64Array.from(values);

describe('the coverage of intervals', () => {
  it('is the share of rows inside, ends included', () => {
    expect(intervalCoverage(column(1, 2, 3, 4), column(1, 0, 4, 0), column(5, 2, 5, 3))).toEqual({ share: 0.5, rows: 4 });
  });

  it('is 1 for intervals without ends and 0 for those that hold nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (values) => {
        const actual = Float64Array.from(values);
        expect(intervalCoverage(actual, actual.map(() => -Infinity), actual.map(() => Infinity)).share).toBe(1);
        expect(intervalCoverage(actual, actual.map(() => Infinity), actual.map(() => -Infinity)).share).toBe(0);
      }),
    );
  });

  it('refuses different lengths and ends that are no numbers', () => {
    expect(() => intervalCoverage(column(1, 2), column(1), column(1, 2))).toThrow(/lower: got 1 rows, expected 2/);
    expect(() => intervalCoverage(column(1), column(0), column(NaN))).toThrow(/upper: got NaN at row 0/);
    expect(() => intervalCoverage(column(), column(), column())).toThrow(MetricsError);
  });
});
