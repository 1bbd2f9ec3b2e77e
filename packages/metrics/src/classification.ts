/**
 * How well probabilities of classes tell the true one. Definitions are those of scikit-learn's `sklearn.metrics`.
 * Classes are codes from 0; probabilities lie row after row, `classCount` numbers a row.
 */
import { checkCodes, checkProbabilities } from './check.ts';
import { areaUnderRoc, rankBy } from './roc.ts';
import type { Ranking } from './roc.ts';

/** The figures of one set of predictions. */
export interface ClassificationMetrics {
  /** Share of rows whose most probable class is the true one; of equally probable classes the first is taken. */
  readonly accuracy: number;
  /** Mean of −ln(probability of the true class), the probability clipped to 2⁻⁵² … 1 − 2⁻⁵². */
  readonly logLoss: number;
  /** Area under the ROC curve; missing where a class has no rows. */
  readonly auc?: number;
  /** Rows compared. */
  readonly rows: number;
}

/** A probability of 0 for what then happened costs 36 and not infinitely much: scikit-learn's limit for doubles. */
const CLIP = Number.EPSILON;

/**
 * All classification figures of one set of predictions.
 *
 * `auc`: of two classes, that of class 1; of more, the plain mean of each class against all others (scikit-learn's
 * `multi_class='ovr', average='macro'`). It is missing where a class has no row or where there is one class only.
 * @param actual class codes, one a row
 * @param probabilities rows × classCount
 * @throws MetricsError `length-mismatch`, `empty`, `unknown-class` or `not-a-probability`
 */
export function classificationMetrics(actual: ArrayLike<number>, probabilities: Float64Array, classCount: number): ClassificationMetrics {
  checkPredictions(actual, probabilities, classCount);
  const area = areaOf(actual, probabilities, classCount);
  return {
    accuracy: meanOf(correctRows(actual, probabilities, classCount)),
    logLoss: meanOf(rowLosses(actual, probabilities, classCount)),
    ...(area === undefined ? {} : { auc: area }),
    rows: actual.length,
  };
}

/** Share of rows whose most probable class is the true one. Throws as `classificationMetrics`. */
export function accuracy(actual: ArrayLike<number>, probabilities: Float64Array, classCount: number): number {
  checkPredictions(actual, probabilities, classCount);
  return meanOf(correctRows(actual, probabilities, classCount));
}

/** Mean of −ln(probability of the true class). Throws as `classificationMetrics`. */
export function logLoss(actual: ArrayLike<number>, probabilities: Float64Array, classCount: number): number {
  checkPredictions(actual, probabilities, classCount);
  return meanOf(rowLosses(actual, probabilities, classCount));
}

/** Area under the ROC curve, `undefined` where a class has no rows. Throws as `classificationMetrics`. */
export function auc(actual: ArrayLike<number>, probabilities: Float64Array, classCount: number): number | undefined {
  checkPredictions(actual, probabilities, classCount);
  return areaOf(actual, probabilities, classCount);
}

/**
 * The figures of the simplest honest model: for every row, the shares that the classes have among the training rows.
 * @param trainCodes classes of the rows trained on
 * @param holdoutCodes classes of the rows compared
 * @throws MetricsError `empty` or `unknown-class`
 */
export function classShareBaseline(trainCodes: ArrayLike<number>, holdoutCodes: ArrayLike<number>, classCount: number): ClassificationMetrics {
  checkCodes('trainCodes', trainCodes, classCount);
  checkCodes('holdoutCodes', holdoutCodes, classCount);
  const shares = new Float64Array(classCount);
  for (let row = 0; row < trainCodes.length; row++) {
    const code = trainCodes[row] ?? 0;
    shares[code] = (shares[code] ?? 0) + 1 / trainCodes.length;
  }
  // 1/n added n times may end a little above 1.
  const prediction = shares.map((share) => Math.min(1, share));
  const probabilities = new Float64Array(holdoutCodes.length * classCount);
  for (let row = 0; row < holdoutCodes.length; row++) probabilities.set(prediction, row * classCount);
  return classificationMetrics(holdoutCodes, probabilities, classCount);
}

/** What every function here asks of its input. */
export function checkPredictions(actual: ArrayLike<number>, probabilities: Float64Array, classCount: number): void {
  checkCodes('actual', actual, classCount);
  checkProbabilities(probabilities, actual.length, classCount);
}

/** 1 where the most probable class is the true one. */
export function correctRows(actual: ArrayLike<number>, probabilities: Float64Array, classCount: number): Uint8Array {
  const correct = new Uint8Array(actual.length);
  for (let row = 0; row < actual.length; row++) {
    const start = row * classCount;
    let best = 0;
    for (let code = 1; code < classCount; code++) {
      if ((probabilities[start + code] ?? 0) > (probabilities[start + best] ?? 0)) best = code;
    }
    correct[row] = actual[row] === best ? 1 : 0;
  }
  return correct;
}

/** −ln(probability of the true class) of each row. */
export function rowLosses(actual: ArrayLike<number>, probabilities: Float64Array, classCount: number): Float64Array {
  const losses = new Float64Array(actual.length);
  for (let row = 0; row < actual.length; row++) {
    const probability = probabilities[row * classCount + (actual[row] ?? 0)] ?? 0;
    losses[row] = -Math.log(Math.min(1 - CLIP, Math.max(CLIP, probability)));
  }
  return losses;
}

/** The rankings whose mean area is the `auc`: one for two classes, one a class for more. */
export function rankingsOf(actual: ArrayLike<number>, probabilities: Float64Array, classCount: number): Ranking[] {
  const positives = classCount === 2 ? [1] : Array.from({ length: classCount }, (_, code) => code);
  return positives.map((positive) => {
    const scores = Float64Array.from({ length: actual.length }, (_, row) => probabilities[row * classCount + positive] ?? 0);
    return rankBy(scores, actual, positive);
  });
}

/** `NaN` where a class has no rows. */
export function meanArea(rankings: readonly Ranking[], counts: ArrayLike<number>): number {
  return rankings.reduce((sum, ranking) => sum + areaUnderRoc(ranking, counts), 0) / rankings.length;
}

function areaOf(actual: ArrayLike<number>, probabilities: Float64Array, classCount: number): number | undefined {
  const area = meanArea(rankingsOf(actual, probabilities, classCount), new Uint8Array(actual.length).fill(1));
  return Number.isNaN(area) ? undefined : area;
}

function meanOf(values: Uint8Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
