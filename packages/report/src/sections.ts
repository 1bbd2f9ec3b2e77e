/** The report's sections, in the order of the page. */
import type { RegressionMetrics } from '@dropforest/metrics';
import { formatChange, formatCount, formatFigure, formatRows, formatSetting, formatShare, formatTime } from './format.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import { figuresOf } from './report-input.ts';
import type { ColumnSummary, Evaluation, ReportInput, ReportMetrics } from './report-input.ts';

const SOURCES: Readonly<Record<Evaluation['source'], string>> = { holdout: 'held-out', 'out-of-bag': 'out-of-bag' };

/** What was trained, when, and how good it is, in two sentences. */
export function headerSection(input: ReportInput): Markup {
  const { dataset, job, createdAt, target, algorithm } = input;
  return html`<header>
<p class="kind">Training report</p>
<h1>${dataset}</h1>
<p class="what">Predicts <strong>${target}</strong> with <strong>${algorithm}</strong></p>
<p class="headline">${headline(input)}</p>
<p class="job">Job <code>${job}</code>, ${formatTime(createdAt)}</p>
</header>`;
}

/** `RMSE 1,123.4 on 853 held-out rows; predicting the mean: 1,701.2; 34 % lower.` */
export function headline({ metrics, evaluation }: Pick<ReportInput, 'metrics' | 'evaluation'>): string {
  const figures = figuresOf(metrics, evaluation.source) ?? metrics.baseline;
  const { rows, rmse } = figures;
  const change = formatChange(rmse, metrics.baseline.rmse);
  const where = `${formatCount(rows)} ${SOURCES[evaluation.source]} ${rows === 1 ? 'row' : 'rows'}`;
  return `RMSE ${formatFigure(rmse)} on ${where}; predicting the mean: ${formatFigure(metrics.baseline.rmse)}; ${change}.`;
}

/** The figures side by side with the baseline's. */
export function metricsSection({ metrics, evaluation, target }: ReportInput): Markup {
  const models = modelColumns(metrics);
  const cells = (pick: (figures: RegressionMetrics) => number): Markup[] =>
    [...models.map(({ figures }) => figures), metrics.baseline].map((figures) => html`<td class="number">${formatFigure(pick(figures))}</td>`);
  const figures = figuresOf(metrics, evaluation.source) ?? metrics.baseline;
  return html`<section>
<h2>How good it is</h2>
<div class="scroll"><table>
<thead><tr><th scope="col">Figure</th>${models.map(({ title }) => html`<th scope="col" class="number">${title}</th>`)}<th scope="col" class="number">Predicting the mean</th><th scope="col">Beside the mean</th></tr></thead>
<tbody>
<tr><th scope="row">RMSE <small>typical error, large ones weigh more</small></th>${cells(({ rmse }) => rmse)}<td>${formatChange(figures.rmse, metrics.baseline.rmse)}</td></tr>
<tr><th scope="row">MAE <small>mean error</small></th>${cells(({ mae }) => mae)}<td>${formatChange(figures.mae, metrics.baseline.mae)}</td></tr>
<tr><th scope="row">R² <small>share of the variance explained</small></th>${cells(({ r2 }) => r2)}<td>1 is perfect</td></tr>
</tbody></table></div>
<p class="remark">Errors are in the unit of ${target}. ${sourceRemark(evaluation.source)} The last two columns are for the same ${SOURCES[evaluation.source]} rows.</p>
</section>`;
}

/** The two plots of single rows and the importances. */
export function plotsSection(predicted: Markup, residuals: Markup, importances: Markup | undefined): Markup {
  return html`<section class="plots">
<figure><h2>Predicted against actual</h2>${predicted}<figcaption>On the dashed line the prediction is right.</figcaption></figure>
<figure><h2>Residuals</h2>${residuals}<figcaption>Left of the dashed line the prediction is too high, right of it too low.</figcaption></figure>
${importances === undefined ? [] : html`<figure><h2>What matters</h2>${importances}<figcaption>Each feature’s share of the impurity that the splits removed.</figcaption></figure>`}
</section>`;
}

/** What was read and what each column was used for. */
export function dataSection({ rows, columns }: ReportInput): Markup {
  const tiles = [['read', rows.read], ['trained on', rows.trained], ['held out', rows.heldOut], ['left out', rows.leftOut]] as const;
  return html`<section>
<h2>The data</h2>
<dl class="tiles">${tiles.map(([label, count]) => html`<div><dt>${label}</dt><dd>${formatCount(count)}</dd></div>`)}</dl>
<div class="scroll"><table class="columns">
<thead><tr><th scope="col">Column</th><th scope="col">Kind</th><th scope="col" class="number">Missing</th><th scope="col">Use</th></tr></thead>
<tbody>${columns.map(columnRow)}</tbody></table></div>
</section>`;
}

/** What it takes to make this model again. */
export function lineageSection({ algorithm, hyperparameters, files, notes }: ReportInput): Markup {
  const settings = Object.entries(hyperparameters);
  return html`<section>
<h2>Where it comes from</h2>
<div class="scroll"><table>
<thead><tr><th scope="col">File</th><th scope="col">ETag</th><th scope="col" class="number">Rows</th></tr></thead>
<tbody>${files.map(({ key, etag, rows }) => html`<tr><td><code>${key}</code></td><td><code>${etag}</code></td><td class="number">${rows === undefined ? '' : formatCount(rows)}</td></tr>`)}</tbody></table></div>
<h3>Hyperparameters of ${algorithm}</h3>
<dl class="settings">${settings.map(([name, value]) => html`<div><dt>${name}</dt><dd>${formatSetting(value)}</dd></div>`)}</dl>
${notes.length === 0 ? [] : html`<h3>Notes</h3>`}
${notes.map((note) => html`<p>${note}</p>`)}
</section>`;
}

function modelColumns({ holdout, outOfBag }: ReportMetrics): { title: string; figures: RegressionMetrics }[] {
  return [
    ...(holdout === undefined ? [] : [{ title: `Model, ${formatRows(holdout.rows)} held out`, figures: holdout }]),
    ...(outOfBag === undefined ? [] : [{ title: `Model, ${formatRows(outOfBag.rows)} out of bag`, figures: outOfBag }]),
  ];
}

function sourceRemark(source: Evaluation['source']): string {
  return source === 'holdout'
    ? 'Held-out rows were not trained on.'
    : 'Out of bag: each row is predicted by the trees that did not see it, because no rows or too few were held out.';
}

function columnRow({ name, kind, missing, use }: ColumnSummary): Markup {
  return html`<tr><th scope="row">${name}</th><td>${kind}</td><td class="number">${missing === 0 ? '–' : formatShare(missing)}</td><td>${use}</td></tr>`;
}
