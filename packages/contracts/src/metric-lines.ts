/**
 * Metrics leave a training job as lines of its log: SageMaker finds them with the job's metric regexes. The lines and
 * the regexes are two sides of one agreement, so both stand here.
 */

/** Metric name → what it says. All but the counts are in units of the target. */
const METRICS = {
  'holdout:rmse': 'RMSE on held-out rows',
  'holdout:mae': 'MAE on held-out rows',
  'holdout:r2': 'R² on held-out rows',
  'oob:rmse': 'RMSE of the out-of-bag predictions',
  'baseline:rmse': 'RMSE of predicting the training mean',
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
