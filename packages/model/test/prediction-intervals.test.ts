import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibrateIntervals, intervalsOf } from '../src/prediction-intervals.ts';

/** Uniform noise whose width grows with the prediction; the stream is a Lehmer generator. */
function noisyRows(rows: number, seed: number): { actual: Float64Array; predicted: Float64Array } {
  let state = seed;
  const uniform = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const predicted = Float64Array.from({ length: rows }, () => 100 * uniform());
  return { predicted, actual: predicted.map((value) => value + (value + 1) * (uniform() - 0.5)) };
}

function coverage(actual: Float64Array, { lower, upper }: { lower: Float64Array; upper: Float64Array }): number {
  return actual.filter((value, row) => value >= (lower[row] ?? 0) && value <= (upper[row] ?? 0)).length / actual.length;
}

describe('prediction intervals', () => {
  test.each([0.5, 0.8, 0.9, 0.99])('hold a share of %d of new rows, small and large predictions alike', (level) => {
    const calibration = calibrateIntervals(...args(noisyRows(8000, 7)), level);
    if (calibration === undefined) throw new RangeError('enough rows');
    const fresh = noisyRows(20_000, 11);
    expect(Math.abs(coverage(fresh.actual, intervalsOf(fresh.predicted, calibration)) - level)).toBeLessThan(0.02);
    for (const isIn of [(value: number) => value < 30, (value: number) => value > 70]) {
      const rows = fresh.predicted.map((value, row) => (isIn(value) ? row : -1)).filter((row) => row >= 0);
      const part = { actual: rows.map((row) => fresh.actual[row] ?? 0), predicted: rows.map((row) => fresh.predicted[row] ?? 0) };
      expect(Math.abs(coverage(part.actual, intervalsOf(part.predicted, calibration)) - level)).toBeLessThan(0.04);
    }
  });

  test('are wider where errors are larger', () => {
    const calibration = calibrateIntervals(...args(noisyRows(8000, 7)), 0.9);
    if (calibration === undefined) throw new RangeError('enough rows');
    const { lower, upper } = intervalsOf(Float64Array.of(5, 95), calibration);
    expect((upper[1] ?? 0) - (lower[1] ?? 0)).toBeGreaterThan(5 * ((upper[0] ?? 0) - (lower[0] ?? 0)));
  });

  test('are not given for fewer than 40 rows', () => {
    expect(calibrateIntervals(...args(noisyRows(39, 7)), 0.9)).toBeUndefined();
    expect(calibrateIntervals(...args(noisyRows(40, 7)), 0.9)).toBeDefined();
  });

  test('are never upside down', () => {
    const row = fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom(1, 2, 3.5, 100));
    fc.assert(
      fc.property(fc.array(row, { minLength: 40, maxLength: 500 }), (rows) => {
        const calibrate = (list: typeof rows) => calibrateIntervals(Float64Array.from(list, ([actual]) => actual), Float64Array.from(list, ([, predicted]) => predicted), 0.9);
        const calibration = calibrate(rows);
        if (calibration === undefined) throw new RangeError('enough rows');
        const { lower, upper } = intervalsOf(Float64Array.of(-5, 1, 1.5, 2, 50, 1e9), calibration);
        lower.forEach((low, index) => expect(low).toBeLessThanOrEqual(upper[index] ?? 0));
      }),
    );
  });

  function args({ actual, predicted }: { actual: Float64Array; predicted: Float64Array }): [Float64Array, Float64Array] {
    return [actual, predicted];
  }
});
