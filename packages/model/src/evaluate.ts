import type { Predictor } from '@dropforest/algorithm';
import type { ModelMetrics } from '@dropforest/contracts';
import { classificationIntervals, classificationMetrics, classShareBaseline, intervalCoverage, meanBaseline, regressionIntervals, regressionMetrics } from '@dropforest/metrics';
import { calibrateIntervals, intervalsOf, type IntervalCalibration } from './prediction-intervals.ts';
import type { Target } from './target.ts';

/** Predictions beside the truth, row by row: what the model is judged by. */
export type Evaluation =
  | { readonly task: 'regression'; readonly source: Source; readonly actual: Float64Array; readonly predicted: Float64Array }
  | {
      readonly task: 'classification';
      readonly source: Source;
      /** Class codes. */
      readonly actual: Float64Array;
      /** Rows × classes. */
      readonly probabilities: Float64Array;
      readonly classes: readonly string[];
    };

type Source = 'holdout' | 'out-of-bag';

export interface Judgement {
  readonly metrics: ModelMetrics;
  /** Missing where there are neither held-out rows nor out-of-bag predictions. */
  readonly evaluation?: Evaluation;
  /** How wide prediction intervals are; only of regressions with enough out-of-bag rows. */
  readonly intervals?: IntervalCalibration;
  /** What a reader of the figures should know, in sentences. */
  readonly notes: readonly string[];
}

export interface JudgementInput {
  /** The rows trained on. */
  readonly training: Target;
  readonly predictor: Predictor;
  /** The rows held out; may be none. */
  readonly heldOut: Target;
  /** What the predictor says of them: rows × outputs. */
  readonly heldOutPrediction: Float64Array;
  /** Share of the rows whose value a prediction interval is to hold. */
  readonly level: number;
}

/** Rows whose truth and prediction are compared. */
interface Compared {
  readonly source: Source;
  readonly actual: Float64Array;
  /** Rows × outputs. */
  readonly outputs: Float64Array;
}

/** With fewer rows a figure says more about the rows than about the model. */
const MIN_HOLDOUT_ROWS = 20;

/**
 * The figures of a fitted model, beside those of the naive prediction on the same rows. Out-of-bag predictions stand in
 * where too few rows were held out; a small holdout is used only where there are none.
 */
export function judge(input: JudgementInput): Judgement {
  const { training, predictor, heldOut, heldOutPrediction } = input;
  const outOfBag = outOfBagOf(training, predictor);
  const rows = heldOut.values.length;
  const isEnough = rows >= MIN_HOLDOUT_ROWS || (rows > 0 && outOfBag === undefined);
  const holdout: Compared | undefined = isEnough ? { source: 'holdout', actual: heldOut.values, outputs: heldOutPrediction } : undefined;
  const judged = holdout ?? outOfBag;
  const notes = notesOn(rows, judged?.source);
  if (training.task === 'classification') {
    const { classes } = training;
    const metrics = classificationFigures(training.values, classes.length, holdout, outOfBag);
    return { metrics, notes, ...(judged === undefined ? {} : { evaluation: { task: 'classification', source: judged.source, actual: judged.actual, probabilities: judged.outputs, classes } }) };
  }
  const intervals = outOfBag === undefined ? undefined : calibrateIntervals(outOfBag.actual, outOfBag.outputs, input.level);
  return {
    metrics: regressionFigures(training.values, holdout, outOfBag, intervals),
    notes,
    ...(intervals === undefined ? {} : { intervals }),
    ...(judged === undefined ? {} : { evaluation: { task: 'regression', source: judged.source, actual: judged.actual, predicted: judged.outputs } }),
  };
}

function regressionFigures(training: Float64Array, holdout: Compared | undefined, outOfBag: Compared | undefined, intervals: IntervalCalibration | undefined): ModelMetrics {
  const figures = ({ actual, outputs }: Compared) => {
    const bounds = regressionIntervals(actual, outputs);
    return { ...regressionMetrics(actual, outputs), ...(bounds === undefined ? {} : { intervals: { ...bounds } }) };
  };
  return {
    task: 'regression',
    ...(holdout === undefined ? {} : { holdout: figures(holdout) }),
    ...(outOfBag === undefined ? {} : { outOfBag: figures(outOfBag) }),
    baseline: meanBaseline(training, (holdout ?? outOfBag)?.actual ?? training),
    ...(holdout === undefined || intervals === undefined ? {} : { coverage: coverageOf(holdout, intervals) }),
  };
}

/** The calibration knows nothing of the rows held out, so this is what new rows can expect. */
function coverageOf({ actual, outputs }: Compared, intervals: IntervalCalibration) {
  const { lower, upper } = intervalsOf(outputs, intervals);
  return { level: intervals.level, ...intervalCoverage(actual, lower, upper) };
}

function classificationFigures(training: Float64Array, classCount: number, holdout: Compared | undefined, outOfBag: Compared | undefined): ModelMetrics {
  const figures = ({ actual, outputs }: Compared) => {
    const bounds = classificationIntervals(actual, outputs, classCount);
    return { ...classificationMetrics(actual, outputs, classCount), ...(bounds === undefined ? {} : { intervals: { ...bounds } }) };
  };
  return {
    task: 'classification',
    ...(holdout === undefined ? {} : { holdout: figures(holdout) }),
    ...(outOfBag === undefined ? {} : { outOfBag: figures(outOfBag) }),
    baseline: classShareBaseline(training, (holdout ?? outOfBag)?.actual ?? training, classCount),
  };
}

/** Rows that every tree had seen have no out-of-bag prediction and no say. */
function outOfBagOf({ values, ...target }: Target, { oobPrediction }: Predictor): Compared | undefined {
  if (oobPrediction === undefined) return undefined;
  const width = target.task === 'classification' ? target.classes.length : 1;
  const isSeen = (row: number): boolean => !Number.isNaN(oobPrediction[row * width] ?? Number.NaN);
  const actual = values.filter((_value, row) => isSeen(row));
  const outputs = oobPrediction.filter((_output, index) => isSeen(Math.floor(index / width)));
  return actual.length === 0 ? undefined : { source: 'out-of-bag', actual, outputs };
}

function notesOn(heldOutRows: number, source: Source | undefined): string[] {
  if (source === undefined) return ['No rows were held out and the algorithm has no out-of-bag predictions: nothing is known of how good the model is.'];
  if (heldOutRows >= MIN_HOLDOUT_ROWS) return [];
  const rows = heldOutRows === 1 ? 'Only 1 row was held out' : heldOutRows === 0 ? 'No rows were held out' : `Only ${heldOutRows} rows were held out`;
  if (source === 'holdout') return [`${rows}: the figures say little.`];
  return [`${rows}, too few to judge by: out-of-bag figures stand in, of training rows predicted by the trees that had not seen them.`];
}
