import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentileInterval, resample } from './bootstrap.ts';
import { RandomStream } from './random.ts';
import { logLoss, logLossDifference, rmse, rmseDifference } from './index.ts';

/** About normal: the sum of twelve uniform numbers. */
function normals(count: number, seed: number): Float64Array {
  const random = new RandomStream(seed);
  return Float64Array.from({ length: count }, () => Array.from({ length: 12 }, () => random.below(1e9) / 1e9).reduce((sum, value) => sum + value, -6));
}

/** Predictions of two classes: the truth with some doubt. */
function doubts(actual: Int32Array, seed: number): Float64Array {
  const random = new RandomStream(seed);
  return Float64Array.from(Array.from(actual).flatMap((code) => {
    const right = 0.3 + random.below(65) / 100;
    return code === 0 ? [right, 1 - right] : [1 - right, right];
  }));
}

const pick = <T extends Float64Array | Int32Array>(values: T, rows: readonly number[], width = 1): number[] => rows.flatMap((row) => Array.from(values.subarray(row * width, (row + 1) * width)));
/** The rows that a resample holds, each as often as it was drawn. */
const drawnRows = (counts: Uint32Array): number[] => Array.from(counts).flatMap((count, row) => Array.from({ length: count }, () => row));

describe('the difference of two RMSE', () => {
  const actual = normals(120, 1);
  const reference = normals(120, 2).map((noise, row) => (actual[row] ?? 0) + noise);
  const candidate = normals(120, 3).map((noise, row) => (actual[row] ?? 0) + 0.9 * noise);

  it('is that of computing both anew for every resample of the rows', () => {
    const differences: number[] = [];
    resample(120, 200, 9, (counts) => {
      const rows = drawnRows(counts);
      const truth = Float64Array.from(pick(actual, rows));
      differences.push(rmse(truth, Float64Array.from(pick(reference, rows))) - rmse(truth, Float64Array.from(pick(candidate, rows))));
    });
    const [lower, upper] = percentileInterval(Float64Array.from(differences));
    const found = rmseDifference(actual, reference, candidate, { seed: 9, resamples: 200 });
    expect(found).toEqual({
      reference: expect.closeTo(rmse(actual, reference), 12),
      candidate: expect.closeTo(rmse(actual, candidate), 12),
      difference: expect.closeTo(rmse(actual, reference) - rmse(actual, candidate), 12),
      interval: [expect.closeTo(lower, 12), expect.closeTo(upper, 12)],
      level: 0.95,
      rows: 120,
    });
  });

  it('changes its sign, and nothing else, when the two change places', () => {
    const forth = rmseDifference(actual, reference, candidate, { seed: 4 });
    const back = rmseDifference(actual, candidate, reference, { seed: 4 });
    expect(back?.difference).toBe(-(forth?.difference ?? Number.NaN));
    expect(back?.interval).toEqual([expect.closeTo(-(forth?.interval[1] ?? Number.NaN), 12), expect.closeTo(-(forth?.interval[0] ?? Number.NaN), 12)]);
  });

  it('is exactly 0, without any doubt, between equal predictions', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 10, maxLength: 40 }), (rows) => {
        const truth = Float64Array.from(rows, ([one]) => one);
        const guess = Float64Array.from(rows, ([, two]) => two);
        expect(rmseDifference(truth, guess, guess, { resamples: 100 })).toMatchObject({ difference: 0, interval: [0, 0] });
      }),
      { numRuns: 50 },
    );
  });

  it('holds the true difference about 95 times in a hundred, where both err much on the same rows', () => {
    // Errors share a part of deviation 1; each adds one of its own: the true figures are √(1 + 0.6²) and √(1 + 0.3²).
    const truth = Math.sqrt(1.36) - Math.sqrt(1.09);
    const zeros = new Float64Array(300);
    const hits = Array.from({ length: 200 }, (_, trial) => {
      const [shared, one, other] = [normals(300, 3 * trial), normals(300, 3 * trial + 1), normals(300, 3 * trial + 2)];
      const errors = (own: Float64Array, deviation: number) => shared.map((error, row) => error + deviation * (own[row] ?? 0));
      const [lower, upper] = rmseDifference(zeros, errors(one, 0.6), errors(other, 0.3), { seed: trial, resamples: 300 })?.interval ?? [0, 0];
      return lower <= truth && truth <= upper ? 1 : 0;
    }).reduce<number>((sum, hit) => sum + hit, 0);
    // A binomial of 200 at 0.95 has a deviation of 3.1.
    expect(hits).toBeGreaterThanOrEqual(180);
    expect(hits).toBeLessThan(200);
  });

  it('is known better than either figure', () => {
    const nearly = reference.map((value, row) => value + 0.05 * (candidate[row] ?? 0));
    const [lower, upper] = rmseDifference(actual, reference, nearly)?.interval ?? [0, 0];
    const [low, high] = rmseDifference(actual, reference, actual)?.interval ?? [0, 0];
    expect(upper - lower).toBeLessThan((high - low) / 3);
  });

  it('is the same for the same seed and another one for another', () => {
    const difference = (seed: number) => rmseDifference(actual, reference, candidate, { seed });
    expect(difference(1)).toEqual(difference(1));
    expect(difference(1)).not.toEqual(difference(2));
  });

  it('is not given for fewer than ten rows', () => {
    expect(rmseDifference(new Float64Array(9), new Float64Array(9), new Float64Array(9))).toBeUndefined();
    expect(rmseDifference(new Float64Array(10), new Float64Array(10), new Float64Array(10))?.rows).toBe(10);
  });

  it('refuses predictions that are not one a row, of both alike', () => {
    expect(() => rmseDifference(actual, reference.subarray(1), candidate)).toThrow(/got 119 rows, expected 120/);
    expect(() => rmseDifference(actual, reference, candidate.subarray(1))).toThrow(/got 119 rows, expected 120/);
  });
});

describe('the difference of two log losses', () => {
  const random = new RandomStream(8);
  const actual = Int32Array.from({ length: 90 }, () => random.below(2));
  const [reference, candidate] = [doubts(actual, 1), doubts(actual, 2)];

  it('is that of computing both anew for every resample of the rows', () => {
    const differences: number[] = [];
    resample(90, 100, 3, (counts) => {
      const rows = drawnRows(counts);
      const truth = pick(actual, rows);
      differences.push(logLoss(truth, Float64Array.from(pick(reference, rows, 2)), 2) - logLoss(truth, Float64Array.from(pick(candidate, rows, 2)), 2));
    });
    const [lower, upper] = percentileInterval(Float64Array.from(differences));
    expect(logLossDifference(actual, reference, candidate, 2, { seed: 3, resamples: 100 })).toMatchObject({
      reference: expect.closeTo(logLoss(actual, reference, 2), 12),
      candidate: expect.closeTo(logLoss(actual, candidate, 2), 12),
      interval: [expect.closeTo(lower, 12), expect.closeTo(upper, 12)],
    });
  });

  it('is 0 between equal predictions and above 0 where the candidate is better', () => {
    expect(logLossDifference(actual, reference, reference, 2)).toMatchObject({ difference: 0, interval: [0, 0] });
    const sure = Float64Array.from(Array.from(actual).flatMap((code) => (code === 0 ? [1, 0] : [0, 1])));
    const found = logLossDifference(actual, reference, sure, 2);
    expect(found?.interval[0]).toBeGreaterThan(0);
  });

  it('refuses what is no probability, of both alike', () => {
    const wrong = new Float64Array(180).fill(0.7);
    expect(() => logLossDifference(actual, wrong, candidate, 2)).toThrow(/add up to 1.4/);
    expect(() => logLossDifference(actual, reference, wrong, 2)).toThrow(/add up to 1.4/);
  });
});
