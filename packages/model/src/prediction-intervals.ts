/**
 * Prediction intervals from out-of-bag residuals (split conformal prediction, with the out-of-bag rows as the calibration
 * set and separate quantiles by the size of the prediction, since errors mostly grow with it).
 * @see Lei et al., "Distribution-Free Predictive Inference for Regression", JASA 2018
 * @see Johansson et al., "Regression conformal prediction with random forests", Machine Learning 2014
 */
import { z } from 'zod';

/** How far actual values lie from predictions; plain JSON, stored in the manifest. */
export const IntervalCalibrationSchema = z.object({
  /** Share of the rows whose value the interval is to hold. */
  level: z.number(),
  /** Middle of each bin of predictions, rising. Between two middles the offsets are interpolated. */
  centers: z.array(z.number()).min(1),
  /** Offset of the lower end from the prediction, one a bin; `upper` likewise. */
  lower: z.array(z.number()),
  upper: z.array(z.number()),
});
export type IntervalCalibration = z.output<typeof IntervalCalibrationSchema>;

export interface Intervals {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** With fewer residuals in a bin its outer quantiles are mere accident. */
const ROWS_PER_BIN = 200;
const MOST_BINS = 20;
/** With fewer rows in all, the quantiles of a 90 % interval are the largest residuals themselves. */
const FEWEST_ROWS = 40;

/**
 * @param actual values of rows that had no say in their prediction; `predicted` likewise, both without `NaN`
 * @returns `undefined` where the rows are too few to say anything
 */
export function calibrateIntervals(actual: Float64Array, predicted: Float64Array, level: number): IntervalCalibration | undefined {
  const rows = actual.length;
  if (rows < FEWEST_ROWS) return undefined;
  const order = Uint32Array.from({ length: rows }, (_, row) => row).sort((a, b) => (predicted[a] ?? 0) - (predicted[b] ?? 0) || a - b);
  const bins = Math.min(MOST_BINS, Math.max(1, Math.floor(rows / ROWS_PER_BIN)));
  const calibration = { level, centers: [] as number[], lower: [] as number[], upper: [] as number[] };
  for (let bin = 0; bin < bins; bin++) {
    const members = order.subarray(Math.floor((bin * rows) / bins), Math.floor(((bin + 1) * rows) / bins));
    const center = predicted[members[members.length >> 1] ?? 0] ?? 0;
    // Equal predictions may fill several bins; one of them speaks for all.
    if (center === calibration.centers.at(-1)) continue;
    const residuals = Float64Array.from(members, (row) => (actual[row] ?? 0) - (predicted[row] ?? 0)).sort();
    calibration.centers.push(center);
    calibration.lower.push(conformalQuantile(residuals, (1 - level) / 2, 'lower'));
    calibration.upper.push(conformalQuantile(residuals, (1 - level) / 2, 'upper'));
  }
  return calibration;
}

/** One interval a prediction. */
export function intervalsOf(predictions: Float64Array, { centers, lower, upper }: IntervalCalibration): Intervals {
  const ends: Intervals = { lower: new Float64Array(predictions.length), upper: new Float64Array(predictions.length) };
  predictions.forEach((prediction, row) => {
    ends.lower[row] = prediction + interpolate(prediction, centers, lower);
    ends.upper[row] = prediction + interpolate(prediction, centers, upper);
  });
  return ends;
}

/**
 * The residual below which (or above which) a new one lies with probability `tail` at most: the rank counts the new row
 * as one of n + 1.
 * @param residuals rising
 */
function conformalQuantile(residuals: Float64Array, tail: number, end: 'lower' | 'upper'): number {
  const beyond = Math.max(0, Math.floor(tail * (residuals.length + 1)) - 1);
  return residuals[end === 'lower' ? beyond : residuals.length - 1 - beyond] ?? 0;
}

/** Linear between the middles of two bins, constant beyond the outermost ones. */
function interpolate(at: number, centers: readonly number[], offsets: readonly number[]): number {
  let right = centers.findIndex((center) => center >= at);
  if (right === -1) right = centers.length - 1;
  const left = Math.max(0, right - 1);
  const [from = 0, to = 0, low = 0, high = 0] = [centers[left], centers[right], offsets[left], offsets[right]];
  if (at <= from) return low;
  if (at >= to || to === from) return high;
  return low + ((high - low) * (at - from)) / (to - from);
}
