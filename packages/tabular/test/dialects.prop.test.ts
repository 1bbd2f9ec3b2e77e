import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appendColumns, bytesSource, inferSchema, inspectHead, openCsv, readTable, readTableInPlace } from '../src/index.ts';
import type { TableSchema } from '../src/index.ts';
import { cells, sayable, writeCsv, writtenAs } from './csv-writer.ts';
import type { WrittenAs } from './csv-writer.ts';
import { plainColumn, sourceInPieces } from './tables.ts';

/** What a table says, whatever the kinds of its columns are: all of them read as words. */
const asWords = (header: readonly string[]): TableSchema => ({ header: true, columns: header.map((name) => ({ name, kind: 'categorical', explanation: '' })) });
const trimmed = (rows: readonly (readonly string[])[], column: number): (string | null)[] => rows.map((row) => row[column]?.trim() || null);

function written({ header, rows }: { header: string[]; rows: string[][] }, as: WrittenAs) {
  const said = { header: header.map((name) => sayable(name, as)), rows: rows.map((row) => row.map((value) => sayable(value, as))) };
  const file = writeCsv(said.header, said.rows, as);
  fc.pre(as.encoding !== 'windows-1252' || !beginsAsUtf8(file.plain));
  return { ...said, file };
}

/** Some Windows-1252 is UTF-8 as well ("ä€€" and "䀀" are the same bytes): nobody can tell which was meant. */
function beginsAsUtf8(bytes: Uint8Array): boolean {
  const first = bytes.findIndex((byte) => byte >= 0x80);
  return first !== -1 && [2, 3, 4].some((length) => isUtf8(bytes.subarray(first, first + length)));
}

describe('a table written in any dialect and encoding', () => {
  test('reads back equal', async () => {
    await fc.assert(
      fc.asyncProperty(cells, writtenAs, async (table, as) => {
        const { header, rows, file } = written(table, as);
        const read = await readTable([bytesSource(file.bytes)], asWords(header));
        expect(read.problems).toEqual([]);
        expect(read.table.columns.map(plainColumn)).toEqual(header.map((_, column) => trimmed(rows, column)));
      }),
      { numRuns: 500 },
    );
  });

  test('has the same schema and the same columns as in any other, numbers and all', async () => {
    const plainly = { delimiter: '\t', lineEnding: '\n', encoding: 'utf-8', bom: false, gzip: false, quoteAll: false, endWithLineEnding: true } as const;
    await fc.assert(
      fc.asyncProperty(cells, writtenAs, async (table, as) => {
        // A comma between digits means something else in a file with semicolons.
        fc.pre(as.delimiter !== ';');
        const { header, rows, file } = written(table, as);
        const both = [bytesSource(file.bytes), bytesSource(writeCsv(header, rows, plainly).bytes)];
        const [one, other] = await Promise.all(
          both.map(async (source) => {
            const schema = await inferSchema([source]);
            const read = await readTable([source], schema);
            return { columns: schema.columns, read };
          }),
        );
        expect(one).toEqual(other);
        expect(one?.read.problems).toEqual([]);
        expect(one?.read.table.rowCount).toBe(rows.length);
      }),
      { numRuns: 300 },
    );
  });

  test('gives the same columns in pieces of every size, though they cut characters, line ends and quotes', async () => {
    await fc.assert(
      fc.asyncProperty(cells, writtenAs, async (table, as) => {
        const { file } = written(table, as);
        const whole = bytesSource(file.bytes);
        const schema = await inferSchema([whole]);
        const expected = await readTable([whole], schema);
        for (let size = 1; size <= file.bytes.length; size += size < 12 ? 1 : 17) {
          const source = sourceInPieces(file.bytes, size);
          expect(await inferSchema([source]), `pieces of ${size}`).toEqual(schema);
          expect(await readTable([source], schema), `pieces of ${size}`).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('is let in at the door with its delimiter and header, even when only its beginning is looked at', () => {
    fc.assert(
      fc.property(cells, writtenAs, fc.nat(), (table, as, cut) => {
        const { header, rows, file } = written(table, { ...as, gzip: false });
        const { bytes } = file;
        const shortest = headerBytes(file.header, as) + 12;
        const head = bytes.subarray(0, shortest + (cut % Math.max(1, bytes.length - shortest)));
        expect(inspectHead(head, { complete: false })).toMatchObject({ ok: true, bom: as.bom, header, dialect: { delimiter: as.delimiter } });
        expect(inspectHead(bytes, { complete: true })).toMatchObject({ ok: true, rowsSeen: rows.length });
      }),
      { numRuns: 500 },
    );
  });

  test('is rebuilt byte by byte from its rows, and each row is the text it was written as', () => {
    fc.assert(
      fc.property(cells, writtenAs, (table, as) => {
        const { header, file } = written(table, as);
        const csv = openCsv({ bytes: file.bytes });
        const { spans } = readTableInPlace(csv, asWords(header));
        const texts = Array.from({ length: spans.length / 2 }, (_, row) => csv.text.slice(spans[2 * row], spans[2 * row + 1]));
        expect(texts).toEqual(file.rows);
        expect(appendColumns(csv, spans, [], () => [])).toEqual(Buffer.from(file.plain));
      }),
      { numRuns: 500 },
    );
  });

  test('keeps every cell when a column is appended', async () => {
    await fc.assert(
      fc.asyncProperty(cells, writtenAs, async (table, as) => {
        const { header, rows, file } = written(table, as);
        const csv = openCsv({ bytes: file.bytes });
        const { spans } = readTableInPlace(csv, asWords(header));
        const joined = appendColumns(csv, spans, ['added'], (row) => [`"${row}"\n`]);
        const read = await readTable([bytesSource(joined)], asWords([...header, 'added']));
        const all = rows.map((row, index) => [...row, `"${index}"`]);
        expect(read.table.columns.map(plainColumn)).toEqual([...header, 'added'].map((_, column) => trimmed(all, column)));
      }),
    );
  });
});

function headerBytes(header: string, { encoding }: WrittenAs): number {
  if (encoding === 'utf-8') return Buffer.byteLength(header) + 3;
  return encoding === 'windows-1252' ? header.length : 2 * header.length + 2;
}
