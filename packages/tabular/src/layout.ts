/** What the beginning of a text tells: how it is written, and what its columns are called. */
import { dateFormatsOf, ALL_DATE_FORMATS } from './date.ts';
import { lineBreaks } from './decode.ts';
import { detectDialect } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { TabularError } from './errors.ts';
import { checkHeader, columnNames, generatedNames } from './header.ts';
import { MissingMarks } from './missing.ts';
import { ALL_FORMATS, formatsOf, takeApart } from './number-format.ts';
import { RowScanner } from './row-scanner.ts';

/** What is known of a file before it is read; `reading` of dataset.json has this form. */
export interface ReadingOptions {
  /** Whether there is a header line; `auto`, the default, tells it by the first rows. */
  readonly header?: boolean | 'auto' | undefined;
  /** Names of the columns where there is no header; c0, c1, … without them. */
  readonly columnNames?: readonly string[] | undefined;
  /** The one of `columnNames` that a file without a header may lack: the column to predict. */
  readonly target?: string | undefined;
}

export interface Layout {
  readonly dialect: Dialect;
  readonly hasHeader: boolean;
  /** Column names in the file's order. */
  readonly header: readonly string[];
}

/** The first rows of a text, the header among them. */
interface FirstRow {
  readonly cells: readonly string[];
  readonly line: number;
  readonly isBroken: boolean;
}

/** Enough text to tell a layout by; the same, however the file comes. */
export const SAMPLE_CHARACTERS = 65_536;
const ROWS_COMPARED = 20;
const MARKS = new MissingMarks();

/**
 * @param text the whole text, or its beginning
 * @param complete whether `text` is the whole text
 * @returns `undefined` where the first row goes on behind the text
 * @throws TabularError for a header that cannot be read
 */
export function detectLayout(text: string, complete: boolean, reading: ReadingOptions): Layout | undefined {
  const dialect = detectDialect(text, complete);
  const [first, ...below] = firstRows(text, complete, dialect);
  if (first === undefined) return undefined;
  if (first.isBroken) throw new TabularError(unreadableHeader(first.line));
  const { header: wanted = 'auto' } = reading;
  const hasHeader = wanted === 'auto' ? !isDataRow(first.cells, below) : wanted;
  if (!hasHeader) return { dialect, hasHeader, header: generatedNames(first.cells.length, first.line, reading) };
  const header = columnNames(first.cells);
  const problem = checkHeader(header, first.line);
  if (problem !== undefined) throw new TabularError(problem);
  return { dialect, hasHeader, header };
}

/** The first row of a text that is cut in the middle of it. */
export function cutHeader(text: string): TabularError {
  const line = 1 + lineBreaks(text.slice(0, text.length - text.trimStart().length));
  return new TabularError({
    code: 'unreadable-header',
    message: `the header (line ${line}) does not end within the first ${text.length} characters`,
    remedy: 'put the column names on one line, quote whole names only and double the quotes inside them',
    line,
  });
}

function firstRows(text: string, complete: boolean, dialect: Dialect): FirstRow[] {
  const rows: FirstRow[] = [];
  const scanner = new RowScanner(dialect, (row) => {
    rows.push({ cells: row.cells(), line: row.line, isBroken: row.broken !== undefined });
    return rows.length <= ROWS_COMPARED;
  });
  if (scanner.push(text) && complete) scanner.finish();
  return rows;
}

/**
 * A first row is data where all it has is numbers and dates; also where it has one, and each of its words stands in the
 * same column further down: names do not.
 */
function isDataRow(cells: readonly string[], below: readonly FirstRow[]): boolean {
  const filled = cells.flatMap((cell, position) => (cell === '' || MARKS.has(cell, 0, cell.length) ? [] : [{ cell, position }]));
  const words = filled.filter(({ cell }) => !isNumberOrDate(cell));
  if (words.length === filled.length) return false;
  return words.every(({ cell, position }) => below.some((row) => row.cells[position] === cell));
}

function isNumberOrDate(cell: string): boolean {
  const parts = takeApart(cell);
  return (parts !== undefined && formatsOf(parts.body, ALL_FORMATS) !== 0) || dateFormatsOf(cell, ALL_DATE_FORMATS) !== 0;
}

function unreadableHeader(line: number): ConstructorParameters<typeof TabularError>[0] {
  return {
    code: 'unreadable-header',
    message: `the header (line ${line}) has a quote that is never closed or stands in the middle of a name`,
    remedy: 'put the column names on one line, quote whole names only and double the quotes inside them',
    line,
  };
}
