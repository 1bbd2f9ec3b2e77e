export { MetricsError } from './errors.ts';
export type { MetricsErrorCode } from './errors.ts';
export { mae, meanBaseline, r2, regressionMetrics, rmse } from './regression.ts';
export type { RegressionMetrics } from './regression.ts';
