import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomForestClassifier, validateForest } from '../src/index.ts';
import type { ClassificationData, ForestOptions } from '../src/index.ts';
import { classTables, limits, weightedClassTables } from './arbitraries.ts';
import { readForest, shapeOf } from './read-forest.ts';
import { repeatRows } from './repeat-rows.ts';
import { classes, synthesize } from './synthetic.ts';

const plain = { nEstimators: 1, bootstrap: false } as const;

async function fitBytes(data: ClassificationData, options: ForestOptions): Promise<Uint8Array> {
  const forest = await RandomForestClassifier.fit(data, options);
  validateForest(forest.data);
  return new Uint8Array(forest.data);
}

/** Without the side of missing values at nodes that have seen none: it follows the number of rows, whatever they weigh. */
async function fitTrees(data: ClassificationData, options: ForestOptions): Promise<unknown> {
  const forest = await RandomForestClassifier.fit(data, options);
  validateForest(forest.data);
  return readForest(forest.data);
}

describe('laws of classification that hold for every data set', () => {
  it('gives the same bytes for the same seed, and with unit weights as without weights', async () => {
    await fc.assert(
      fc.asyncProperty(classTables, limits, async (table, limit) => {
        const options = { ...limit, nEstimators: 3 };
        const bytes = await fitBytes(table, options);
        expect(await fitBytes(table, options)).toEqual(bytes);
        expect(await fitBytes({ ...table, weights: new Float64Array(table.target.length).fill(1) }, options)).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });

  it('grows the same tree from a row of weight k as from k copies of it, none for 0', async () => {
    await fc.assert(
      fc.asyncProperty(weightedClassTables, fc.nat(), fc.boolean(), async (data, seed, lighter) => {
        const weights = data.weights.map((weight, row) => (lighter && row > 0 ? weight - 1 : weight));
        const copies = { ...repeatRows(data, weights), classCount: data.classCount };
        expect(await fitTrees({ ...data, weights }, { ...plain, seed })).toEqual(await fitTrees(copies, { ...plain, seed }));
      }),
    );
  });

  it('grows the same tree when all weights are scaled by a power of two, fractions included', async () => {
    await fc.assert(
      fc.asyncProperty(weightedClassTables, fc.integer({ min: -60, max: 60 }), async (data, power) => {
        const third = data.weights.map((weight) => weight / 3);
        const scaled = third.map((weight) => weight * 2 ** power);
        expect(await fitBytes({ ...data, weights: scaled }, plain)).toEqual(await fitBytes({ ...data, weights: third }, plain));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the shape and permutes the probabilities when classes change their codes', async () => {
    await fc.assert(
      fc.asyncProperty(classTables, limits, async (table, limit) => {
        const { classCount } = table;
        const mirrored = { ...table, target: table.target.map((code) => classCount - 1 - code) };
        const before = await RandomForestClassifier.fit(table, { ...limit, nEstimators: 2 });
        const after = await RandomForestClassifier.fit(mirrored, { ...limit, nEstimators: 2 });
        expect(shapeOf(after.data)).toEqual(shapeOf(before.data));
        const probabilities = after.predictProba(table.columns);
        before.predictProba(table.columns).forEach((value, at) => {
          const first = at - (at % classCount);
          expect(probabilities[first + classCount - 1 - (at % classCount)]).toBe(value);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('finds every class of distinct rows when nothing is left out', async () => {
    await fc.assert(
      fc.asyncProperty(classTables, fc.nat(), async (table, seed) => {
        const distinct = { ...table, columns: [...table.columns, Float64Array.from(table.target.keys())] };
        const forest = await RandomForestClassifier.fit(distinct, { nEstimators: 3, bootstrap: false, seed });
        expect(forest.predict(distinct.columns)).toEqual(Int32Array.from(table.target));
      }),
      { numRuns: 60 },
    );
  });

  it('gives every row probabilities that add up to 1, with shares of importance', async () => {
    await fc.assert(
      fc.asyncProperty(classTables, limits, async (table, limit) => {
        const forest = await RandomForestClassifier.fit(table, { ...limit, nEstimators: 4 });
        const probabilities = forest.predictProba(table.columns);
        expect(probabilities).toHaveLength(table.target.length * table.classCount);
        expect(probabilities.every((value) => value >= 0 && value <= 1)).toBe(true);
        expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(table.target.length, 9);
        expect(forest.featureImportances.every((share) => share >= 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('threads', () => {
  it('give the same bytes and out-of-bag probabilities for 1, 2 and 3', async () => {
    const data = classes(synthesize(300, 9), 4);
    const weights = data.target.map((_, row) => (row % 5) / 3);
    const fit = (threads: number): Promise<RandomForestClassifier> =>
      RandomForestClassifier.fit({ ...data, weights }, { nEstimators: 12, oobScore: true, minSamplesLeaf: 3, seed: 4, threads });
    const one = await fit(1);
    for (const threads of [2, 3]) {
      const many = await fit(threads);
      expect(new Uint8Array(many.data)).toEqual(new Uint8Array(one.data));
      expect(many.oobProba).toEqual(one.oobProba);
    }
  });
});
