import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesSource, readTable } from '../src/index.ts';
import type { ReadTable } from '../src/index.ts';
import { cells, writeCsv, writtenAs } from './csv-writer.ts';
import type { WrittenAs } from './csv-writer.ts';

const AS: WrittenAs = { delimiter: ',', lineEnding: '\n', encoding: 'utf-8', bom: false, gzip: false, quoteAll: false, endWithLineEnding: true };

const read = (header: readonly string[], rows: readonly (readonly string[])[], seed = 0, as = AS): Promise<ReadTable> =>
  readTable([bytesSource(writeCsv(header, rows, as).bytes)], { header: true, columns: [] }, { seed });

const turned = <T>(list: readonly T[], by: number): T[] => [...list.slice(by % list.length), ...list.slice(0, by % list.length)];

describe('row hashes', () => {
  test('go with the rows when rows and columns are shuffled and the file is written another way', async () => {
    await fc.assert(
      fc.asyncProperty(cells, writtenAs, fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.nat(), async ({ header, rows }, as, seed, turn) => {
        fc.pre(as.encoding !== 'windows-1252');
        const straight = await read(header, rows, seed);
        const shuffled = await read(turned(header, turn), turned(rows, turn).map((row) => turned(row, turn)), seed, as);
        expect(turned(Array.from(straight.rowHash), turn)).toEqual(Array.from(shuffled.rowHash));
      }),
    );
  });

  test('do not depend on the other rows', async () => {
    await fc.assert(
      fc.asyncProperty(cells, async ({ header, rows }) => {
        const all = await read(header, rows, 7);
        const last = await read(header, rows.slice(-1), 7);
        expect(last.rowHash[0]).toBe(all.rowHash[rows.length - 1]);
      }),
    );
  });

  test('do not depend on which columns are read, nor of what kind they are', async () => {
    const bytes = writeCsv(['a', 'b'], [['1', 'x'], ['2', 'y']], AS).bytes;
    const hashes = async (columns: { name: string; kind: 'numeric' | 'categorical'; explanation: string }[]): Promise<Float64Array> =>
      (await readTable([bytesSource(bytes)], { header: true, columns })).rowHash;
    const expected = await hashes([]);
    expect(await hashes([{ name: 'a', kind: 'numeric', explanation: '' }])).toEqual(expected);
    expect(await hashes([{ name: 'a', kind: 'categorical', explanation: '' }, { name: 'b', kind: 'categorical', explanation: '' }])).toEqual(expected);
  });

  test('differ where two values change places', async () => {
    const { rowHash } = await read(['a', 'b'], [['x', 'y'], ['y', 'x'], ['', 'x'], ['x', '']]);
    expect(new Set(rowHash).size).toBe(4);
  });

  test('hold out the asked share of distinct rows, another one for another seed', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => [String(index), index % 2 === 0 ? 'even' : 'odd']);
    const heldOut = async (seed: number): Promise<number[]> => {
      const { rowHash } = await read(['id', 'parity'], rows, seed);
      return Array.from(rowHash.entries()).filter(([, hash]) => hash < 0.1).map(([row]) => row);
    };
    const [first, second] = [await heldOut(0), new Set(await heldOut(1))];
    // Four standard deviations of a binomial with 20,000 rows and p = 0.1.
    expect(Math.abs(first.length - 2000)).toBeLessThan(170);
    expect(Math.abs(first.filter((row) => second.has(row)).length - 200)).toBeLessThan(57);
  });
});
