import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetricsError, mae, meanBaseline, r2, regressionMetrics, rmse } from './index.ts';

const column = (...values: number[]): Float64Array => Float64Array.from(values);
// Thousandths: squares of much smaller differences underflow to 0.
const value = fc.integer({ min: -1e9, max: 1e9 }).map((thousandths) => thousandths / 1000);
const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 60 });
const split = (rows: readonly (readonly [number, number])[]) => ({
  actual: Float64Array.from(rows, ([actual]) => actual),
  predicted: Float64Array.from(rows, ([, predicted]) => predicted),
});

describe('regression metrics', () => {
  // The examples of scikit-learn's own reference pages for mean_squared_error, mean_absolute_error and r2_score.
  it('gives the figures of the scikit-learn reference pages', () => {
    const figures = regressionMetrics(column(3, -0.5, 2, 7), column(2.5, 0.0, 2, 8));
    expect(figures.rmse ** 2).toBeCloseTo(0.375, 14);
    expect(figures.mae).toBeCloseTo(0.5, 14);
    expect(figures.r2).toBeCloseTo(0.9486081370449679, 14);
    expect(figures.rows).toBe(4);
    expect(r2(column(1, 2, 3), column(1, 2, 3))).toBe(1);
    expect(r2(column(1, 2, 3), column(2, 2, 2))).toBe(0);
    expect(r2(column(1, 2, 3), column(3, 2, 1))).toBe(-3);
    expect(r2(column(-2, -2, -2), column(-2, -2, -2))).toBe(1);
    expect(r2(column(-2, -2, -2), column(-2, -2, -2 + 1e-8))).toBe(0);
  });

  it('is perfect when predictions are the truth', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const { actual } = split(rows);
        expect(regressionMetrics(actual, actual)).toEqual({ rmse: 0, mae: 0, r2: 1, rows: rows.length });
      }),
    );
  });

  it('keeps mae between 0 and rmse, and r2 at most 1', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const { actual, predicted } = split(rows);
        const figures = regressionMetrics(actual, predicted);
        expect(figures.mae).toBeGreaterThanOrEqual(0);
        expect(figures.mae).toBeLessThanOrEqual(figures.rmse * (1 + 1e-12));
        expect(figures.r2).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('scales with the unit of the target while r2 does not', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const { actual, predicted } = split(rows);
        const one = regressionMetrics(actual, predicted);
        const two = regressionMetrics(actual.map((v) => v * 2), predicted.map((v) => v * 2));
        expect(two).toEqual({ rmse: one.rmse * 2, mae: one.mae * 2, r2: one.r2, rows: one.rows });
      }),
    );
  });

  it('agrees with its parts', () => {
    const actual = column(1, 5, 9);
    const predicted = column(2, 2, 8);
    expect({ rmse: rmse(actual, predicted), mae: mae(actual, predicted), r2: r2(actual, predicted), rows: 3 }).toEqual(
      regressionMetrics(actual, predicted),
    );
  });
});

describe('the baseline of predicting the mean', () => {
  it('has r2 0 on the rows whose mean it is', () => {
    const target = column(1, 2, 6);
    expect(meanBaseline(target, target)).toMatchObject({ r2: 0, rows: 3 });
  });

  it('predicts the mean of the training rows, not of the holdout', () => {
    expect(meanBaseline(column(0, 10), column(8, 8))).toEqual({ rmse: 3, mae: 3, r2: 0, rows: 2 });
  });

  it('stays finite where the plain sum would overflow', () => {
    const huge = column(1e308, 1e308);
    expect(meanBaseline(huge, huge)).toEqual({ rmse: 0, mae: 0, r2: 1, rows: 2 });
  });
});

describe('refusals', () => {
  const refusal = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      if (error instanceof MetricsError) return `${error.code} | ${error.message}`;
      throw error;
    }
    return 'nothing was refused';
  };

  it('names both lengths when they differ', () => {
    expect(refusal(() => rmse(column(1, 2), column(1)))).toMatch(/^length-mismatch .*got 1 rows, expected 2/);
  });

  it('refuses to compare no rows', () => {
    expect(refusal(() => regressionMetrics(column(), column()))).toMatch(/^empty .*actual/);
    expect(refusal(() => meanBaseline(column(), column(1)))).toMatch(/^empty .*trainTarget/);
    expect(refusal(() => meanBaseline(column(1), column()))).toMatch(/^empty .*holdout/);
  });

  it('names the first row without a finite value', () => {
    expect(refusal(() => mae(column(1, 2, 3), column(1, NaN, Infinity)))).toMatch(/^not-finite .*predicted: got NaN at row 1/);
  });
});
