/** Metrics in words. */
import { judgedBy, type ManifestTuning, type ModelMetrics } from '@dropforest/contracts';

const FIGURE = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 5 });
const COUNT = new Intl.NumberFormat('en-US');

/** `RMSE 1,081.2, R² 0.59 on 853 held-out rows; predicting the mean: RMSE 1,701.3` */
export function describeMetrics(metrics: ModelMetrics): string {
  const judged = judgedBy(metrics);
  if (judged === undefined) return 'no figures: too few rows';
  const { figure, value, baseline, naive, source, rows } = judged;
  const where = source === 'holdout' ? 'held-out' : 'out-of-bag';
  return `${figure} ${FIGURE.format(value)}, ${second(metrics)} on ${COUNT.format(rows)} ${where} rows; ${naive}: ${figure} ${FIGURE.format(baseline)}`;
}

/** The figure that says the same in a way that is easier to compare between data sets. */
function second(metrics: ModelMetrics): string {
  if (metrics.task === 'regression') return `R² ${((metrics.holdout ?? metrics.outOfBag)?.r2 ?? 0).toFixed(2)}`;
  return `accuracy ${((metrics.holdout ?? metrics.outOfBag)?.accuracy ?? 0).toFixed(3)}`;
}

/** `Item_Outlet_Sales, a number`, `Survived, one of no, yes` */
export function describeTarget({ target, classes }: { readonly target: string; readonly classes?: readonly string[] | undefined }): string {
  return classes === undefined ? `${target}, a number` : `${target}, one of ${classes.slice(0, 10).join(', ')}${classes.length > 10 ? `, … (${classes.length} classes)` : ''}`;
}

/** `minSamplesLeaf 20, maxFeatures 0.5, maxDepth none: out of 72 tried, out-of-bag RMSE 1,081.2` */
export function describeTuning({ figure, chosen, trials }: ManifestTuning): string {
  const names = Object.keys(chosen);
  const value = trials.find(({ hyperparameters }) => names.every((name) => hyperparameters[name] === chosen[name]))?.value;
  const settings = names.map((name) => `${name} ${describeSetting(chosen[name])}`).join(', ');
  return `${settings}: out of ${COUNT.format(trials.length)} tried${value === undefined ? '' : `, out-of-bag ${figure} ${FIGURE.format(value)}`}`;
}

function describeSetting(value: unknown): string {
  if (typeof value === 'number') return FIGURE.format(value);
  return typeof value === 'string' ? value : 'none';
}
