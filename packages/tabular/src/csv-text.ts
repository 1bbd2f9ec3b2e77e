import { decode } from './decode.ts';
import { detectDialect } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { TabularError } from './errors.ts';
import { checkHeader, columnNames } from './header.ts';
import type { FileProblem } from './problems.ts';
import { scanRows } from './scan-rows.ts';
import type { ScannedRow } from './scan-rows.ts';

/** One file as it comes. `name` stands in error messages and in row problems. */
export interface CsvFile {
  readonly name?: string;
  readonly bytes: Uint8Array;
}

/** A decoded file whose dialect and header are known and sound. */
export interface CsvText {
  readonly name?: string;
  /** The whole text, without the byte-order mark. */
  readonly text: string;
  readonly bom: boolean;
  readonly dialect: Dialect;
  readonly header: readonly string[];
}

/** What the beginning of a text tells: all of `CsvText` but its name. */
export type Opened = { readonly ok: true; readonly csv: CsvText } | { readonly ok: false; readonly problem: FileProblem };

/**
 * Decodes a file and reads its header.
 * @throws TabularError for everything that makes the file as a whole unreadable
 */
export function openCsv(file: CsvFile): CsvText {
  const opened = openText(file.bytes, true);
  if (!opened.ok) throw new TabularError(opened.problem, file.name);
  return file.name === undefined ? opened.csv : { ...opened.csv, name: file.name };
}

/** As `openCsv` for a file that may go on behind `bytes`, with the problem as a value. */
export function openText(bytes: Uint8Array, complete: boolean): Opened {
  const decoded = decode(bytes, complete);
  if (!decoded.ok) return decoded;
  const { bom } = decoded;
  // A head may end between CR and LF.
  const text = complete ? decoded.text : decoded.text.replace(/\r$/, '');
  if (text.trim() === '') return { ok: false, problem: emptyFile(bytes.length) };
  const dialect = detectDialect(text, complete);
  const row = firstRow(text, dialect);
  if (row.broken !== undefined || (!complete && row.end === text.length)) return { ok: false, problem: unreadableHeader(text, row) };
  const header = columnNames(row.fields);
  const problem = checkHeader(header, lineOf(text, row.start));
  return problem === undefined ? { ok: true, csv: { text, bom, dialect, header } } : { ok: false, problem };
}

/** Calls `onRow` for each row below the header. As `scanRows` otherwise. */
export function scanDataRows(csv: CsvText, onRow: (row: ScannedRow) => boolean | undefined): void {
  let isHeader = true;
  scanRows(csv.text, csv.dialect, (row) => {
    if (!isHeader) return onRow(row);
    isHeader = false;
    return undefined;
  });
}

/** Offsets of the header's own characters in the text. */
export function headerSpan(csv: CsvText): { readonly start: number; readonly end: number } {
  return firstRow(csv.text, csv.dialect);
}

function firstRow(text: string, dialect: Dialect): ScannedRow {
  let found: ScannedRow = { fields: [], start: 0, end: 0 };
  scanRows(text, dialect, (row) => {
    found = row;
    return false;
  });
  return found;
}

function emptyFile(bytes: number): FileProblem {
  return {
    code: 'empty',
    message: bytes === 0 ? 'the file is empty (0 bytes)' : 'the file has blank lines only',
    remedy: 'export the table again, with its header and rows',
  };
}

function unreadableHeader(text: string, row: ScannedRow): FileProblem {
  const line = lineOf(text, row.start);
  return {
    code: 'unreadable-header',
    message: `the header (line ${line}) ${row.broken === undefined ? `does not end within the first ${text.length} characters` : 'has a quote that is never closed or stands in the middle of a name'}`,
    remedy: 'put the column names on one line, quote whole names only and double the quotes inside them',
    line,
  };
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\n|\r/).length;
}
