import { headerSpan } from './csv-text.ts';
import type { CsvText } from './csv-text.ts';
import type { Delimiter } from './dialect.ts';

/** Text is encoded in pieces of this size, so that no second whole copy of the file is made. */
const PIECE_CHARACTERS = 1 << 20;

/**
 * The file with columns added at its end. Everything that was in the file stays byte by byte: byte-order mark, quotes,
 * white space, line endings, blank lines. Each row is its own text, then a delimiter and the added cells.
 * @param spans start and end of each row, as `readTableInPlace` gives them
 * @param names one name an added column
 * @param cellsOf the added cells of a row (counted from 0)
 */
export function appendColumns(csv: CsvText, spans: Uint32Array, names: readonly string[], cellsOf: (row: number) => readonly string[]): Uint8Array {
  const { text, dialect, bom } = csv;
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  const { end: headerEnd } = headerSpan(csv);
  let pending = (bom ? '\ufeff' : '') + text.slice(0, headerEnd) + added(names, dialect.delimiter);
  let done = headerEnd;
  for (let row = 0; row < spans.length / 2; row++) {
    const end = spans[2 * row + 1] ?? done;
    pending += text.slice(done, end) + added(cellsOf(row), dialect.delimiter);
    done = end;
    if (pending.length > PIECE_CHARACTERS) {
      pieces.push(encoder.encode(pending));
      pending = '';
    }
  }
  pieces.push(encoder.encode(pending + text.slice(done)));
  return Buffer.concat(pieces);
}

/** A cell as it is written in a file: quoted only where it must be. */
export function formatCell(value: string, delimiter: Delimiter): string {
  const needsQuotes = value.includes(delimiter) || /["\r\n]|^\s|\s$/.test(value);
  return needsQuotes ? `"${value.replaceAll('"', '""')}"` : value;
}

function added(cells: readonly string[], delimiter: Delimiter): string {
  let text = '';
  for (const cell of cells) text += delimiter + formatCell(cell, delimiter);
  return text;
}
