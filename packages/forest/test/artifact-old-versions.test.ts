import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForestError } from '../src/errors.ts';
import { openForest } from '../src/open-forest.ts';
import { predictMeans } from '../src/predict.ts';
import { validateForest } from '../src/validate-forest.ts';
import recorded from './fixtures/old-forests.json' with { type: 'json' };

const columns = recorded.columns.map((values) => Float64Array.from(values));
const rows = columns[0]?.length ?? 0;
const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(base64, 'base64'));

describe.each(recorded.cases)('a forest saved in version $version: $name', ({ version, nodes, oobScore, importances, bytes, prediction }) => {
  const old = bytesOf(bytes);

  it('opens with the same predictions', () => {
    const forest = openForest(old.buffer);
    const got = version === 1 ? predictMeans(forest, columns, rows) : predictMeans(forest, columns, rows);
    expect(got).toEqual(Float64Array.from(prediction));
    expect(forest.importances).toEqual(Float64Array.from(importances));
    expect(forest.oobScore).toBe(oobScore ?? NaN);
    expect(forest.nodeCount).toBe(nodes);
  });

  it('becomes one of the present version, sound in every node', () => {
    const { buffer } = openForest(old.buffer);
    expect(new Uint32Array(buffer, 4, 1)[0]).toBe(3);
    validateForest(buffer);
    validateForest(old.buffer);
  });

  it('sends missing values right, as comparing them did', () => {
    const missing = columns.map((column) => column.map((value, row) => (row % 3 === 0 ? NaN : value)));
    const largest = columns.map((column) => column.map((value, row) => (row % 3 === 0 ? Infinity : value)));
    const forest = openForest(old.buffer);
    const predict = version === 1 ? predictMeans : predictMeans;
    expect(predict(forest, missing, rows)).toEqual(predict(forest, largest, rows));
  });

  it('is refused with a ForestError or read, wherever it was damaged', () => {
    const place = fc.oneof(fc.integer({ min: 4, max: 60 }), fc.nat(old.length - 1));
    fc.assert(
      fc.property(fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.nat(60), (changes, cut) => {
        const bad = old.slice(0, cut > 40 ? undefined : old.length - cut);
        for (const [at, byte] of changes) bad[at] = byte;
        try {
          validateForest(bad.buffer);
        } catch (error) {
          expect(error).toBeInstanceOf(ForestError);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a forest of version 2 whose trees share their rows of class shares out', () => {
  /** Two trees of one leaf each, whose shares are the given rows. */
  const withRows = (first: number, second: number): ArrayBuffer => {
    const buffer = new ArrayBuffer(40 + 8 + 16 + 32 + 12 + 8 + 4);
    new Uint32Array(buffer, 0, 9).set([0x46524644, 2, 1, 2, 2, 2, 0, 0, 2]);
    new Float64Array(buffer, 48, 6).set([-1 - first, -1 - second, 0.25, 0.75, 0.5, 0.5]);
    new Uint32Array(buffer, 96, 3).set([0, 1, 2]);
    return buffer;
  };

  it('opens where each tree has its own', () => {
    expect(predictMeans(openForest(withRows(0, 1)), [Float64Array.of(0)], 1)).toEqual(Float64Array.of(0.375, 0.625));
  });

  it.each([[1, 0], [0, 0], [1, 1]])('is refused where a tree has those of another: %i, %i', (first, second) => {
    expect(() => openForest(withRows(first, second))).toThrow(/got row \d of the class shares, expected one from/);
  });
});

describe('a forest of version 1 whose nodes have no room for a right child so far away beside so many features', () => {
  /** One tree of 40,003 nodes over 40,000 features: the root and leaves, as far as opening looks. */
  const withDistance = (distance: number): ArrayBuffer => {
    const features = 40_000;
    const nodes = 40_003;
    const value = 32 + 8 * features;
    const buffer = new ArrayBuffer(value + 14 * nodes + 8);
    new Uint32Array(buffer, 0, 6).set([0x46524644, 1, features, 1, nodes, 0]);
    new Uint32Array(buffer, value + 8 * nodes, 3).set([0, nodes, distance]);
    return buffer;
  };

  it('is refused, and opens where there is room', () => {
    expect(() => openForest(withDistance(32_768))).toThrow(/node 0: got a right child 32768 nodes further, allowed: at most 32767 with 40000 features/);
    expect(openForest(withDistance(32_767)).nodeCount).toBe(40_003);
  });
});
