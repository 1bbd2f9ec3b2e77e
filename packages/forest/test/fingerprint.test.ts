import { describe, expect, it } from 'vitest';
import { fingerprint } from '../src/fingerprint.ts';
import { growSettings, resolveSettings } from '../src/options.ts';
import type { ForestOptions } from '../src/options.ts';
import { createTrainingSet } from '../src/training-set.ts';
import type { Allocate, TrainingSet } from '../src/training-set.ts';

const plain: Allocate = (bytes) => new ArrayBuffer(bytes);
const column = (...values: number[]): Float64Array => Float64Array.from(values);
const data = { columns: [column(1, 2, NaN, 4, 5), column(0.5, 0.25, 3, 3, 9), column(1, 0, 2, 1, 2)], target: column(3, 1, 2, 2, 7), categoricalFeatures: [2] };

function markOf(change: Partial<typeof data> & { readonly weights?: Float64Array } = {}, options: ForestOptions = {}, classes = 0, allocate = plain): string {
  const settings = resolveSettings(options, { rows: 5, features: 3, classes });
  const set = createTrainingSet({ ...data, ...change }, classes, settings, allocate);
  return fingerprint(set, growSettings(settings, set)).join();
}

describe('the fingerprint of a fit', () => {
  it('is the same for the same data and settings, wherever they lie and however many trees, threads or kernels there are', () => {
    const mark = markOf();
    expect(markOf()).toBe(mark);
    expect(markOf({}, { nEstimators: 7, threads: 2, kernel: 'typescript' })).toBe(mark);
    expect(markOf({}, {}, 0, (bytes) => new SharedArrayBuffer(bytes))).toBe(mark);
    expect(markOf({ columns: data.columns.map((values) => values.slice()) })).toBe(mark);
  });

  it('does not mind numbers that leave the order as it was: the trees are the same', () => {
    expect(markOf({ columns: data.columns.with(0, column(1, 2, NaN, 4, 50)) })).toBe(markOf());
  });

  it('is another for any other data or settings', () => {
    const marks = [
      markOf(),
      ...data.target.keys().map((row) => markOf({ target: data.target.with(row, 4) })),
      ...data.columns.flatMap((values, feature) =>
        [...values.keys()].map((row) => markOf({ columns: data.columns.with(feature, values.with(row, row === 4 ? 0 : 7)) }))),
      ...data.target.keys().map((row) => markOf({ weights: column(1, 1, 1, 1, 1).with(row, 2) })),
      markOf({ categoricalFeatures: [] }),
      markOf({ target: data.target.map((value) => 2 * value) }),
      markOf({ target: column(3, 1, 2, 2, 6) }, {}, 8),
      markOf({ target: column(3, 1, 2, 2, 6) }, { criterion: 'entropy' }, 8),
      markOf({ target: column(3, 1, 2, 2, 6) }, { classWeight: 'balanced_subsample' }, 8),
      ...[
        { seed: 1 }, { maxDepth: 3 }, { maxLeafNodes: 3 }, { minSamplesSplit: 3 }, { minSamplesLeaf: 3 }, { minImpurityDecrease: 1 }, { maxFeatures: 2 },
        { bootstrap: false }, { maxSamples: 3 }, { splitter: 'random' as const }, { maxBins: 2 },
      ].map((options) => markOf({}, options)),
    ];
    expect(new Set(marks).size).toBe(marks.length);
  });

  it('sees every byte of odd lengths', () => {
    const settings = resolveSettings({}, { rows: 5, features: 3, classes: 0 });
    const set = createTrainingSet(data, 0, settings, plain);
    const grow = growSettings(settings, set);
    const withCodes = (codes: Uint8Array): TrainingSet => ({ ...set, features: set.features.map((feature) => ({ ...feature, codes })) });
    const longer = Uint8Array.of(9, 1, 2, 3, 4, 5, 6, 7);
    for (const length of [1, 2, 3, 4, 5, 6, 7]) {
      // Once where words begin in the memory, once beside it.
      const marks = [longer.slice(1, 1 + length), longer.subarray(1, 1 + length)].map((codes) => fingerprint(withCodes(codes), grow).join());
      expect(marks[0]).toBe(marks[1]);
      expect(fingerprint(withCodes(longer.slice(1, 1 + length).with(length - 1, 8)), grow).join()).not.toBe(marks[0]);
    }
  });
});
