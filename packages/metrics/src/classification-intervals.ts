import { MIN_BOOTSTRAP_ROWS, percentileInterval, resample, resamplesFor } from './bootstrap.ts';
import type { BootstrapOptions, Interval } from './bootstrap.ts';
import { checkPredictions, correctRows, meanArea, rankingsOf, rowLosses } from './classification.ts';

/** Where the figures of `classificationMetrics` may lie. */
export interface ClassificationIntervals {
  readonly accuracy: Interval;
  readonly logLoss: Interval;
  /** Missing where fewer than half of the resamples have rows of every class. */
  readonly auc?: Interval;
}

/**
 * 95 % bootstrap intervals over the rows for every figure of `classificationMetrics`. A resample in which a class has no
 * row says nothing of the `auc`.
 * @returns `undefined` where there are fewer than 10 rows
 * @throws MetricsError as `classificationMetrics`
 */
export function classificationIntervals(
  actual: ArrayLike<number>,
  probabilities: Float64Array,
  classCount: number,
  options: BootstrapOptions = {},
): ClassificationIntervals | undefined {
  checkPredictions(actual, probabilities, classCount);
  const rows = actual.length;
  if (rows < MIN_BOOTSTRAP_ROWS) return undefined;
  const correct = correctRows(actual, probabilities, classCount);
  const losses = rowLosses(actual, probabilities, classCount);
  const rankings = rankingsOf(actual, probabilities, classCount);
  const { seed = 0, resamples = resamplesFor(rows * (1 + rankings.length)) } = options;
  const accuracy = new Float64Array(resamples);
  const logLoss = new Float64Array(resamples);
  const areas = new Float64Array(resamples);
  resample(rows, resamples, seed, (counts, index) => {
    accuracy[index] = weightedSum(correct, counts) / rows;
    logLoss[index] = weightedSum(losses, counts) / rows;
    areas[index] = meanArea(rankings, counts);
  });
  const known = areas.filter((area) => !Number.isNaN(area));
  return {
    accuracy: percentileInterval(accuracy),
    logLoss: percentileInterval(logLoss),
    ...(2 * known.length < resamples ? {} : { auc: percentileInterval(known) }),
  };
}

function weightedSum(values: Uint8Array | Float64Array, counts: Uint32Array): number {
  let sum = 0;
  for (let row = 0; row < counts.length; row++) sum += (values[row] ?? 0) * (counts[row] ?? 0);
  return sum;
}
