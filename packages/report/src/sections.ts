/** The report's head, its notes and its end. */
import { formatCount, formatSetting, formatTime } from './format.ts';
import { headline } from './headline.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import type { Judged, ReportInput } from './report-input.ts';

/** What was trained, when, and how good it is, in a sentence or two. */
export function headerSection({ dataset, job, createdAt, target, algorithm }: ReportInput, judged: Judged): Markup {
  return html`<header>
<p class="kind">Training report</p>
<h1>${dataset}</h1>
<p class="what">Predicts <strong>${target}</strong> with <strong>${algorithm}</strong>${judged.task === 'classification' ? classesOf(judged.evaluation.classes) : ''}</p>
<p class="headline">${headline(judged)}</p>
<p class="job">Job <code>${job}</code>, ${formatTime(createdAt)}</p>
</header>`;
}

/** What a reader of the figures should know; nothing where there is nothing to say. */
export function notesSection({ notes }: ReportInput): Markup {
  if (notes.length === 0) return html``;
  return html`<section>
<h2>Good to know</h2>
<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>
</section>`;
}

/** What it takes to make this model again. */
export function lineageSection({ algorithm, hyperparameters, files }: ReportInput): Markup {
  const settings = Object.entries(hyperparameters);
  return html`<section>
<h2>Where it comes from</h2>
${files.length === 0 ? html`<p>It was not trained from dropped files: which files it read is not known.</p>` : filesTable(files)}
<h3>Hyperparameters of ${algorithm}</h3>
<dl class="settings">${settings.map(([name, value]) => html`<div><dt>${name}</dt><dd>${formatSetting(value)}</dd></div>`)}</dl>
</section>`;
}

function filesTable(files: ReportInput['files']): Markup {
  const hasRows = files.some(({ rows }) => rows !== undefined);
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">File</th><th scope="col">ETag</th>${hasRows ? html`<th scope="col" class="number">Rows</th>` : ''}</tr></thead>
<tbody>${files.map(({ key, etag, rows }) => html`<tr><td><code>${key}</code></td><td><code>${etag}</code></td>${hasRows ? html`<td class="number">${rows === undefined ? '' : formatCount(rows)}</td>` : ''}</tr>`)}</tbody></table></div>`;
}

/** Names are only useful where they are few. */
function classesOf(classes: readonly string[]): string {
  if (classes.length > 5) return `, one of ${formatCount(classes.length)} classes`;
  const names = classes.map((name) => (name === '' ? '(blank)' : name));
  return classes.length === 1 ? `, of which only ${names[0] ?? ''} occurs` : `: ${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
