import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DELIMITERS } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { scanRows } from './scan-rows.ts';
import type { ScannedRow } from './scan-rows.ts';

const dialect: fc.Arbitrary<Dialect> = fc.record({ delimiter: fc.constantFrom(...DELIMITERS), lineEnding: fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const) });
/** Any text at all, quotes broken more often than not. */
const text = fc.string({ unit: fc.constantFrom('a', ',', ';', '"', '""', '\n', '\r\n', ' ', '\ufeff'), maxLength: 60 });

function rowsOf(content: string, as: Dialect, pieceCharacters?: number): ScannedRow[] {
  const rows: ScannedRow[] = [];
  scanRows(content, as, (row) => void rows.push(row), pieceCharacters);
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
  scanRows('a\nb\nc\n', { delimiter: ',', lineEnding: '\n' }, () => ++rows < 2);
  expect(rows).toBe(2);
});
