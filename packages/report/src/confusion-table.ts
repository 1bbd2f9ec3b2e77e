import { countConfusion } from './confusion.ts';
import { formatCount, formatShare } from './format.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import type { ClassificationEvaluation } from './report-input.ts';

/** A table of counts, each shaded by its share of the line: a perfect model's diagonal holds everything. */
export function confusionTable(evaluation: ClassificationEvaluation): Markup {
  const { names, counts } = countConfusion(evaluation);
  const shown = names.map((name) => (name === '' ? '(blank)' : name));
  return html`<section>
<h2>What is taken for what</h2>
<div class="scroll"><table class="confusion">
<thead><tr><th></th><th scope="colgroup" colspan="${names.length}">Predicted</th></tr>
<tr><th scope="col">Actual</th>${shown.map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
<tbody>${counts.map((line, actual) => html`<tr><th scope="row">${shown[actual] ?? ''}</th>${lineCells(line, actual)}</tr>
`)}</tbody></table></div>
<p class="remark">Rows by actual and predicted class, with their share of the actual class. ${evaluation.classes.length > names.length ? 'The classes with most rows have a place of their own; all others share the last one.' : ''}</p>
</section>`;
}

function lineCells(line: readonly number[], actual: number): Markup[] {
  const total = line.reduce((sum, count) => sum + count, 0);
  return line.map((count, predicted) => {
    const share = total === 0 ? 0 : count / total;
    const cell = count === 0 ? html`<span>0</span>` : html`${formatCount(count)} <small>${formatShare(share)}</small>`;
    return html`<td class="number ${predicted === actual ? 'right' : 'wrong'}" style="--share:${share.toFixed(3)}">${cell}</td>`;
  });
}
