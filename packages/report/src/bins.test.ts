import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countGrid, histogram } from './bins.ts';

const values = fc.array(fc.double({ min: -1e300, max: 1e300, noNaN: true }), { minLength: 1, maxLength: 80 }).map((list) => Float64Array.from(list));

describe('a histogram', () => {
  it('counts every value once in bins that join and cover all values', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (column, most) => {
        const bins = histogram(column, most);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(column.length);
        expect(bins.length).toBeLessThanOrEqual(most + 2);
        bins.forEach((bin, index) => { expect(bin.start).toBe(bins[index - 1]?.end ?? bin.start); });
        const slack = 1e-9 * ((bins[0]?.end ?? 0) - (bins[0]?.start ?? 0)) + 1e-6;
        expect(bins[0]?.start).toBeLessThanOrEqual(Math.min(...column) + slack);
        expect(bins.at(-1)?.end).toBeGreaterThanOrEqual(Math.max(...column) - slack);
      })
    );
  });

  it('has round edges', () => {
    expect(histogram(Float64Array.of(0.3, 4.2, 9.7), 10)).toEqual(
      Array.from({ length: 10 }, (_, start) => ({ start, end: start + 1, count: [0, 4, 9].includes(start) ? 1 : 0 })),
    );
  });

  it('has one bin for a single value', () => {
    expect(histogram(Float64Array.of(5, 5), 40).reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect(histogram(Float64Array.of(0), 40)).toEqual([{ start: 0, end: 1, count: 1 }]);
  });
});

describe('a grid of counts', () => {
  it('counts every pair once, in a cell that contains it', () => {
    fc.assert(
      fc.property(values, (x) => {
        const y = x.toReversed();
        const cells = countGrid(x, y, 20);
        expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(x.length);
        expect(cells.every(({ count }) => count > 0)).toBe(true);
      })
    );
  });
});
