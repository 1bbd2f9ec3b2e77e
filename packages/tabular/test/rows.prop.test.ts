import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inferSchema, openCsv, readTable, rowHashes, selectRows } from '../src/index.ts';
import type { Table } from '../src/index.ts';
import { cells, writeCsv } from './csv-writer.ts';

const AS = { delimiter: ',', lineEnding: '\n', bom: false, quoteAll: false, endWithLineEnding: true } as const;

function read(header: readonly string[], rows: readonly (readonly string[])[], name?: string): Table {
  const csv = openCsv({ ...(name === undefined ? {} : { name }), bytes: writeCsv(header, rows, AS).bytes });
  return readTable([csv], inferSchema([csv])).table;
}

describe('row hashes', () => {
  test('go with the rows when rows and columns are shuffled', () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.nat(), ({ header, rows }, seed, turn) => {
        const turned = <T>(list: readonly T[], by: number): T[] => [...list.slice(by % list.length), ...list.slice(0, by % list.length)];
        const straight = rowHashes(read(header, rows), seed);
        const shuffled = rowHashes(read(turned(header, turn), turned(rows, turn).map((row) => turned(row, turn))), seed);
        expect(turned(Array.from(straight), turn)).toEqual(Array.from(shuffled));
      }),
    );
  });

  test('do not depend on the other rows', () => {
    fc.assert(
      fc.property(cells, ({ header, rows }) => {
        const table = read(header, rows);
        const last = selectRows(table, Uint32Array.of(rows.length - 1));
        expect(rowHashes(last, 7)[0]).toBe(rowHashes(table, 7)[rows.length - 1]);
      }),
    );
  });

  test('hold out the asked share of distinct rows, another one for another seed', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => [String(index), index % 2 === 0 ? 'even' : 'odd']);
    const table = read(['id', 'parity'], rows);
    const heldOut = (seed: number): number[] => Array.from(rowHashes(table, seed).entries()).filter(([, hash]) => hash < 0.1).map(([row]) => row);
    const [first, second] = [heldOut(0), new Set(heldOut(1))];
    // Four standard deviations of a binomial with 20,000 rows and p = 0.1.
    expect(Math.abs(first.length - 2000)).toBeLessThan(170);
    expect(Math.abs(first.filter((row) => second.has(row)).length - 200)).toBeLessThan(57);
  });

  test('tell 0 from a missing value and see no difference between 0 and -0', () => {
    const hashes = rowHashes(read(['a', 'b'], [['0', 'x'], ['-0', 'x'], ['', 'x'], ['0.0', 'x']]), 0);
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).toBe(hashes[3]);
    expect(hashes[0]).not.toBe(hashes[2]);
  });
});
