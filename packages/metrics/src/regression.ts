/** How far predictions of a number are from the truth. Definitions are those of scikit-learn's `sklearn.metrics`. */
import { checkColumn, checkPair } from './check.ts';

/** The figures of one set of predictions; `rmse` and `mae` are in the target's unit. */
export interface RegressionMetrics {
  /** Root of the mean squared error. */
  readonly rmse: number;
  /** Mean absolute error. */
  readonly mae: number;
  /** Share of the variance explained: 1 is perfect, 0 is as good as the mean of `actual`, below 0 is worse than it. */
  readonly r2: number;
  /** Rows compared. */
  readonly rows: number;
}

/**
 * All regression figures of one set of predictions.
 *
 * Where `actual` is constant, `r2` is 1 for perfect predictions and 0 otherwise, as in scikit-learn's `r2_score`.
 * @param actual the truth, one value a row
 * @param predicted the predictions, in the same order
 * @throws MetricsError `length-mismatch`, `empty` or `not-finite`
 */
export function regressionMetrics(actual: Float64Array, predicted: Float64Array): RegressionMetrics {
  checkPair(actual, predicted);
  const rows = actual.length;
  const mean = meanOf(actual);
  let squared = 0;
  let absolute = 0;
  let variation = 0;
  for (let row = 0; row < rows; row++) {
    const truth = actual[row] ?? 0;
    const error = truth - (predicted[row] ?? 0);
    squared += error * error;
    absolute += Math.abs(error);
    variation += (truth - mean) ** 2;
  }
  return { rmse: Math.sqrt(squared / rows), mae: absolute / rows, r2: explained(squared, variation), rows };
}

/** Root of the mean squared error, in the target's unit. Throws as `regressionMetrics`. */
export function rmse(actual: Float64Array, predicted: Float64Array): number {
  return regressionMetrics(actual, predicted).rmse;
}

/** Mean absolute error, in the target's unit. Throws as `regressionMetrics`. */
export function mae(actual: Float64Array, predicted: Float64Array): number {
  return regressionMetrics(actual, predicted).mae;
}

/** Share of the variance explained, at most 1. Throws as `regressionMetrics`. */
export function r2(actual: Float64Array, predicted: Float64Array): number {
  return regressionMetrics(actual, predicted).r2;
}

/**
 * The figures of the simplest honest model: predicting the training target's mean for every row.
 * @param trainTarget the target of the rows trained on
 * @param holdout the target of the rows compared
 * @throws MetricsError `empty` or `not-finite`
 */
export function meanBaseline(trainTarget: Float64Array, holdout: Float64Array): RegressionMetrics {
  checkColumn('trainTarget', trainTarget);
  checkColumn('holdout', holdout);
  return regressionMetrics(holdout, new Float64Array(holdout.length).fill(meanOf(trainTarget)));
}

/** The mean by running updates: exact for a constant column, and it does not overflow where the sum would. */
function meanOf(values: Float64Array): number {
  let mean = 0;
  let count = 0;
  for (const value of values) {
    count += 1;
    mean += (value - mean) / count;
  }
  return mean;
}

/** `r2` of a sum of squared errors and the sum of squared deviations of the truth from its mean. */
export function explained(squared: number, variation: number): number {
  if (variation > 0) return 1 - squared / variation;
  return squared === 0 ? 1 : 0;
}
