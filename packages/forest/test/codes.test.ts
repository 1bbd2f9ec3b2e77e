import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutsBetweenBins } from '../src/bins.ts';
import { codeLevels, codeNumbers } from '../src/codes.ts';
import type { CodedFeature } from '../src/codes.ts';
import type { Column } from '../src/columns.ts';
import { CutIndex, codeOf, levelOf } from '../src/encode.ts';
import { RandomStream } from '../src/random.ts';

const plain = (bytes: number): ArrayBuffer => new ArrayBuffer(bytes);
const allRows = (column: Column): Uint32Array => Uint32Array.from(column.keys());
const exact = (column: Column, learned = allRows(column)): CodedFeature => codeNumbers(column, learned, Infinity, plain);
const binned = (column: Column, maxBins: number, learned = allRows(column)): CodedFeature => codeNumbers(column, learned, maxBins, plain);
const distinctOf = (values: Iterable<number>): number[] => [...new Set(values)].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);

/** Ties, signed zeros, neighbouring doubles, missing values, the extremes. */
const awkward = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-0, 0.1, 0.1 + Number.EPSILON / 8, NaN, NaN, 5e-324, -5e-324, 1e-323, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 40),
  fc.double({ noDefaultInfinity: true }),
);
const columns = fc.array(awkward, { minLength: 1, maxLength: 60 }).map((values) => Float64Array.from(values));
const numbers = fc.array(fc.double({ noNaN: true }), { maxLength: 20 });

describe('codes of numbers', () => {
  it('are the ranks of the values, and one more for what is missing', () => {
    fc.assert(fc.property(columns, (column) => {
      const distinct = distinctOf(column);
      const { codes, levels, hasMissing } = exact(column);
      expect(levels).toBe(distinct.length);
      expect(hasMissing).toBe(column.some(Number.isNaN));
      // `indexOf` takes −0 for 0, as a comparison does.
      expect([...codes]).toEqual([...column].map((value) => (Number.isNaN(value) ? levels : distinct.indexOf(value))));
    }), { numRuns: 1000 });
  });

  it('have a threshold from each value up to the next, halfway where a double lies there', () => {
    fc.assert(fc.property(columns, (column) => {
      const distinct = distinctOf(column);
      const { cuts } = exact(column);
      expect(cuts.length).toBe(Math.max(0, distinct.length - 1));
      cuts.forEach((cut, c) => {
        const [below = NaN, above = NaN] = distinct.slice(c, c + 2);
        expect(cut >= below && cut < above).toBe(true);
      });
    }));
    expect([...exact(Float64Array.of(1, 4, 10)).cuts]).toEqual([2.5, 7]);
    expect([...exact(Float64Array.of(Number.MAX_VALUE, Number.MAX_VALUE / 2)).cuts]).toEqual([Number.MAX_VALUE * 0.75]);
  });

  it('of any number say on which side of each threshold it lies, in bins as well', () => {
    fc.assert(fc.property(columns, numbers, fc.constantFrom(2, 3, 5, Infinity), (column, others, maxBins) => {
      const { codes, cuts, levels } = binned(column, maxBins);
      const check = (x: number, code: number): void => {
        cuts.forEach((cut, c) => { expect(code <= c).toBe(x <= cut); });
        expect(code).toBeLessThan(Math.max(1, levels));
      };
      for (const x of [...others, ...cuts, Infinity, -Infinity]) check(x, codeOf(cuts, x));
      column.forEach((x, row) => { if (!Number.isNaN(x)) check(x, codes[row] ?? NaN); });
    }));
  });

  it('do not depend on the kind of the array', () => {
    const integers = [3, 0, 7, 7, 1, 0, 120];
    const expected = exact(Float64Array.from(integers));
    for (const Kind of [Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Int8Array, Uint8Array]) {
      expect(exact(Kind.from(integers))).toEqual(expected);
    }
    const wide = Float32Array.of(1.5, NaN, -2.25, 1e30, 1.5);
    expect(exact(wide)).toEqual(exact(Float64Array.from(wide)));
    const large = Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 5, -(2 ** 31));
    expect(exact(large)).toEqual(exact(Float64Array.from(large)));
  });

  it('do not depend on where the array begins in its memory', () => {
    const values = [0.5, -3.25, NaN, 8.125, 0.5];
    expect(exact(Float64Array.from([9, ...values, 7]).subarray(1, -1))).toEqual(exact(Float64Array.from(values)));
  });

  it('are the same for whole numbers, which are counted, as for their halves, which are sorted', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.integer({ min: -40, max: 40 }), fc.constant(NaN)), { minLength: 1 }), fc.constantFrom(2, 4, Infinity), (values, maxBins) => {
      const whole = Float64Array.from(values);
      // The half beside them keeps the second column from being counted; it is not learned from.
      const halves = Float64Array.from([...values.map((value) => value / 2), 0.5]);
      const rows = allRows(whole);
      const counted = binned(whole, maxBins, rows);
      const sorted = binned(halves, maxBins, rows);
      expect([...counted.codes]).toEqual([...sorted.codes.subarray(0, -1)]);
      expect([...counted.cuts]).toEqual([...sorted.cuts].map((cut) => 2 * cut));
    }));
  });

  it('are learned from the rows that count; other rows are coded as when predicting', () => {
    fc.assert(fc.property(columns, fc.infiniteStream(fc.boolean()), fc.constantFrom(3, Infinity), (column, flags, maxBins) => {
      const learned = allRows(column).filter(() => flags.next().value === true);
      const { codes, cuts, levels } = binned(column, maxBins, learned);
      const alone = binned(Float64Array.from(learned, (row) => column[row] ?? NaN), maxBins);
      expect(cuts).toEqual(alone.cuts);
      expect(levels).toBe(alone.levels);
      expect([...learned].map((row) => codes[row])).toEqual([...alone.codes]);
      column.forEach((x, row) => { expect(codes[row]).toBe(Number.isNaN(x) || levels === 0 ? levels : codeOf(cuts, x)); });
    }));
  });

  it('take the narrowest memory that holds them and the code of missing values', () => {
    const upTo = (levels: number): CodedFeature => exact(Float64Array.from({ length: levels }, (_, row) => row));
    expect([255, 256, 65_535, 65_536].map((levels) => upTo(levels).codes.BYTES_PER_ELEMENT)).toEqual([1, 2, 2, 4]);
  });

  it('of a column without any value are all that of missing values, whatever is predicted', () => {
    const { codes, levels, hasMissing, cuts } = exact(Float64Array.of(NaN, NaN));
    expect({ codes: [...codes], levels, hasMissing, cuts: cuts.length }).toEqual({ codes: [0, 0], levels: 0, hasMissing: true, cuts: 0 });
  });

  it('lie in the memory that is handed out', () => {
    const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);
    for (const column of [Float64Array.of(1, 2), Float64Array.of(0.5, 2)]) {
      expect(codeNumbers(column, allRows(column), Infinity, shared).codes.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
    expect(codeLevels(Uint8Array.of(1), Uint32Array.of(0), shared).codes.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});

describe('bins', () => {
  /** Rows of each value, in the order of the values. */
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 });
  const cutPlaces = (counts: readonly number[], maxBins: number): number[] => {
    let end = 0;
    const ends = Uint32Array.from(counts, (count) => (end += count));
    return [...cutsBetweenBins({ values: Float64Array.from(counts.keys()), ends }, maxBins)].map((cut) => cut + 0.5);
  };
  /** The fullest of the bins that several values share. */
  const fullest = (counts: readonly number[], places: readonly number[]): number =>
    Math.max(0, ...[0, ...places].map((start, bin) => {
      const bins = counts.slice(start, places[bin] ?? counts.length);
      return bins.length > 1 ? bins.reduce((sum, count) => sum + count, 0) : 0;
    }));

  it('are as many as allowed at most, and the fullest shared one is as small as any division makes it', () => {
    fc.assert(fc.property(sizes, fc.integer({ min: 2, max: 5 }), (counts, maxBins) => {
      let best = Infinity;
      for (let chosen = 0; chosen < 2 ** (counts.length - 1); chosen++) {
        const places = [...counts.keys()].slice(1).filter((place) => (chosen >> (place - 1)) & 1);
        if (places.length < maxBins) best = Math.min(best, fullest(counts, places));
      }
      const places = cutPlaces(counts, maxBins);
      expect(places.length).toBeLessThan(maxBins);
      expect(fullest(counts, places)).toBe(best);
    }), { numRuns: 500 });
  });

  it('are one for each value where there are few enough', () => {
    expect(cutPlaces([1, 1, 900, 1], 4)).toEqual([1, 2, 3]);
    expect(cutPlaces([1, 1, 900, 1], 3)).toEqual([2, 3]);
  });

  it('of a long column hold about as many rows each, the same in every fit, though rows follow a pattern', () => {
    const random = new RandomStream(5, 0);
    const column = Float64Array.from({ length: 2 ** 19 }, (_, row) => (row % 2) + (random.next() / 2 ** 32) ** 3);
    const feature = binned(column, 50);
    const counts = new Uint32Array(50);
    for (const code of feature.codes) counts[code] = (counts[code] ?? 0) + 1;
    expect(feature.levels).toBe(50);
    // A bin has 5,243 of the sampled rows: five standard deviations are 7 %.
    for (const count of counts) expect(Math.abs(count / (2 ** 19 / 50) - 1)).toBeLessThan(0.07);
    expect(binned(column, 50)).toEqual(feature);
  });

  it('of a long column keep a rare value apart where the values are few, and learn from rare values where most are missing', () => {
    const column = Float64Array.from({ length: 300_000 }, (_, row) => (row === 123_457 ? 0.75 : (row % 3) / 4));
    expect([...binned(column, 255).cuts]).toEqual([0.125, 0.375, 0.625]);
    const sparse = Float64Array.from({ length: 300_000 }, (_, row) => (row % 1000 === 0 ? row + 0.5 : NaN));
    expect(binned(sparse, 255).levels).toBe(150);
  });
});

describe('the index of thresholds', () => {
  const ascending = fc.uniqueArray(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 40 })
    .map((cuts) => Float64Array.from(new Set(cuts.map((cut) => cut + 0))).sort());

  it('finds the code that a plain search finds', () => {
    fc.assert(fc.property(ascending, numbers, (cuts, others) => {
      const index = new CutIndex(cuts);
      for (const x of [...others, ...cuts, Infinity, -Infinity, 0]) expect(index.codeOf(x)).toBe([...cuts].filter((cut) => cut < x).length);
    }), { numRuns: 1000 });
  });
});

describe('codes of levels without an order', () => {
  it('are the levels themselves; what was never learned is taken for missing', () => {
    const feature = codeLevels(Float64Array.of(4, NaN, 0, 9, 4), Uint32Array.of(0, 1, 2, 4), plain);
    expect(feature).toEqual({ codes: Uint8Array.of(4, 5, 0, 5, 4), levels: 5, hasMissing: true, isCategorical: true, cuts: new Float64Array(0) });
    expect([0, 4, 5, 1.5, -1, NaN, Infinity].map((value) => levelOf(5, value))).toEqual([0, 4, 5, 5, 5, 5, 5]);
  });

  it('may be 65,536, or none', () => {
    expect(codeLevels(Uint16Array.of(65_535, 1), Uint32Array.of(0, 1), plain)).toMatchObject({ levels: 65_536, codes: Uint32Array.of(65_535, 1), hasMissing: false });
    expect(codeLevels(Float64Array.of(NaN), Uint32Array.of(0), plain)).toMatchObject({ levels: 0, codes: Uint8Array.of(0), hasMissing: true });
  });
});
