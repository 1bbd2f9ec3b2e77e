import { formatChange, formatCount, formatFigure, formatInterval, formatPercent, formatPercents } from './format.ts';
import type { Judged, JudgedClassification, JudgedRegression, Source } from './report-input.ts';

/** How good the model is beside the naive prediction, in a sentence or two. */
export function headline(judged: Judged): string {
  return judged.task === 'regression' ? ofNumbers(judged) : ofClasses(judged);
}

/** `RMSE 1,123.4 (1,060–1,199) on 853 held-out rows; predicting the mean: 1,701.2; 34 % lower.` */
function ofNumbers({ figures, metrics, evaluation }: JudgedRegression): string {
  const { rmse, intervals } = figures;
  const { baseline } = metrics;
  const range = intervals === undefined ? '' : ` (${formatInterval(intervals.rmse)})`;
  return `RMSE ${formatFigure(rmse)}${range} ${onRows(figures.rows, evaluation.source)}; predicting the mean: ${formatFigure(baseline.rmse)}; ${formatChange(rmse, baseline.rmse)}.`;
}

/** `Accuracy 84.2 % (81.7–86.5 %) on 869 held-out rows; predicting the class shares: 45.1 %. Log loss 0.4123 beside 1.054, 61 % lower.` */
function ofClasses({ figures, metrics, evaluation }: JudgedClassification): string {
  const { accuracy, logLoss, intervals } = figures;
  const { baseline } = metrics;
  const range = intervals === undefined ? '' : ` (${formatPercents(intervals.accuracy)})`;
  const right = `Accuracy ${formatPercent(accuracy)}${range} ${onRows(figures.rows, evaluation.source)}; predicting the class shares: ${formatPercent(baseline.accuracy)}.`;
  return `${right} Log loss ${formatFigure(logLoss)} beside ${formatFigure(baseline.logLoss)}, ${formatChange(logLoss, baseline.logLoss)}.`;
}

function onRows(rows: number, source: Source): string {
  return `on ${formatCount(rows)} ${SOURCES[source]} ${rows === 1 ? 'row' : 'rows'}`;
}

/** What rows of a source are called. */
export const SOURCES: Readonly<Record<Source, string>> = { holdout: 'held-out', 'out-of-bag': 'out-of-bag' };
