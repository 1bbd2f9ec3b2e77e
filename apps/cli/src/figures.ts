/** Metrics in words. */
import { judgedBy, type ModelMetrics } from '@dropforest/contracts';

const FIGURE = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 5 });
const COUNT = new Intl.NumberFormat('en-US');

/** `RMSE 1,081.2, R² 0.59 on 853 held-out rows; predicting the mean: RMSE 1,701.3` */
export function describeMetrics(metrics: ModelMetrics): string {
  const judged = judgedBy(metrics);
  const baseline = `predicting the mean: RMSE ${FIGURE.format(metrics.baseline.rmse)}`;
  if (judged === undefined) return `no figures: too few rows; ${baseline}`;
  const { rmse, r2, rows } = judged.metrics;
  return `RMSE ${FIGURE.format(rmse)}, R² ${r2.toFixed(2)} on ${COUNT.format(rows)} ${judged.source} rows; ${baseline}`;
}
