import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { log2, xlogx } from '../src/twin/log2.ts';

const positive = fc.double({ min: 2 ** -1022, noNaN: true, noDefaultInfinity: true });

describe('logarithms made of + − × ÷', () => {
  it('are right to 14 digits for every positive normal number', () => {
    fc.assert(
      fc.property(fc.oneof(positive, fc.double({ min: 0.5, max: 2, noNaN: true }), fc.integer({ min: 2, max: 2 ** 31 - 1 })), (x) => {
        expect(Math.abs(log2(x) - Math.log2(x))).toBeLessThanOrEqual(1e-14 * Math.abs(Math.log2(x)));
      }),
      { numRuns: 20_000 },
    );
  });

  it('are exact for powers of two', () => {
    for (let power = -1022; power < 1024; power++) expect(log2(2 ** power)).toBe(power);
  });

  it('give entropies whose terms are 0 for nothing and for one', () => {
    expect([xlogx(0), xlogx(1), xlogx(8)]).toEqual([0, 0, 24]);
  });
});
