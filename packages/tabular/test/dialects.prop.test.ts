import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appendColumns, inferSchema, inspectHead, openCsv, readTable, readTableInPlace } from '../src/index.ts';
import type { Column, Table } from '../src/index.ts';
import { cells, writeCsv, writtenAs } from './csv-writer.ts';

const MISSING = new Set(['', 'na', 'n/a', 'null', 'nan', '?', '-']);
const isNumber = (text: string): boolean => /^[+-]?[0-9.]+(e[+-]?[0-9]+)?$/i.test(text) && Number.isFinite(Number(text));

/** The column that the texts should make, by the rules of the documentation written down a second time. */
function expected(name: string, texts: readonly string[]): { name: string; values: readonly (number | string | null)[] } {
  const trimmed = texts.map((text) => text.trim());
  const numeric = trimmed.every((text) => isNumber(text) || MISSING.has(text.toLowerCase())) && trimmed.some(isNumber);
  return { name, values: trimmed.map((text) => (text === '' ? null : !numeric ? text : isNumber(text) ? Number(text) : null)) };
}

function plain(column: Column): { name: string; values: readonly (number | string | null)[] } {
  const { name } = column;
  if (column.kind === 'numeric') return { name, values: Array.from(column.values, (value) => (Number.isNaN(value) ? null : value)) };
  return { name, values: Array.from(column.codes, (code) => column.levels[code] ?? null) };
}

const plainTable = (table: Table): unknown => table.columns.map(plain);

describe('a table written in any dialect', () => {
  test('reads back equal', () => {
    fc.assert(
      fc.property(cells, writtenAs, ({ header, rows }, as) => {
        const csv = openCsv({ bytes: writeCsv(header, rows, as).bytes });
        const { table, problems } = readTable([csv], inferSchema([csv]));
        expect(problems).toEqual([]);
        expect(table.rowCount).toBe(rows.length);
        expect(plainTable(table)).toEqual(header.map((name, index) => expected(name, rows.map((row) => row[index] ?? ''))));
      }),
      { numRuns: 500 },
    );
  });

  test('is let in at the door with its delimiter and header, even when only its beginning is looked at', () => {
    fc.assert(
      fc.property(cells, writtenAs, fc.nat(), ({ header, rows }, as, cut) => {
        const { bytes, header: line } = writeCsv(header, rows, as);
        const shortest = new TextEncoder().encode(line).length + 6;
        const head = bytes.subarray(0, shortest + (cut % Math.max(1, bytes.length - shortest)));
        expect(inspectHead(head, { complete: false })).toMatchObject({ ok: true, bom: as.bom, header, dialect: { delimiter: as.delimiter } });
        expect(inspectHead(bytes, { complete: true })).toMatchObject({ ok: true, rowsSeen: rows.length });
      }),
      { numRuns: 500 },
    );
  });

  test('is rebuilt byte by byte from its rows, and each row is the text it was written as', () => {
    fc.assert(
      fc.property(cells, writtenAs, ({ header, rows }, as) => {
        const written = writeCsv(header, rows, as);
        const csv = openCsv({ bytes: written.bytes });
        const { spans } = readTableInPlace(csv, inferSchema([csv]));
        const texts = Array.from({ length: spans.length / 2 }, (_, row) => csv.text.slice(spans[2 * row], spans[2 * row + 1]));
        expect(texts).toEqual(written.rows);
        expect(appendColumns(csv, spans, [], () => [])).toEqual(Buffer.from(written.bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('keeps every cell when a column is appended', () => {
    fc.assert(
      fc.property(cells, writtenAs, ({ header, rows }, as) => {
        const csv = openCsv({ bytes: writeCsv(header, rows, as).bytes });
        const { spans } = readTableInPlace(csv, inferSchema([csv]));
        const joined = openCsv({ bytes: appendColumns(csv, spans, ['added'], (row) => [`"${row}"\n`]) });
        const schema = inferSchema([joined], new Map(joined.header.map((name) => [name, 'categorical'])));
        const { table } = readTable([joined], schema);
        const all = rows.map((row, index) => [...row.map((value) => value.trim() || null), `"${index}"`]);
        expect(plainTable(table)).toEqual([...header, 'added'].map((name, index) => ({ name, values: all.map((row) => row[index] ?? null) })));
      }),
    );
  });
});
