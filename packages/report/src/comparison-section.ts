/** The model beside the one that predicts. */
import { formatCoarsely, formatFigure, formatInterval, formatPercent, formatRows } from './format.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import type { ReportInput } from './report-input.ts';

type Comparable = Extract<NonNullable<ReportInput['comparison']>, { readonly comparable: true }>;

/** Nothing where no model predicts. */
export function comparisonSection({ comparison }: ReportInput): Markup {
  if (comparison === undefined) return html``;
  return html`<section>
<h2>Against the model that predicts</h2>
${comparison.comparable ? html`<p><strong>${verdictOn(comparison)}</strong>: ${figuresOf(comparison)}</p>
<p>${differenceOf(comparison)}</p>` : html`<p>They could not be compared: ${comparison.reason}.</p>`}
${comparison.champion === '' ? '' : html`<p class="remark">The model that predicts is of job <code>${comparison.champion}</code>.</p>`}
</section>`;
}

function verdictOn({ interval: [low, high] }: Comparable): string {
  if (low > 0) return 'This model is better';
  return high < 0 ? 'This model is worse' : 'Neither is better for certain';
}

/** `RMSE 1,081.2 against 1,095.3 on the same 885 rows, which neither was trained on.` */
function figuresOf({ figure, challengerValue, championValue, rows }: Comparable): string {
  return `${figure} ${formatFigure(challengerValue)} against ${formatFigure(championValue)} on the same ${formatRows(rows)}, which neither was trained on.`;
}

/** `Its RMSE is 14.1 lower; 5.20–23.1 lower in 95 % of resamples of the rows.` */
function differenceOf({ figure, difference, interval, level }: Comparable): string {
  return `Its ${figure} is ${difference === 0 ? 'the same' : sided(difference)}; ${rangeOf(interval)} in ${formatPercent(level)} of resamples of the rows.`;
}

function rangeOf([low, high]: Comparable['interval']): string {
  if (low === high) return low === 0 ? 'the same' : sided(low);
  if (low >= 0) return `${formatInterval([low, high])} lower`;
  return high <= 0 ? `${formatInterval([-high, -low])} higher` : `from ${sided(low)} to ${sided(high)}`;
}

/** `14.1 lower` for 14.1: the figure of the other less the model's. */
function sided(difference: number): string {
  return `${formatCoarsely(Math.abs(difference))} ${difference > 0 ? 'lower' : 'higher'}`;
}
