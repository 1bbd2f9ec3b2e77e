import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Codes } from '../src/training-set.ts';
import { GroupedRows } from '../src/twin/grouped-rows.ts';

/** Small ones are sorted in another way than large ones. */
const sizes = { minLength: 1, maxLength: 200, size: 'max' } as const;

const codeLists: fc.Arbitrary<Codes> = fc.oneof(
  fc.array(fc.nat(255), { ...sizes }).map((list) => Uint8Array.from(list)),
  fc.array(fc.nat(3), { ...sizes }).map((list) => Uint8Array.from(list)),
  fc.array(fc.nat(65_535), { ...sizes }).map((list) => Uint16Array.from(list)),
  fc.array(fc.nat(2 ** 32 - 1), { ...sizes }).map((list) => Uint32Array.from(list)),
);

describe('the rows of a node', () => {
  it('are grouped by code, codes ascending, each group in the order it had', () => {
    const sequence = fc.array(codeLists, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(sequence, fc.nat(20), (lists, start) => {
        const grouped = new GroupedRows(200);
        for (const codes of lists) {
          const rows = Uint32Array.from(codes.keys()).reverse();
          const from = Math.min(start, rows.length - 1);
          grouped.sort(codes, rows, from, rows.length);
          const expected = Map.groupBy(rows.subarray(from), (row) => codes[row] ?? NaN);
          const rowsOf = (group: number): number[] => [...grouped.rows.subarray(grouped.starts[group], grouped.starts[group + 1])];
          const got = Array.from({ length: grouped.groups }, (_, group) => [grouped.codes[group], rowsOf(group)]);
          expect(got).toEqual([...expected].sort(([a], [b]) => a - b));
        }
      }),
      { numRuns: 300 },
    );
  });
});
