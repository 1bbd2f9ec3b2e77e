import { headerEnd } from './csv-text.ts';
import type { CsvText } from './csv-text.ts';
import type { Delimiter } from './dialect.ts';
import { createEncoder } from './encode.ts';

/** Text is encoded in pieces of this size, so that no second whole copy of the file is made. */
const PIECE_CHARACTERS = 1 << 20;

/**
 * The file with columns added at its end, in its own encoding. Everything that was in the file stays byte by byte:
 * byte-order mark, quotes, white space, line endings, blank lines; what was packed is unpacked. Each row is its own text,
 * then a delimiter and the added cells. A file without a header gets none.
 * @param spans start and end of each row, as `readTableInPlace` gives them
 * @param names one name an added column
 * @param cellsOf the added cells of a row (counted from 0)
 */
export function appendColumns(csv: CsvText, spans: Uint32Array, names: readonly string[], cellsOf: (row: number) => readonly string[]): Uint8Array {
  const { text, dialect, bom, hasHeader } = csv;
  const encode = createEncoder(csv.encoding);
  const pieces: Uint8Array[] = [];
  const begin = headerEnd(csv);
  let pending = (bom ? '\ufeff' : '') + text.slice(0, begin) + (hasHeader ? added(names, dialect.delimiter) : '');
  let done = begin;
  for (let row = 0; row < spans.length / 2; row++) {
    const end = spans[2 * row + 1] ?? done;
    pending += text.slice(done, end) + added(cellsOf(row), dialect.delimiter);
    done = end;
    if (pending.length > PIECE_CHARACTERS) {
      pieces.push(encode(pending));
      pending = '';
    }
  }
  pieces.push(encode(pending + text.slice(done)));
  return Buffer.concat(pieces);
}

/**
 * Text that a spreadsheet shows and never runs: what it would take for a formula gets an apostrophe in front. A number,
 * also a negative one, stays as it is.
 */
export function withoutFormula(value: string): string {
  return /^\s*[=+\-@].|^[\t\r]/s.test(value) && !/^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(value) ? `'${value}` : value;
}

/** A cell as it is written in a file: quoted only where it must be, and never a formula. */
export function formatCell(value: string, delimiter: Delimiter): string {
  const safe = withoutFormula(value);
  const needsQuotes = safe.includes(delimiter) || /["\r\n]|^\s|\s$/.test(safe);
  return needsQuotes ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function added(cells: readonly string[], delimiter: Delimiter): string {
  let text = '';
  for (const cell of cells) text += delimiter + formatCell(cell, delimiter);
  return text;
}
