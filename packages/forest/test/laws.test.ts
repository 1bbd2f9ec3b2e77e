import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomForestRegressor, validateForest } from '../src/index.ts';
import type { ForestData, ForestOptions } from '../src/index.ts';
import { limits, tables, weightedTables } from './arbitraries.ts';
import { readForest } from './read-forest.ts';
import { repeatRows } from './repeat-rows.ts';

const plain = { nEstimators: 1, bootstrap: false } as const;

async function fitBytes(data: ForestData, options: ForestOptions): Promise<Uint8Array> {
  const forest = await RandomForestRegressor.fit(data, options);
  validateForest(forest.data);
  return new Uint8Array(forest.data);
}

/** Without the side of missing values at nodes that have seen none: it follows the number of rows, whatever they weigh. */
async function fitTrees(data: ForestData, options: ForestOptions): Promise<unknown> {
  const forest = await RandomForestRegressor.fit(data, options);
  validateForest(forest.data);
  return readForest(forest.data);
}

describe('laws that hold for every data set', () => {
  it('grows the same forest with unit weights as without weights', async () => {
    await fc.assert(
      fc.asyncProperty(tables, limits, async (table, limit) => {
        const weights = new Float64Array(table.target.length).fill(1);
        const options = { ...limit, nEstimators: 3 };
        expect(await fitBytes({ ...table, weights }, options)).toEqual(await fitBytes(table, options));
      }),
      { numRuns: 60 },
    );
  });

  it('grows the same tree from a row of weight k as from k copies of it', async () => {
    await fc.assert(
      fc.asyncProperty(weightedTables, fc.nat(), async (data, seed) => {
        const options = { ...plain, seed };
        expect(await fitTrees(data, options)).toEqual(await fitTrees(repeatRows(data, data.weights), options));
      }),
    );
  });

  it('does not see a row of weight 0', async () => {
    await fc.assert(
      fc.asyncProperty(weightedTables, fc.nat(), async (data, seed) => {
        const weights = data.weights.map((weight, row) => (row === 0 ? weight : weight - 1));
        const options = { ...plain, seed };
        expect(await fitTrees({ ...data, weights }, options)).toEqual(await fitTrees(repeatRows(data, weights), options));
      }),
    );
  });

  it('grows the same tree when all weights are scaled by a power of two, fractions included', async () => {
    await fc.assert(
      fc.asyncProperty(weightedTables, fc.integer({ min: -60, max: 60 }), async (data, power) => {
        const third = data.weights.map((weight) => weight / 3);
        const scaled = third.map((weight) => weight * 2 ** power);
        expect(await fitBytes({ ...data, weights: scaled }, plain)).toEqual(await fitBytes({ ...data, weights: third }, plain));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps features, shape and predictions when a feature is doubled, and doubles its thresholds', async () => {
    await fc.assert(
      fc.asyncProperty(tables, limits, async (table, limit) => {
        const [first = new Float64Array(), ...others] = table.columns;
        const doubled = { ...table, columns: [first.map((value) => value * 2), ...others] };
        const before = readForest((await RandomForestRegressor.fit(table, { ...limit, nEstimators: 2 })).data);
        const after = readForest((await RandomForestRegressor.fit(doubled, { ...limit, nEstimators: 2 })).data);
        const doubledThresholds = before.map((tree) => tree.map((node) => (node.feature === 0 ? { ...node, threshold: 2 * node.threshold } : node)));
        expect(after).toEqual(doubledThresholds);
      }),
      { numRuns: 60 },
    );
  });

  it('repeats every row of distinct rows exactly when nothing is left out', async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.nat(), async (table, seed) => {
        const distinct = { columns: [...table.columns, Float64Array.from(table.target.keys())], target: table.target };
        const forest = await RandomForestRegressor.fit(distinct, { nEstimators: 3, bootstrap: false, seed });
        expect(forest.predict(distinct.columns)).toEqual(table.target);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same bytes for the same seed and other trees for another', async () => {
    await fc.assert(
      fc.asyncProperty(tables, limits, async (table, limit) => {
        expect(await fitBytes(table, { ...limit, nEstimators: 2 })).toEqual(await fitBytes(table, { ...limit, nEstimators: 2 }));
      }),
      { numRuns: 40 },
    );
  });

  it('predicts within the range of the target, with shares of importance', async () => {
    await fc.assert(
      fc.asyncProperty(tables, limits, async (table, limit) => {
        const forest = await RandomForestRegressor.fit(table, { ...limit, nEstimators: 4, maxFeatures: 'sqrt' });
        const slack = 1e-9 * Math.max(...table.target.map(Math.abs));
        for (const value of forest.predict(table.columns)) {
          expect(value).toBeGreaterThanOrEqual(Math.min(...table.target) - slack);
          expect(value).toBeLessThanOrEqual(Math.max(...table.target) + slack);
        }
        expect(forest.featureImportances.every((share) => share >= 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('predicts bit-equal after a round trip through its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(tables, limits, async (table, limit) => {
        const forest = await RandomForestRegressor.fit(table, { ...limit, nEstimators: 3, oobScore: true });
        const again = RandomForestRegressor.from(forest.data.slice());
        expect(again.predict(table.columns)).toEqual(forest.predict(table.columns));
        expect(again.featureImportances).toEqual(forest.featureImportances);
        expect(again.oobScore).toBe(forest.oobScore);
        expect(again.oobPrediction).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
});
