/**
 * Awkward files, each named for its oddity, and what must come of them: `golden.json` has the verdict at the door and
 * what reading gives. Every file is also read in pieces of a few bytes and as a whole; the answers must be the same.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { inferSchema, inspectHead, openCsv, readTable, readTableInPlace, TabularError } from '../src/index.ts';
import type { CsvSource } from '../src/index.ts';
import { plainColumn, sourceInPieces } from './tables.ts';

const FOLDER = new URL('corpus/', import.meta.url);
const ROWS_SHOWN = 4;

/** Too large to be kept: made here. */
const GENERATED: Readonly<Record<string, () => Uint8Array>> = {
  '5000-columns.csv': () => Buffer.from(`${numbered('column', 5000).join(';')}\n${numbered('', 5000).join(';')}\n${numbered('1', 5000).join(';')}\n`),
  'field-of-2-mb.csv': () => Buffer.from(`a,b\n1,"${'x'.repeat(2_000_000)}"\n2,y\n`),
  'quoted-field-of-2-mb-with-line-breaks.csv': () => Buffer.from(`a,b\n1,"${'x\r\n""'.repeat(400_000)}"\n2,y\n`),
  'header-without-end.csv': () => Buffer.from('x'.repeat(300_000)),
  'gzip-of-many-blanks.csv.gz': () => gzipSync(Buffer.alloc(20_000_000, 0x20)),
  'many-bad-rows.csv': () => Buffer.from(`a,b\n${'1,2\n'.repeat(10)}${'1\n'.repeat(12_000)}`),
};

const GoldenSchema = z.record(
  z.string(),
  z.object({
    door: z.string(),
    read: z.union([
      z.string(),
      z.object({
        encoding: z.string(),
        columns: z.array(z.string()),
        rows: z.number(),
        bad: z.record(z.string(), z.number()),
        notes: z.array(z.string()),
        values: z.array(z.array(z.union([z.number(), z.string(), z.null()]))),
      }),
    ]),
  }),
);
type Outcome = z.output<typeof GoldenSchema>[string];

const golden = GoldenSchema.parse(JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8')));
const files = new Map<string, Uint8Array>([
  ...readdirSync(FOLDER).sort().map((name): [string, Uint8Array] => [name, readFileSync(new URL(name, FOLDER))]),
  ...Object.entries(GENERATED).map(([name, make]): [string, Uint8Array] => [name, make()]),
]);

describe('the corpus', () => {
  test('has a golden outcome for each file, and no other', () => {
    expect([...files.keys()].sort()).toEqual(Object.keys(golden).sort());
    expect(files.size).toBeGreaterThanOrEqual(40);
  });

  test.each([...files])('%s', async (name, bytes) => {
    const outcome = await outcomeOf(bytes, sourceInPieces(bytes, 1 << 16));
    expect(outcome).toEqual(golden[name]);
    if (bytes.length < 5000) expect(await outcomeOf(bytes, sourceInPieces(bytes, 1))).toEqual(outcome);
    if (bytes.length < 5000) expect(await outcomeOf(bytes, sourceInPieces(bytes, 7))).toEqual(outcome);
    expectSameInPlace(bytes, outcome);
  });
});

async function outcomeOf(bytes: Uint8Array, source: CsvSource): Promise<Outcome> {
  const head = inspectHead(bytes, { complete: true });
  const door = head.ok ? 'let in' : `${head.problem.code}: ${head.problem.message}; ${head.problem.remedy}`;
  try {
    const schema = await inferSchema([source]);
    const { table, problemCounts } = await readTable([source], schema);
    return {
      door,
      read: {
        encoding: openCsv({ bytes }).encoding,
        columns: schema.columns.slice(0, 5).map(({ name, kind, explanation, ...writing }) => `${name.slice(0, 20)}: ${kind}${Object.keys(writing).length === 0 ? '' : ` ${JSON.stringify(writing)}`}, ${explanation}`),
        rows: table.rowCount,
        bad: Object.fromEntries(problemCounts),
        notes: [...schema.notes],
        values: table.columns.slice(0, 5).map((column) => plainColumn(column).slice(0, ROWS_SHOWN).map((value) => (typeof value === 'string' ? value.slice(0, 20) : value))),
      },
    };
  } catch (error) {
    if (!(error instanceof TabularError)) throw error;
    return { door, read: `${error.code}: ${error.message}` };
  }
}

/** What is read as a whole, for prediction, is refused for the same reason or has the same rows, each in its place. */
function expectSameInPlace(bytes: Uint8Array, { read }: Outcome): void {
  if (typeof read === 'string') {
    expect(() => readTableInPlace(openCsv({ bytes }), { columns: [], header: true })).toThrow(read.slice(read.indexOf(': ') + 2));
    return;
  }
  const csv = openCsv({ bytes });
  const bad = Object.values(read.bad).reduce((sum, count) => sum + count, 0);
  // No column is read in place here, so none of its cells is bad.
  const badCells = read.bad['not-a-number'] ?? 0;
  const { table, isBad } = readTableInPlace(csv, { columns: [], header: csv.hasHeader });
  expect(table.rowCount).toBe(read.rows + bad);
  expect(isBad.reduce((sum, value) => sum + value, 0)).toBe(bad - badCells);
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}${index}`);
}
