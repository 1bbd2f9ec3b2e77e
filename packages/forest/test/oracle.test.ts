import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBag } from '../src/bag.ts';
import { openForest } from '../src/flat-forest.ts';
import { RandomForestClassifier, RandomForestRegressor, validateForest } from '../src/index.ts';
import type { ForestData } from '../src/index.ts';
import { createTrainingSet } from '../src/training-set.ts';
import { limits, weightedClassTables, weightedTables } from './arbitraries.ts';
import { compareTree } from './compare-tree.ts';

const variants = [
  ['regression', weightedTables, RandomForestRegressor],
  ['classification', weightedClassTables, RandomForestClassifier],
] as const;
/** The oracle knows nothing of features that were not drawn. */
const ALL_FEATURES = { maxFeatures: 1 };

describe.each(variants)('every node against an exhaustive search: %s', (_task, tables, Forest) => {
  it('splits as well as the best split there is, and only where the limits allow it', async () => {
    await fc.assert(
      fc.asyncProperty(tables, limits, async (data, limit) => {
        const forest = await Forest.fit(data, { ...limit, ...ALL_FEATURES, nEstimators: 1, bootstrap: false });
        validateForest(forest.data);
        compareTree(openForest(forest.data), 0, data, limit);
      }),
      { numRuns: 400 },
    );
  });

  it('does so on the rows that each bootstrap sample drew', async () => {
    await fc.assert(
      fc.asyncProperty(tables, limits, async (data, limit) => {
        const forest = await Forest.fit(data, { ...limit, ...ALL_FEATURES, nEstimators: 2 });
        validateForest(forest.data);
        for (const tree of [0, 1]) {
          const counts = bagOf(data, limit.seed, tree);
          const weights = data.weights.map((weight, row) => weight * (counts[row] ?? 0));
          compareTree(openForest(forest.data), tree, { ...data, weights }, limit);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function bagOf(data: ForestData, seed: number, tree: number): Uint32Array {
  const counts = new Uint32Array(data.target.length);
  const set = createTrainingSet(data, 0, true, (bytes) => new ArrayBuffer(bytes));
  drawBag(set, { bootstrap: true, seed }, tree, counts);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(data.target.length);
  return counts;
}
