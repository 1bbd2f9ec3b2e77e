/** The figures side by side with those of the naive prediction. */
import { formatChange, formatFigure, formatInterval, formatPercent, formatPercents, formatPoints, formatRows } from './format.ts';
import { SOURCES } from './headline.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import type { Figures, Judged, JudgedClassification, JudgedRegression, Source } from './report-input.ts';

/** One line of the table: a figure of each set of rows, the naive one last, and what to make of it. */
interface Line {
  readonly name: string;
  readonly meaning: string;
  readonly cells: readonly Markup[];
  readonly beside: string;
}

export function metricsSection(judged: Judged, target: string): Markup {
  const { source } = judged.evaluation;
  const { naive, lines, unit } = judged.task === 'regression' ? numberTable(judged, target) : classTable(judged);
  const hasRanges = judged.figures.intervals !== undefined;
  return html`<section>
<h2>How good it is</h2>
<div class="scroll"><table class="figures">
<thead><tr><th scope="col">Figure</th>${titlesOf(judged.metrics).map((title) => html`<th scope="col" class="number">${title}</th>`)}<th scope="col" class="number">${naive}</th><th scope="col">Beside that</th></tr></thead>
<tbody>
${lines.map(({ name, meaning, cells, beside }) => html`<tr><th scope="row">${name} <small>${meaning}</small></th>${cells}<td>${beside}</td></tr>
`)}</tbody></table></div>
${judged.task === 'regression' ? coverageLine(judged.metrics.coverage) : []}
<p class="remark">${unit}${sourceRemark(source)} The last two columns are for the same ${SOURCES[source]} rows.${hasRanges ? ' In brackets: where a figure lies in 95 % of resamples of the rows (bootstrap).' : ''}</p>
</section>`;
}

interface FigureTable {
  readonly naive: string;
  readonly lines: readonly Line[];
  /** A sentence on units, or nothing. */
  readonly unit: string;
}

function numberTable({ metrics, figures }: JudgedRegression, target: string): FigureTable {
  const { baseline } = metrics;
  const cells = (pick: 'rmse' | 'mae' | 'r2'): Markup[] =>
    setsOf(metrics).map((set: Figures<'regression'>) => figureCell(formatFigure(set[pick]), set.intervals && formatInterval(set.intervals[pick])));
  return {
    naive: 'Predicting the mean',
    unit: `Errors are in the unit of ${target}. `,
    lines: [
      { name: 'RMSE', meaning: 'typical error, large ones weigh more', cells: cells('rmse'), beside: formatChange(figures.rmse, baseline.rmse) },
      { name: 'MAE', meaning: 'mean error', cells: cells('mae'), beside: formatChange(figures.mae, baseline.mae) },
      { name: 'R²', meaning: 'share of the variance explained', cells: cells('r2'), beside: '1 is perfect' },
    ],
  };
}

function classTable({ metrics, figures, evaluation }: JudgedClassification): FigureTable {
  const { baseline } = metrics;
  const sets: readonly Figures<'classification'>[] = setsOf(metrics);
  const shares = sets.map(({ accuracy, intervals }) => figureCell(formatPercent(accuracy), intervals && formatPercents(intervals.accuracy)));
  const losses = sets.map(({ logLoss, intervals }) => figureCell(formatFigure(logLoss), intervals && formatInterval(intervals.logLoss)));
  const areas = sets.map(({ auc, intervals }) => figureCell(auc === undefined ? '–' : formatFigure(auc), intervals?.auc && formatInterval(intervals.auc)));
  const isPair = evaluation.classes.length === 2;
  return {
    naive: 'Predicting the class shares',
    unit: '',
    lines: [
      { name: 'Accuracy', meaning: 'share of rows whose class is found', cells: shares, beside: formatPoints(figures.accuracy - baseline.accuracy) },
      { name: 'Log loss', meaning: 'how wrong the probabilities are; sure and wrong costs most', cells: losses, beside: formatChange(figures.logLoss, baseline.logLoss) },
      { name: 'AUC', meaning: isPair ? 'how well the two classes are ranked' : 'how well each class is ranked above the others, on average', cells: areas, beside: '1 is perfect, 0.5 is chance' },
    ],
  };
}

interface FigureSets<F> {
  readonly holdout?: F | undefined;
  readonly outOfBag?: F | undefined;
  readonly baseline: F;
}

function setsOf<F>({ holdout, outOfBag, baseline }: FigureSets<F>): F[] {
  return [...(holdout === undefined ? [] : [holdout]), ...(outOfBag === undefined ? [] : [outOfBag]), baseline];
}

function titlesOf({ holdout, outOfBag }: FigureSets<{ readonly rows: number }>): string[] {
  return [
    ...(holdout === undefined ? [] : [`Model, ${formatRows(holdout.rows)} held out`]),
    ...(outOfBag === undefined ? [] : [`Model, ${formatRows(outOfBag.rows)} out of bag`]),
  ];
}

function figureCell(value: string, range: string | undefined): Markup {
  return html`<td class="number">${value}${range === undefined ? '' : html` <small>(${range})</small>`}</td>`;
}

/** `90 % intervals held 89.6 % of 869 held-out rows.` */
function coverageLine(coverage: JudgedRegression['metrics']['coverage']): Markup {
  if (coverage === undefined) return html``;
  return html`<p>${formatPercent(coverage.level)} intervals held <strong>${formatPercent(coverage.share)}</strong> of ${formatRows(coverage.rows).replace(' ', ' held-out ')}.</p>
`;
}

function sourceRemark(source: Source): string {
  return source === 'holdout'
    ? 'Held-out rows were not trained on.'
    : 'Out of bag: each row is predicted by the trees that did not see it, because no rows or too few were held out.';
}
