import { MIN_BOOTSTRAP_ROWS, percentileInterval, resample, resamplesFor } from './bootstrap.ts';
import type { BootstrapOptions, Interval } from './bootstrap.ts';
import { checkPair } from './check.ts';
import { explained } from './regression.ts';

/** Where the figures of `regressionMetrics` may lie. */
export interface RegressionIntervals {
  readonly rmse: Interval;
  readonly mae: Interval;
  readonly r2: Interval;
}

/**
 * 95 % bootstrap intervals over the rows for every figure of `regressionMetrics`.
 * @returns `undefined` where there are fewer than 10 rows
 * @throws MetricsError as `regressionMetrics`
 */
export function regressionIntervals(actual: Float64Array, predicted: Float64Array, options: BootstrapOptions = {}): RegressionIntervals | undefined {
  checkPair(actual, predicted);
  const rows = actual.length;
  if (rows < MIN_BOOTSTRAP_ROWS) return undefined;
  const { seed = 0, resamples = resamplesFor(rows) } = options;
  const rmse = new Float64Array(resamples);
  const mae = new Float64Array(resamples);
  const r2 = new Float64Array(resamples);
  resample(rows, resamples, seed, (counts, index) => {
    const { squared, absolute, variation } = sums(actual, predicted, counts);
    rmse[index] = Math.sqrt(squared / rows);
    mae[index] = absolute / rows;
    r2[index] = explained(squared, variation);
  });
  return { rmse: percentileInterval(rmse), mae: percentileInterval(mae), r2: percentileInterval(r2) };
}

interface Sums {
  readonly squared: number;
  readonly absolute: number;
  readonly variation: number;
}

/** What `regressionMetrics` adds up, each row as often as it was drawn. The kernel of the bootstrap: two passes, no allocation in them. */
function sums(actual: Float64Array, predicted: Float64Array, counts: Uint32Array): Sums {
  const rows = counts.length;
  let squared = 0;
  let absolute = 0;
  let total = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let row = 0; row < rows; row++) {
    const count = counts[row] ?? 0;
    if (count === 0) continue;
    const truth = actual[row] ?? 0;
    const error = truth - (predicted[row] ?? 0);
    squared += count * error * error;
    absolute += count * Math.abs(error);
    total += (count / rows) * truth;
    if (truth < lowest) lowest = truth;
    if (truth > highest) highest = truth;
  }
  // The mean of equal values is not always exact: without this, such a resample would have a variation of almost 0.
  if (lowest === highest) return { squared, absolute, variation: 0 };
  let variation = 0;
  for (let row = 0; row < rows; row++) variation += (counts[row] ?? 0) * ((actual[row] ?? 0) - total) ** 2;
  return { squared, absolute, variation };
}
