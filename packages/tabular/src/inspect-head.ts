import { openText, scanDataRows } from './csv-text.ts';
import type { CsvText } from './csv-text.ts';
import type { Dialect } from './dialect.ts';
import { TabularError } from './errors.ts';
import type { ReadingOptions } from './layout.ts';
import type { FileProblem } from './problems.ts';

/** What the beginning of a file tells about it. */
export type HeadInspection =
  | {
      readonly ok: true;
      readonly dialect: Dialect;
      readonly bom: boolean;
      /** Column names in the file's order; c0, c1, … or the names given where the file has no header. */
      readonly header: readonly string[];
      /** Data rows looked at, at most 100. */
      readonly rowsSeen: number;
    }
  | { readonly ok: false; readonly problem: FileProblem };

export interface HeadOptions {
  /** Whether the head is the whole file. */
  readonly complete: boolean;
  readonly reading?: ReadingOptions;
}

const ROWS_LOOKED_AT = 100;

/**
 * Looks at the beginning of a file, packed or not, before anything is paid for: is it a table that can be read? Nothing
 * is thrown for what a file may hold. 64 KB are enough for all but the widest headers.
 * @param head the first bytes of the file
 */
export function inspectHead(head: Uint8Array, { complete, reading = {} }: HeadOptions): HeadInspection {
  try {
    const csv = openText(head, complete, reading);
    const { seen, problem } = lookAtRows(csv, complete);
    if (problem !== undefined) return { ok: false, problem };
    return { ok: true, dialect: csv.dialect, bom: csv.bom, header: csv.header, rowsSeen: seen };
  } catch (error) {
    if (error instanceof TabularError) return { ok: false, problem: error.problem };
    throw error;
  }
}

function lookAtRows(csv: CsvText, complete: boolean): { readonly seen: number; readonly problem?: FileProblem } {
  const width = csv.header.length;
  let seen = 0;
  let fitting = 0;
  let firstRagged: FileProblem | undefined;
  scanDataRows(csv, ({ count, line, end, broken }) => {
    // The last row is cut where the head is, and so is a quoted field in it.
    if (!complete && (end === csv.text.length || broken === 'unclosed-quote')) return false;
    seen++;
    if (count === width) fitting++;
    else firstRagged ??= ragged(line, count, width);
    return seen < ROWS_LOOKED_AT;
  });
  if (seen === 0 && complete) return { seen, problem: noRows() };
  return fitting === 0 && firstRagged !== undefined ? { seen, problem: firstRagged } : { seen };
}

function ragged(line: number, fields: number, width: number): FileProblem {
  return {
    code: 'ragged',
    message: `the header has ${width} ${width === 1 ? 'column' : 'columns'}, but line ${line} has ${fields === 0 ? 'broken quotes' : `${fields} ${fields === 1 ? 'field' : 'fields'}`}, and no row that was looked at fits`,
    remedy: 'remove anything above the header, and use the same delimiter in every line',
    line,
  };
}

function noRows(): FileProblem {
  return { code: 'no-rows', message: 'line 1 is the header, and there are no rows below it', remedy: 'export the table again, with its rows' };
}
