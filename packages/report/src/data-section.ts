/** What was read, what each column is like and what it was used for. */
import { shorten } from './chart.ts';
import { formatCount, formatDay, formatFigure, formatShare } from './format.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import type { ColumnSummary, ReportInput } from './report-input.ts';

const USES: Readonly<Record<ColumnSummary['use'], string>> = { feature: 'feature', target: 'target', 'left-out': 'left out' };

/** Most frequent values shown of a column. */
const MOST_LEVELS = 3;
const LONGEST_LEVEL = 24;

export function dataSection({ rows, columns }: ReportInput): Markup {
  const tiles = [['read', rows.read], ['trained on', rows.trained], ['held out', rows.heldOut], ['left out', rows.leftOut]] as const;
  return html`<section>
<h2>The data</h2>
<dl class="tiles">${tiles.map(([label, count]) => html`<div><dt>${label}</dt><dd>${formatCount(count)}</dd></div>`)}</dl>
<table class="columns">
<thead><tr><th scope="col">Column</th><th scope="col">Kind</th><th scope="col">Values</th><th scope="col">Use</th></tr></thead>
<tbody>${columns.map(columnRow)}</tbody></table>
</section>`;
}

function columnRow({ name, kind, explanation, missing, use, detail, summary }: ColumnSummary): Markup {
  const values = [...(summary === undefined ? [] : describe(kind, summary)), ...(missing === undefined || missing === 0 ? [] : [`${formatShare(missing)} missing`])];
  return html`<tr><th scope="row">${name}</th>
<td>${kind}${small(explanation)}</td>
${values.length === 0 ? html`<td class="values none">–</td>` : html`<td class="values">${values.map((value) => html`<div>${value}</div>`)}</td>`}
<td>${USES[use]}${small(detail)}</td></tr>
`;
}

function small(text: string | undefined): Markup {
  return text === undefined || text === '' ? html`` : html`<small>${text}</small>`;
}

function describe(kind: string, { quantiles, levels }: NonNullable<ColumnSummary['summary']>): string[] {
  if (levels !== undefined && levels.length > 0) return [topLevels(levels)];
  // Quantiles of yes and no say nothing.
  if (quantiles === undefined || kind === 'boolean') return [];
  const [least, , lower, , upper, , most] = quantiles;
  if (least === undefined || lower === undefined || upper === undefined || most === undefined) return [];
  const format = kind === 'date' ? formatDay : formatFigure;
  return least === most ? [`always ${format(least)}`] : [`${format(least)} to ${format(most)}`, `half of them ${format(lower)} to ${format(upper)}`];
}

/** `Low Fat 65 %, Regular 35 %` */
function topLevels(levels: readonly { readonly value: string; readonly share: number }[]): string {
  const shown = levels.slice(0, MOST_LEVELS).map(({ value, share }) => `${value === '' ? '(blank)' : shorten(value, LONGEST_LEVEL)} ${formatShare(share)}`);
  return `${shown.join(', ')}${levels.length > MOST_LEVELS ? ', …' : ''}`;
}
