import { describe, expect, it } from 'vitest';
import { drawBag, weighBag } from '../src/bag.ts';
import { growSettings, resolveSettings } from '../src/options.ts';
import type { ForestOptions } from '../src/options.ts';
import { RandomStream } from '../src/random.ts';
import { createTrainingSet } from '../src/training-set.ts';

const ROWS = 2000;
/** A tenth of the rows does not count; three classes hold about 80, 15 and 5 % of the others, and a fourth has no rows. */
const weights = Float64Array.from({ length: ROWS }, (_, row) => (row % 10 === 0 ? 0 : 1 + (row % 3)));
const labels = Float64Array.from({ length: ROWS }, (_, row) => (row % 20 === 1 ? 2 : row % 7 === 1 ? 1 : 0));

function bagOf(options: ForestOptions, tree = 0): { readonly counts: Uint32Array; readonly bag: Float64Array; readonly stream: RandomStream; readonly steps: Float64Array } {
  const settings = resolveSettings(options, { rows: ROWS, features: 1, classes: 4 });
  const set = createTrainingSet({ columns: [labels], target: labels, weights }, 4, settings, (bytes) => new ArrayBuffer(bytes));
  const counts = new Uint32Array(ROWS).fill(99);
  const bag = new Float64Array(ROWS).fill(99);
  const stream = drawBag(set, growSettings(settings, set), tree, counts);
  weighBag(set, growSettings(settings, set), counts, bag);
  return { counts, bag, stream, steps: set.weights };
}
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);

describe('a tree’s bag', () => {
  it('holds as many draws as there are rows that count, and none of the others', () => {
    const { counts } = bagOf({});
    expect(sum(counts)).toBe(1800);
    expect(counts.every((count, row) => count === 0 || (weights[row] ?? 0) > 0)).toBe(true);
    // A row is left out with probability 1/e; the margin is four standard deviations.
    const drawn = counts.filter((count) => count > 0).length / 1800;
    expect(Math.abs(drawn - (1 - 1 / Math.E))).toBeLessThan(0.03);
  });

  it('holds as many draws as were asked for', () => {
    expect(sum(bagOf({ maxSamples: 0.25 }).counts)).toBe(450);
    expect(sum(bagOf({ maxSamples: 77 }).counts)).toBe(77);
  });

  it('holds every row that counts once where there is no bootstrap, and no random number is used up', () => {
    const { counts, stream } = bagOf({ bootstrap: false, seed: 9 }, 4);
    expect([...counts]).toEqual([...weights].map((weight) => (weight > 0 ? 1 : 0)));
    expect(stream.next()).toBe(new RandomStream(9, 4).next());
  });

  it('is the same for the same seed and tree, and another for others', () => {
    const { counts } = bagOf({ seed: 3 }, 2);
    expect(bagOf({ seed: 3 }, 2).counts).toEqual(counts);
    expect(bagOf({ seed: 3 }, 1).counts).not.toEqual(counts);
    expect(bagOf({ seed: 4 }, 2).counts).not.toEqual(counts);
  });

  it('weighs each row as often as it was drawn', () => {
    const { counts, bag } = bagOf({});
    expect([...bag]).toEqual([...counts].map((count, row) => count * (weights[row] ?? NaN)));
  });

  it('counts each class alike in a balanced subsample, as scikit-learn weighs it', () => {
    const { counts, bag, steps } = bagOf({ classWeight: 'balanced_subsample' }, 1);
    const sizes = [0, 1, 2].map((label) => sum(counts.filter((_, row) => labels[row] === label)));
    bag.forEach((weight, row) => {
      const factor = sum(counts) / (3 * (sizes[labels[row] ?? NaN] ?? NaN));
      const exact = (counts[row] ?? NaN) * (steps[row] ?? NaN) * factor;
      expect(Number.isInteger(weight)).toBe(true);
      expect(Math.abs(weight - exact)).toBeLessThanOrEqual(0.5);
      expect(weight > 0).toBe((counts[row] ?? 0) > 0);
    });
    // Rounding is small beside the weights: a class is off by less than a thousandth.
    const means = [0, 1, 2].map((label) => {
      const drawn = counts.map((count, row) => (labels[row] === label ? count : 0));
      const given = drawn.reduce((total, count, row) => total + count * (weights[row] ?? 0), 0) / sum(drawn);
      return sum(bag.filter((_, row) => labels[row] === label)) / given;
    });
    for (const mean of means) expect(mean / (means[0] ?? NaN)).toBeCloseTo(1, 3);
  });
});
