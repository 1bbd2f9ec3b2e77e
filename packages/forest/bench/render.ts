/** The figures of results.json as Markdown. */
import { SECTIONS } from './results.ts';
import type { ResultRow, Results, Section, SectionName } from './results.ts';

/** One column of a table: the figures it shows, as a person reads them. */
interface Column {
  readonly heading: string;
  /** Nothing where the row has no such figure. */
  readonly cell: (figures: ResultRow['figures']) => string;
}

const START = '<!-- bench:start -->';
const END = '<!-- bench:end -->';

const grouped = (value: number): string => Math.round(value).toLocaleString('en');
const column = (heading: string, name: string, format: (value: number) => string): Column => ({
  heading,
  cell: ({ [name]: value }) => (value === undefined ? '' : format(value)),
});
const seconds = column('seconds', 'seconds', (value) => value.toPrecision(3));
const faster = column('× scikit-learn', 'timesFaster', (value) => value.toPrecision(3));
const peak = column('peak MB', 'peakMegabytes', grouped);
const rmse = column('RMSE, unseen rows', 'rmse', (value) => value.toPrecision(5));

const TABLES: Readonly<Record<SectionName, { readonly title: string; readonly columns: readonly Column[] }>> = {
  fit: { title: 'Fit', columns: [column('trees', 'trees', grouped), seconds, column('ms a tree', 'msPerTree', (value) => value.toPrecision(3)), faster, rmse] },
  predict: {
    title: 'Predict',
    columns: [
      column('rows/s', 'rowsPerSecond', grouped),
      column('ms for one row', 'msPerSingleRow', (value) => value.toPrecision(3)),
      column('ms from file to first prediction', 'msToLoad', (value) => value.toPrecision(3)),
      column('MB', 'megabytes', (value) => value.toFixed(1)),
      column('bytes a node', 'bytesPerNode', (value) => value.toFixed(2)),
    ],
  },
  small: { title: 'A small table', columns: [seconds, faster, peak, rmse] },
  scale: { title: 'Larger tables', columns: [seconds, column('s a tree', 'secondsPerTree', (value) => value.toPrecision(3)), faster, peak, rmse] },
  quality: {
    title: 'Quality',
    columns: [rmse, { heading: 'paired difference ± standard error', cell: ({ difference, differenceError }) => (difference === undefined || differenceError === undefined ? '' : `${signed(difference)} ± ${differenceError.toFixed(2)}`) }],
  },
  tuned: { title: 'Settings chosen by out-of-bag error', columns: [rmse, seconds, faster] },
  huge: { title: 'Ten million rows', columns: [seconds, column('s a tree', 'secondsPerTree', (value) => value.toPrecision(3)), peak, rmse] },
};

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

/** A heading, what was measured and a table. */
export function renderSection(name: SectionName, { workload, rows }: Section): string {
  const { title, columns } = TABLES[name];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `**${title}** — ${workload}`,
    '',
    line(['', ...columns.map(({ heading }) => heading)]),
    line(['---', ...columns.map(() => '---:')]),
    ...rows.map((row) => line([row.name, ...columns.map(({ cell }) => cell(row.figures))])),
    '',
  ].join('\n');
}

/** All measured sections, and the circumstances: once where they were the same for all, rounds apart. */
export function renderResults(results: Results): string {
  const sections = SECTIONS.flatMap((name) => (results[name] === undefined ? [] : [{ title: TABLES[name].title, section: results[name], text: renderSection(name, results[name]) }]));
  const titlesOf = (some: typeof sections): string => some.map(({ title }) => title).join(', ');
  const circumstances = Map.groupBy(sections, ({ section }) => circumstancesOf(section));
  const rounds = Map.groupBy(sections, ({ section }) => String(section.rounds));
  const of = (text: string, groups: ReadonlyMap<string, typeof sections>): string => (groups.size === 1 ? text : `${text} (${titlesOf(groups.get(text) ?? [])})`);
  return [
    ...sections.map(({ text }) => text),
    `Medians of up to ${Array.from(rounds.keys(), (count) => of(count, rounds)).join(', ')} rounds in turns, ${Array.from(circumstances.keys(), (text) => of(text, circumstances)).join('; ')}.`,
  ].join('\n');
}

function circumstancesOf({ measuredAt, machine, versions }: Section): string {
  return `${measuredAt.slice(0, 10)}; ${machine.cores} cores (${machine.cpu}), ${machine.memoryGigabytes} GB; ${versions.join('; ')}`;
}

/**
 * The README with these tables between the two markers.
 * @throws Error where it has no markers
 */
export function replaceTables(readme: string, results: Results): string {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`README.md: no ${START} … ${END}`);
  return `${readme.slice(0, start + START.length)}\n${renderResults(results)}\n${readme.slice(end)}`;
}
