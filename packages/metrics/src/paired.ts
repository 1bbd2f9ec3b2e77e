/**
 * Two sets of predictions of the same rows, beside each other. Rows that are hard are hard for both, so their difference
 * is known far better than either figure: each resample is taken of both at once.
 */
import { LEVEL, MIN_BOOTSTRAP_ROWS, percentileInterval, resample, resamplesFor } from './bootstrap.ts';
import type { BootstrapOptions, Interval } from './bootstrap.ts';
import { checkPair } from './check.ts';
import { checkPredictions, rowLosses } from './classification.ts';

/** By how much a candidate's figure is below a reference's. Of the figures less is better. */
export interface PairedDifference {
  readonly reference: number;
  readonly candidate: number;
  /** `reference − candidate`: above 0 where the candidate is better. */
  readonly difference: number;
  /** Where the difference may lie: bootstrap over the rows. */
  readonly interval: Interval;
  /** Share of such intervals that hold the true difference. */
  readonly level: number;
  /** Rows compared. */
  readonly rows: number;
}

/** One loss a row, not negative. */
interface PairedLosses {
  readonly reference: Float64Array;
  readonly candidate: Float64Array;
}

/**
 * The difference of two RMSE.
 * @param actual the truth, one value a row
 * @param reference predictions in the same order; `candidate` likewise
 * @returns `undefined` where there are fewer than 10 rows
 * @throws MetricsError as `regressionMetrics`
 */
export function rmseDifference(actual: Float64Array, reference: Float64Array, candidate: Float64Array, options: BootstrapOptions = {}): PairedDifference | undefined {
  checkPair(actual, reference);
  checkPair(actual, candidate);
  return pairedDifference({ reference: squaredErrors(actual, reference), candidate: squaredErrors(actual, candidate) }, Math.sqrt, options);
}

/**
 * The difference of two log losses.
 * @param actual class codes, one a row
 * @param reference rows × classCount probabilities; `candidate` likewise
 * @returns `undefined` where there are fewer than 10 rows
 * @throws MetricsError as `classificationMetrics`
 */
export function logLossDifference(
  actual: ArrayLike<number>,
  reference: Float64Array,
  candidate: Float64Array,
  classCount: number,
  options: BootstrapOptions = {},
): PairedDifference | undefined {
  checkPredictions(actual, reference, classCount);
  checkPredictions(actual, candidate, classCount);
  return pairedDifference({ reference: rowLosses(actual, reference, classCount), candidate: rowLosses(actual, candidate, classCount) }, (mean) => mean, options);
}

/** @param figureOf the figure that a mean loss stands for */
function pairedDifference({ reference, candidate }: PairedLosses, figureOf: (meanLoss: number) => number, options: BootstrapOptions): PairedDifference | undefined {
  const rows = reference.length;
  if (rows < MIN_BOOTSTRAP_ROWS) return undefined;
  const { seed = 0, resamples = resamplesFor(rows) } = options;
  const figures = (counts: Uint32Array): readonly [reference: number, candidate: number] => {
    let referenceSum = 0;
    let candidateSum = 0;
    for (let row = 0; row < rows; row++) {
      const count = counts[row] ?? 0;
      referenceSum += count * (reference[row] ?? 0);
      candidateSum += count * (candidate[row] ?? 0);
    }
    return [figureOf(referenceSum / rows), figureOf(candidateSum / rows)];
  };
  const differences = new Float64Array(resamples);
  resample(rows, resamples, seed, (counts, index) => {
    const [of, by] = figures(counts);
    differences[index] = of - by;
  });
  const [of, by] = figures(new Uint32Array(rows).fill(1));
  return { reference: of, candidate: by, difference: of - by, interval: percentileInterval(differences), level: LEVEL, rows };
}

function squaredErrors(actual: Float64Array, predicted: Float64Array): Float64Array {
  return actual.map((truth, row) => (truth - (predicted[row] ?? 0)) ** 2);
}
