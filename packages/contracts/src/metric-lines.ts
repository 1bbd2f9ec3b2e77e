/**
 * Metrics leave a training job as lines of its log: SageMaker finds them with the job's metric regexes. The lines and
 * the regexes are two sides of one agreement, so both stand here.
 */

/** Metric name → what it says. */
const METRICS = {
  'holdout:rmse': 'regression: RMSE on held-out rows, in units of the target',
  'holdout:mae': 'regression: MAE on held-out rows, in units of the target',
  'holdout:r2': 'regression: R² on held-out rows',
  'oob:rmse': 'regression: RMSE of the out-of-bag predictions, in units of the target',
  'baseline:rmse': 'regression: RMSE of predicting the training mean, in units of the target',
  'holdout:accuracy': 'classification: share of held-out rows whose class was predicted',
  'holdout:logloss': 'classification: log loss on held-out rows',
  'oob:logloss': 'classification: log loss of the out-of-bag probabilities',
  'baseline:logloss': 'classification: log loss of the training shares of the classes',
  'comparison:difference': "the champion's RMSE or log loss less the model's, on the same held-out rows",
  'train:rows': 'rows trained on',
  'train:trees': 'trees done',
} as const;

export type MetricName = keyof typeof METRICS;

/** `metric holdout:rmse=1081.2;` */
export function metricLine(name: MetricName, value: number): string {
  return `metric ${name}=${value};`;
}

/** For `AlgorithmSpecification.MetricDefinitions`. The first group of each regex is the value. */
export function metricDefinitions(): { Name: string; Regex: string }[] {
  return Object.keys(METRICS).map((name) => ({ Name: name, Regex: `metric ${name}=([-+0-9.eE]+);` }));
}
