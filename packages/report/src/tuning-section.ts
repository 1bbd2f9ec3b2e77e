/** Which settings were tried, and how the ones of this model were found. */
import { formatCount, formatFigure, formatSetting } from './format.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import type { ReportInput } from './report-input.ts';

type Tuning = NonNullable<ReportInput['tuning']>;
type Trial = Tuning['trials'][number];

const MOST_SHOWN = 10;

/** Nothing where nothing was left to choose. */
export function tuningSection({ tuning }: ReportInput): Markup {
  if (tuning === undefined) return html``;
  const { chosen, figure, trials } = tuning;
  const names = Object.keys(chosen);
  const shown = trials.filter(({ stopped }) => !stopped).slice(0, MOST_SHOWN);
  return html`<section>
<h2>What was tried</h2>
<p>${explain(tuning)}</p>
<div class="scroll"><table>
<thead><tr>${names.map((name) => html`<th scope="col">${name}</th>`)}
<th scope="col" class="number">${figure}</th><th scope="col" class="number">Trees</th><th scope="col"></th></tr></thead>
<tbody>${shown.map((trial) => trialRow(trial, names, isSame(trial.hyperparameters, chosen)))}</tbody></table></div>
${trials.length === shown.length ? '' : html`<p>${formatCount(trials.length - shown.length)} others did worse or were given up after fewer trees.</p>`}
</section>`;
}

function explain({ chosen, figure, trials }: Tuning): string {
  const names = Object.keys(chosen);
  const settings = names.map((name) => `${name} ${inWords(chosen[name])}`).join(', ');
  return `${formatCount(trials.length)} ${names.length === 1 ? 'values' : 'combinations'} of ${listed(names)} were compared by the ${figure} of training rows, `
    + 'each predicted by the trees that had not seen it. '
    + `This model uses ${settings}: of the settings that are as good within the noise, those with the smallest trees. `
    + 'Rows that settings were chosen by flatter the result a little; held-out rows had no part in it.';
}

function trialRow({ hyperparameters, value, trees }: Trial, names: readonly string[], isChosen: boolean): Markup {
  return html`<tr>${names.map((name) => html`<td>${inWords(hyperparameters[name])}</td>`)}
<td class="number">${value === undefined ? '–' : formatFigure(value)}</td><td class="number">${formatCount(trees)}</td><td>${isChosen ? 'chosen' : ''}</td></tr>
`;
}

function isSame(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(b).every((name) => a[name] === b[name]);
}

/** `20`, `0.333`, `no limit` */
function inWords(value: unknown): string {
  if (value === null) return 'no limit';
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(3).replace(/0+$/, '') : formatSetting(value);
}

/** `a, b and c` */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
