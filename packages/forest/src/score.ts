import { likeliest } from './likeliest.ts';

/**
 * How well predictions agree with the truth, as scikit-learn's `score`: R² for regression, 1 where a constant target is
 * predicted exactly and else 0; the share of rows whose likeliest class is right for classification.
 * @param classes 0 for regression
 * @param prediction rows × outputs: a number, or the probability of each class
 */
export function scoreOf(classes: number, target: Float64Array, prediction: Float64Array): number {
  return classes === 0 ? determination(target, prediction) : accuracy(classes, target, prediction);
}

function accuracy(classes: number, target: Float64Array, prediction: Float64Array): number {
  const right = target.filter((label, row) => likeliest(prediction, row * classes, classes) === label);
  return right.length / target.length;
}

function determination(target: Float64Array, prediction: Float64Array): number {
  const mean = target.reduce((sum, value) => sum + value / target.length, 0);
  let residual = 0;
  let variation = 0;
  target.forEach((value, row) => {
    residual += (value - (prediction[row] ?? NaN)) ** 2;
    variation += (value - mean) ** 2;
  });
  if (variation > 0) return 1 - residual / variation;
  return residual === 0 ? 1 : 0;
}
