import { confusionTable } from './confusion-table.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import { drawImportances } from './importance-chart.ts';
import { drawPredictedAgainstActual } from './predicted-against-actual.ts';
import { drawReliability } from './reliability.ts';
import type { Judged, JudgedClassification, JudgedRegression, ReportInput } from './report-input.ts';
import { drawResiduals } from './residuals.ts';
import { drawRoc } from './roc-curve.ts';

/** What the evaluated rows look like, and the importances. */
export async function plotSections(judged: Judged, { target, importances }: ReportInput): Promise<Markup> {
  const figures = judged.task === 'regression' ? await numberPlots(judged, target) : await classPlots(judged);
  if (importances.length > 0) figures.push(figure('What matters', await drawImportances(importances), 'Each feature’s share of the impurity that the splits removed.'));
  return html`${judged.task === 'classification' ? confusionTable(judged.evaluation) : ''}
<section class="plots">
${figures}</section>`;
}

async function numberPlots({ evaluation }: JudgedRegression, target: string): Promise<Markup[]> {
  return [
    figure('Predicted against actual', await drawPredictedAgainstActual(evaluation, target), 'On the dashed line the prediction is right.'),
    figure('Residuals', await drawResiduals(evaluation, target), 'Left of the dashed line the prediction is too high, right of it too low.'),
  ];
}

async function classPlots({ evaluation, figures }: JudgedClassification): Promise<Markup[]> {
  const plots = [figure('Reliability', await drawReliability(evaluation), 'Rows grouped by the probability that was predicted for them; a larger point is more rows. On the dashed line probabilities can be taken at their word.')];
  // Without rows of both classes there is no curve.
  if (evaluation.classes.length === 2 && figures.auc !== undefined) {
    plots.push(figure('ROC curve', await drawRoc(evaluation), 'What share of one class is found for the share of false alarms that one puts up with. The dashed line is chance.'));
  }
  return plots;
}

function figure(title: string, drawing: Markup, caption: string): Markup {
  return html`<figure><h2>${title}</h2>${drawing}<figcaption>${caption}</figcaption></figure>
`;
}
