import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGrid, finestScale, fromUnits, toUnits } from './fixed-point.ts';

const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('numbers on a grid', () => {
  it('are off by at most half a step', () => {
    fc.assert(
      fc.property(values, (numbers) => {
        const grid = createGrid(Math.min(...numbers), Math.max(...numbers), numbers.length);
        for (const value of numbers) {
          // Beside the grid's half step, the centre and the result are rounded to doubles.
          const slack = 0.5 / grid.scale + 4 * Number.EPSILON * (Math.abs(value) + Math.abs(grid.center));
          expect(Math.abs(fromUnits(grid, toUnits(grid, value)) - value)).toBeLessThanOrEqual(slack);
        }
      }),
    );
  });

  it('add up to the same sum in any order', () => {
    fc.assert(
      fc.property(values, fc.infiniteStream(fc.nat()), (numbers, keys) => {
        const grid = createGrid(Math.min(...numbers), Math.max(...numbers), numbers.length);
        const units = numbers.map((value) => toUnits(grid, value));
        const exact = units.reduce((sum, unit) => sum + BigInt(unit), 0n);
        const shuffled = units.map((unit) => [keys.next().value ?? 0, unit] as const).sort(([a], [b]) => a - b);
        expect(BigInt(shuffled.reduce((sum, [, unit]) => sum + unit, 0))).toBe(exact);
      }),
    );
  });

  it.each([[1e308, 1e6], [5e-324, 3], [1, 1], [3, 7670], [0, 5]])('have a finite, positive scale for size %d and count %d', (size, count) => {
    const scale = finestScale(size, count);
    expect(scale).toBeGreaterThan(0);
    expect(size * scale * count).toBeLessThanOrEqual(2 ** 52);
  });
});
