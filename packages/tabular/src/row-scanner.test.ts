import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { DELIMITERS } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { mixText } from './hash.ts';
import { RowScanner } from './row-scanner.ts';

const dialect: fc.Arbitrary<Dialect> = fc.record({ delimiter: fc.constantFrom(...DELIMITERS), lineEnding: fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const) });
/** Any text at all, quotes broken more often than not. */
const text = fc.string({ unit: fc.constantFrom('a', ',', ';', '"', '""', '\n', '\r\n', ' ', '\ufeff', '\u00a0'), maxLength: 60 });

interface ScannedRow {
  readonly cells: readonly string[];
  readonly hashes: readonly number[];
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly broken: string | undefined;
}

function rowsOf(content: string, as: Dialect, pieceCharacters = Math.max(1, content.length)): ScannedRow[] {
  const rows: ScannedRow[] = [];
  const scanner = new RowScanner(as, (row) => {
    rows.push({ cells: row.cells(), hashes: Array.from(row.hashes.subarray(0, row.count)), start: row.start, end: row.end, line: row.line, broken: row.broken });
    return undefined;
  });
  for (let at = 0; at < content.length; at += pieceCharacters) scanner.push(content.slice(at, at + pieceCharacters));
  scanner.finish();
  return rows;
}

test('every size of the pieces gives the same rows', () => {
  fc.assert(
    fc.property(text, dialect, (content, as) => {
      const whole = rowsOf(content, as);
      for (let size = 1; size <= content.length; size++) expect(rowsOf(content, as, size), `pieces of ${size}`).toEqual(whole);
    }),
    { numRuns: 200 },
  );
});

test('rows are the ones that papaparse makes of the text', () => {
  const unit = fc.constantFrom('a', 'ä', ',', ';', '\n', ' ', '\t', '\u00a0', '"b"', '"', '"c', '""', ',"', '",');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 30 }), (content) => {
      const { data, errors } = Papa.parse<string[]>(content, { delimiter: ',', newline: '\n', fastMode: false });
      fc.pre(errors.length === 0);
      const expected = data.map((fields) => fields.map((field) => field.trim()));
      const rows = rowsOf(content, { delimiter: ',', lineEnding: '\n' });
      const isBlank = (cells: readonly string[]): boolean => cells.length === 1 && cells[0] === '';
      expect(rows.map(({ cells }) => cells).filter((cells) => !isBlank(cells))).toEqual(expected.filter((cells) => !isBlank(cells)));
      for (const { cells, hashes } of rows) expect(hashes).toEqual(cells.map((cell) => mixText(cell, 0, cell.length)));
    }),
    { numRuns: 2000 },
  );
});

test('rows lie one behind the other, with nothing but line breaks and white space between them', () => {
  fc.assert(
    fc.property(text, dialect, (content, as) => {
      const rows = rowsOf(content, as);
      const edges = [0, ...rows.flatMap(({ start, end }) => [start, end]), content.length];
      for (let index = 0; index < edges.length; index += 2) expect(content.slice(edges[index], edges[index + 1]).trim()).toBe('');
    }),
  );
});

test('nothing is read behind the row at which the caller stops', () => {
  let rows = 0;
  const scanner = new RowScanner({ delimiter: ',', lineEnding: '\n' }, () => ++rows < 2);
  expect(scanner.push('a\nb\nc\n')).toBe(false);
  scanner.finish();
  expect(rows).toBe(2);
});
