import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openForest } from '../src/open-forest.ts';
import { applyForest, predictMeans } from '../src/predict.ts';
import { validateForest } from '../src/validate-forest.ts';
import { columnsOf, leafByValues, outputsByValues, packTwins, rowsFor } from './pack-twins.ts';
import type { PackedTwins } from './pack-twins.ts';
import { synthesize } from './synthetic.ts';
import { classificationData, regressionData, treeLimits } from './tree-arbitraries.ts';

/** Trees added in their order, as documented: numbers as differences from the first tree's. */
function meanByValues({ trees, set }: PackedTwins, rows: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(rows.flatMap((row) => {
    const outputs = trees.map((tree) => outputsByValues(tree, set, row));
    return Array.from({ length: Math.max(1, set.classes) }, (_, output) => {
      const base = set.classes === 0 ? (outputs[0]?.[output] ?? NaN) : 0;
      return base + outputs.reduce((sum, values) => sum + ((values[output] ?? NaN) - base), 0) / trees.length;
    });
  }));
}

const cases = (data: typeof regressionData): fc.Arbitrary<[ReturnType<typeof data> extends fc.Arbitrary<infer T> ? T : never, number[][]]> =>
  data().chain((table) => fc.tuple(fc.constant(table), rowsFor(table)));

describe('a packed forest', () => {
  it('predicts what its trees say of the real values: numbers, missing values, levels, limits', () => {
    fc.assert(
      fc.property(cases(regressionData), treeLimits, fc.integer({ min: 1, max: 7 }), ([data, rows], limits, nEstimators) => {
        const twins = packTwins(data, { ...limits, nEstimators });
        validateForest(twins.forest.buffer);
        const forest = openForest(twins.forest.buffer.slice());
        const predicted = predictMeans(forest, columnsOf(rows, data.columns.length), rows.length);
        meanByValues(twins, rows).forEach((mean, row) => { expect(predicted[row]).toBeCloseTo(mean, 9); });
      }),
      { numRuns: 300 },
    );
  });

  it('predicts the class shares of its leaves likewise', () => {
    fc.assert(
      fc.property(cases(classificationData), treeLimits, fc.integer({ min: 1, max: 7 }), ([data, rows], limits, nEstimators) => {
        const twins = packTwins(data, { ...limits, nEstimators });
        validateForest(twins.forest.buffer);
        expect(predictMeans(twins.forest, columnsOf(rows, data.columns.length), rows.length)).toEqual(meanByValues(twins, rows));
      }),
      { numRuns: 300 },
    );
  });

  it('says in which leaf of each tree a row ends', () => {
    fc.assert(
      fc.property(cases(regressionData), treeLimits, ([data, rows], limits) => {
        const { forest, trees, set } = packTwins(data, { ...limits, nEstimators: 3 });
        const leaves = applyForest(forest, columnsOf(rows, data.columns.length), rows.length);
        expect([...leaves]).toEqual(rows.flatMap((row) => trees.map((tree) => leafByValues(tree, set, row))));
      }),
      { numRuns: 100 },
    );
  });

  it('gives a row the same prediction alone, in a small batch and among more rows than a batch holds', () => {
    const data = synthesize(300, 1);
    const { forest } = packTwins(data, { nEstimators: 9 });
    const many = synthesize(5_000, 2).columns;
    const all = predictMeans(forest, many, 5_000);
    for (const [start, end] of [[0, 1], [4_095, 4_096], [4_096, 4_097], [7, 20], [4_090, 5_000]] as const) {
      expect(predictMeans(forest, many.map((column) => column.subarray(start, end)), end - start)).toEqual(all.slice(start, end));
    }
    expect(predictMeans(forest, many.map((column) => column.subarray(0, 0)), 0)).toHaveLength(0);
  });

  it('remembers each of 100 levels, and says of an unknown one what it says of a missing one', () => {
    const level = Float64Array.from({ length: 100 }, (_, row) => row);
    const target = level.map((value) => (value * 37) % 101);
    const { forest } = packTwins({ columns: [level], target, categoricalFeatures: [0] }, { nEstimators: 1, bootstrap: false });
    expect(predictMeans(forest, [level], 100)).toEqual(target);
    const [missing, ...unknown] = predictMeans(forest, [Float64Array.of(NaN, 100, -1, 0.5, Infinity, 2 ** 40)], 6);
    expect(unknown).toEqual(new Array(5).fill(missing));
  });

  it('gives a row the same prediction whether or not another row of its batch has a missing value', () => {
    const data = synthesize(300, 1);
    const { forest } = packTwins(data, { nEstimators: 9 });
    const plain = predictMeans(forest, data.columns, 300);
    const gap = data.columns.map((column, feature) => Float64Array.from([...column, feature === 3 ? NaN : 0]));
    expect(predictMeans(forest, gap, 301).slice(0, 300)).toEqual(plain);
  });
});

describe('damaged nodes', () => {
  it('neither hang a prediction nor make it throw, and are told from sound ones by an invalid-forest error alone', () => {
    const table = fc.oneof(regressionData(), classificationData());
    const damage = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(40), fc.nat(2 ** 32 - 1))), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, damage, fc.integer({ min: 1, max: 9 }), (data, changes, nEstimators) => {
        const { forest } = packTwins(data, { nEstimators, minSamplesLeaf: 2 });
        for (const [at, word] of changes) forest.nodes[at % forest.nodes.length] = word;
        const rows = data.target.length;
        expect(predictMeans(forest, data.columns, rows)).toHaveLength(rows * Math.max(1, forest.classes));
        expect(applyForest(forest, data.columns.map((column) => column.subarray(0, 1)), 1)).toHaveLength(nEstimators);
        try {
          validateForest(forest.buffer);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid-forest' });
        }
      }),
      { numRuns: 300 },
    );
  });
});
