/** How far predictions are from the truth, in the terms of the conformance suite: it asks whether a model learns at all. */
import type { Training } from './algorithm.ts';

/** A few trees easily give a true class no chance; without a floor one such row would outweigh all others. */
const LEAST_PROBABILITY = 0.001;

/** Mean absolute error, or for classification the mean negative logarithm of the true class's probability. */
export function lossOf(training: Training, actual: Float64Array, predicted: Float64Array): number {
  if (training.task === 'regression') return mean(actual.map((value, row) => Math.abs(value - (predicted[row] ?? NaN))));
  const { classCount } = training;
  return mean(actual.map((code, row) => -Math.log(Math.max(LEAST_PROBABILITY, predicted[row * classCount + code] ?? NaN))));
}

/** The loss of predicting the training mean, or the training shares of the classes. */
export function baselineLoss(training: Training, actual: Float64Array): number {
  const { target } = training;
  if (training.task === 'regression') return lossOf(training, actual, new Float64Array(actual.length).fill(mean(target)));
  const { classCount } = training;
  const shares = Array.from({ length: classCount }, (_, code) => target.filter((value) => value === code).length / target.length);
  return lossOf(training, actual, Float64Array.from({ length: actual.length * classCount }, (_, at) => shares[at % classCount] ?? 0));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
