import type { Predictor } from '@dropforest/algorithm';
import type { ModelMetrics } from '@dropforest/contracts';
import { meanBaseline, regressionMetrics } from '@dropforest/metrics';

/** Predictions beside the truth, row by row: what the model is judged by. */
export interface Evaluation {
  readonly source: 'holdout' | 'out-of-bag';
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
}

export interface Judgement {
  readonly metrics: ModelMetrics;
  /** Missing where there are neither held-out rows nor out-of-bag predictions. */
  readonly evaluation?: Evaluation;
  /** What a reader of the figures should know, in sentences. */
  readonly notes: readonly string[];
}

/** With fewer rows a root mean squared error says more about the rows than about the model. */
const MIN_HOLDOUT_ROWS = 20;

/**
 * The figures of a fitted model, beside those of predicting the training mean on the same rows. Out-of-bag predictions
 * stand in where too few rows were held out; a small holdout is used only where there are none.
 * @param heldOut truth and prediction of the rows held out; may be empty
 */
export function judge(trainingTarget: Float64Array, predictor: Predictor, heldOut: Omit<Evaluation, 'source'>): Judgement {
  const outOfBag = outOfBagOf(trainingTarget, predictor);
  const rows = heldOut.actual.length;
  const enough = rows >= MIN_HOLDOUT_ROWS || (rows > 0 && outOfBag === undefined);
  const evaluation: Evaluation | undefined = enough ? { source: 'holdout', ...heldOut } : outOfBag;
  const metrics: ModelMetrics = {
    ...(enough ? { holdout: regressionMetrics(heldOut.actual, heldOut.predicted) } : {}),
    ...(outOfBag === undefined ? {} : { outOfBag: regressionMetrics(outOfBag.actual, outOfBag.predicted) }),
    baseline: meanBaseline(trainingTarget, evaluation?.actual ?? trainingTarget),
  };
  const notes = notesOn(rows, evaluation);
  return evaluation === undefined ? { metrics, notes } : { metrics, evaluation, notes };
}

/** Rows that every tree had seen have no out-of-bag prediction and no say. */
function outOfBagOf(target: Float64Array, { oobPrediction }: Predictor): Evaluation | undefined {
  if (oobPrediction === undefined) return undefined;
  const seen = (_value: number, row: number): boolean => !Number.isNaN(oobPrediction[row] ?? Number.NaN);
  const actual = target.filter(seen);
  return actual.length === 0 ? undefined : { source: 'out-of-bag', actual, predicted: oobPrediction.filter(seen) };
}

function notesOn(heldOutRows: number, evaluation: Evaluation | undefined): string[] {
  if (evaluation === undefined) return ['No rows were held out and the algorithm has no out-of-bag predictions: nothing is known of how good the model is.'];
  if (heldOutRows >= MIN_HOLDOUT_ROWS) return [];
  const rows = heldOutRows === 1 ? 'Only 1 row was held out' : heldOutRows === 0 ? 'No rows were held out' : `Only ${heldOutRows} rows were held out`;
  if (evaluation.source === 'holdout') return [`${rows}: the figures say little.`];
  return [`${rows}, too few to judge by: out-of-bag figures stand in, of training rows predicted by the trees that had not seen them.`];
}
