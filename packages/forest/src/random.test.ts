import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from './random.ts';

const draw = (stream: RandomStream, count: number): number[] => Array.from({ length: count }, () => stream.next());
const seeds = fc.nat({ max: Number.MAX_SAFE_INTEGER });

describe('a tree’s random stream', () => {
  it('is the same for the same seed and tree and another for any other', () => {
    fc.assert(
      fc.property(seeds, fc.nat(), seeds, fc.nat(), (seed, tree, otherSeed, otherTree) => {
        const first = draw(new RandomStream(seed, tree), 4);
        expect(draw(new RandomStream(seed, tree), 4)).toEqual(first);
        fc.pre(seed !== otherSeed || tree !== otherTree);
        expect(draw(new RandomStream(otherSeed, otherTree), 4)).not.toEqual(first);
      }),
    );
  });

  it('draws every number below a limit about equally often', () => {
    const stream = new RandomStream(2 ** 40 + 5, 3);
    const counts = new Uint32Array(7);
    for (let i = 0; i < 70_000; i++) {
      const value = stream.below(7);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    // Chi-squared with 6 degrees of freedom: 22.5 is exceeded once in a thousand seeds, and this seed is fixed.
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(22.5);
  });

  it('scales its numbers exactly, however large the limit', () => {
    fc.assert(
      fc.property(seeds, fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 2 ** 30 }), fc.integer({ min: 2 ** 30 - 50, max: 2 ** 30 })), (seed, limit) => {
        const word = BigInt(new RandomStream(seed, 0).next());
        expect(BigInt(new RandomStream(seed, 0).below(limit))).toBe((word * BigInt(limit)) >> 32n);
      }),
      { numRuns: 2000 },
    );
  });

  it('flips half of the bits on average from one tree to the next', () => {
    let flipped = 0;
    for (let tree = 0; tree < 1000; tree++) {
      flipped += bits(new RandomStream(1, tree).next() ^ new RandomStream(1, tree + 1).next());
    }
    expect(flipped / 1000).toBeGreaterThan(15.5);
    expect(flipped / 1000).toBeLessThan(16.5);
  });
});

function bits(word: number): number {
  let count = 0;
  for (let rest = word >>> 0; rest !== 0; rest >>>= 1) count += rest & 1;
  return count;
}
