import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentileInterval, resample } from './bootstrap.ts';
import { RandomStream } from './random.ts';
import { classificationIntervals, classificationMetrics, regressionIntervals, regressionMetrics, resamplesFor } from './index.ts';

/** About normal: the sum of twelve uniform numbers. */
function normals(count: number, seed: number): Float64Array {
  const random = new RandomStream(seed);
  return Float64Array.from({ length: count }, () => Array.from({ length: 12 }, () => random.below(1e9) / 1e9).reduce((sum, value) => sum + value, -6));
}

/** The rows that a resample holds, each as often as it was drawn. */
const drawnRows = (counts: Uint32Array): number[] => Array.from(counts).flatMap((count, row) => Array.from({ length: count }, () => row));

describe('resampling', () => {
  it('draws as many rows as there are, each about equally often', () => {
    const drawn = new Float64Array(20);
    resample(20, 2000, 3, (counts) => {
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
      counts.forEach((count, row) => (drawn[row] = (drawn[row] ?? 0) + count));
    });
    // 2,000 expected; a binomial's deviation is 44.
    for (const count of drawn) expect(Math.abs(count - 2000)).toBeLessThan(5 * 44);
  });

  it('finds the percentiles that NumPy finds', () => {
    // numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6], [2.5, 97.5])
    expect(percentileInterval(Float64Array.of(3, 1, 4, 1, 5, 9, 2, 6))).toEqual([1, expect.closeTo(8.475, 12)]);
  });

  it('draws less often where the data is large', () => {
    expect([10, 50_000, 100_000, 1e9].map(resamplesFor)).toEqual([1000, 1000, 500, 100]);
  });
});

describe('intervals of regression figures', () => {
  const actual = normals(300, 1);
  const predicted = normals(300, 2).map((noise, row) => (actual[row] ?? 0) + 0.5 * noise);

  it('are those of computing the figures anew for every resample', () => {
    const figures: { rmse: number[]; mae: number[]; r2: number[] } = { rmse: [], mae: [], r2: [] };
    resample(300, 200, 9, (counts) => {
      const rows = drawnRows(counts);
      const { rmse, mae, r2 } = regressionMetrics(Float64Array.from(rows, (row) => actual[row] ?? 0), Float64Array.from(rows, (row) => predicted[row] ?? 0));
      figures.rmse.push(rmse);
      figures.mae.push(mae);
      figures.r2.push(r2);
    });
    const found = regressionIntervals(actual, predicted, { seed: 9, resamples: 200 });
    for (const name of ['rmse', 'mae', 'r2'] as const) {
      const [lower, upper] = percentileInterval(Float64Array.from(figures[name]));
      expect(found?.[name]).toEqual([expect.closeTo(lower, 10), expect.closeTo(upper, 10)]);
    }
  });

  it('are as wide as theory says of the mean of many errors', () => {
    // Absolute errors of a normal with deviation 1: mean √(2/π), variance 1 − 2/π.
    const truth = new Float64Array(4000);
    const { mae } = regressionIntervals(truth, normals(4000, 5)) ?? { mae: [0, 0] };
    const width = 2 * 1.96 * Math.sqrt((1 - 2 / Math.PI) / 4000);
    expect(mae[1] - mae[0]).toBeGreaterThan(0.9 * width);
    expect(mae[1] - mae[0]).toBeLessThan(1.1 * width);
  });

  it('hold the true figure about 95 times in a hundred', () => {
    const hits = Array.from({ length: 200 }, (_, trial) => {
      const { rmse } = regressionIntervals(new Float64Array(200), normals(200, 100 + trial), { seed: trial, resamples: 200 }) ?? { rmse: [0, 0] };
      return rmse[0] <= 1 && rmse[1] >= 1 ? 1 : 0;
    }).reduce<number>((sum, hit) => sum + hit, 0);
    expect(hits).toBeGreaterThanOrEqual(180);
    expect(hits).toBeLessThan(200);
  });

  it('are the same for the same seed and others for another one', () => {
    const intervals = (seed: number): unknown => regressionIntervals(actual, predicted, { seed });
    expect(intervals(4)).toEqual(intervals(4));
    expect(intervals(4)).not.toEqual(intervals(5));
  });

  it('contain the figure of all rows', () => {
    const value = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 30, maxLength: 60 }), (rows) => {
        const truth = Float64Array.from(rows, ([one]) => one);
        const guess = Float64Array.from(rows, ([, two]) => two);
        const { mae } = regressionMetrics(truth, guess);
        const interval = regressionIntervals(truth, guess)?.mae ?? [0, 0];
        expect(interval[0]).toBeLessThanOrEqual(mae);
        expect(interval[1]).toBeGreaterThanOrEqual(mae);
      }),
      { numRuns: 30 },
    );
  });

  it('stay finite where a resample has a constant truth', () => {
    const rare = new Float64Array(12).fill(0.1);
    rare[0] = 5;
    const { r2 } = regressionIntervals(rare, new Float64Array(12).fill(0.3)) ?? { r2: [Number.NaN, Number.NaN] };
    expect(r2[0]).toBeGreaterThan(-100);
    expect(r2[1]).toBeLessThanOrEqual(1);
  });

  it('are not given for fewer than ten rows', () => {
    expect(regressionIntervals(new Float64Array(9), new Float64Array(9))).toBeUndefined();
    expect(regressionIntervals(new Float64Array(10), new Float64Array(10))).toEqual({ rmse: [0, 0], mae: [0, 0], r2: [1, 1] });
  });
});

describe('intervals of classification figures', () => {
  const random = new RandomStream(8);
  const actual = Int32Array.from({ length: 120 }, () => random.below(3));
  const probabilities = Float64Array.from(Array.from(actual).flatMap((code) => {
    const weights = [0, 1, 2].map((each) => 1 + random.below(8) + (each === code ? 4 : 0));
    return weights.map((weight) => weight / weights.reduce((sum, each) => sum + each, 0));
  }));

  it('are those of computing the figures anew for every resample', () => {
    const figures: { accuracy: number[]; logLoss: number[]; auc: number[] } = { accuracy: [], logLoss: [], auc: [] };
    resample(120, 100, 2, (counts) => {
      const rows = drawnRows(counts);
      const metrics = classificationMetrics(rows.map((row) => actual[row] ?? 0), Float64Array.from(rows.flatMap((row) => Array.from(probabilities.subarray(3 * row, 3 * row + 3)))), 3);
      figures.accuracy.push(metrics.accuracy);
      figures.logLoss.push(metrics.logLoss);
      figures.auc.push(metrics.auc ?? Number.NaN);
    });
    const found = classificationIntervals(actual, probabilities, 3, { seed: 2, resamples: 100 });
    for (const name of ['accuracy', 'logLoss', 'auc'] as const) {
      const [lower, upper] = percentileInterval(Float64Array.from(figures[name]));
      expect(found?.[name]).toEqual([expect.closeTo(lower, 10), expect.closeTo(upper, 10)]);
    }
  });

  it('leave out the area where most resamples lack a class', () => {
    const codes = new Int32Array(12);
    const even = new Float64Array(24).fill(0.5);
    expect(classificationIntervals(codes, even, 2)).toEqual({ accuracy: [1, 1], logLoss: [expect.closeTo(Math.LN2, 12), expect.closeTo(Math.LN2, 12)] });
    codes[0] = 1;
    expect(classificationIntervals(codes, even, 2)).toMatchObject({ auc: [0.5, 0.5] });
  });

  it('are not given for fewer than ten rows', () => {
    expect(classificationIntervals(new Int32Array(9), new Float64Array(18).fill(0.5), 2)).toBeUndefined();
  });
});
