import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBag } from '../src/bag.ts';
import { openForest } from '../src/flat-forest.ts';
import type { FlatForest } from '../src/flat-forest.ts';
import { RandomForestRegressor, validateForest } from '../src/index.ts';
import { createTrainingSet } from '../src/training-set.ts';
import { limits, weightedTables } from './arbitraries.ts';
import { allSplits, meanOf, reductionOf, sides } from './naive-splitter.ts';
import type { WeightedRows } from './naive-splitter.ts';

interface Limits {
  readonly maxDepth: number | undefined;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
}

interface Visit {
  readonly node: number;
  readonly rows: readonly number[];
  readonly depth: number;
}

/** Goes through one tree with the rows of its bag and compares every node with the exhaustive search. */
function compareTree(forest: FlatForest, tree: number, bag: WeightedRows, limit: Limits): void {
  const inBag = [...bag.weights.keys()].filter((row) => bag.weights[row] !== 0);
  const pending: Visit[] = [{ node: forest.treeStarts[tree] ?? 0, rows: inBag, depth: 0 }];
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    const { node, rows, depth } = visit;
    if (forest.right[node] === 0) {
      compareLeaf(forest, visit, bag, limit);
      continue;
    }
    compareSplit(forest, visit, bag, limit);
    const { left, right } = sides(bag, rows, forest.feature[node] ?? 0, forest.value[node] ?? 0);
    pending.push({ node: node + (forest.right[node] ?? 0), rows: right, depth: depth + 1 }, { node: node + 1, rows: left, depth: depth + 1 });
  }
}

function compareSplit(forest: FlatForest, { node, rows, depth }: Visit, bag: WeightedRows, limit: Limits): void {
  const feature = forest.feature[node] ?? 0;
  const threshold = forest.value[node] ?? 0;
  const splits = allSplits(bag, rows, limit.minSamplesLeaf);
  const best = Math.max(...splits.map((split) => split.reduction));
  const got = reductionOf(bag, rows, feature, threshold, limit.minSamplesLeaf) ?? NaN;
  expect(depth).toBeLessThan(limit.maxDepth ?? Infinity);
  expect(rows.length).toBeGreaterThanOrEqual(limit.minSamplesSplit);
  // Ties are legal, so reductions are compared, not splits.
  expect(Math.abs(got - best)).toBeLessThanOrEqual(1e-9 * Math.max(1, ...bag.target.map((value) => value * value)) * rows.length);
  expect(splits.some((split) => split.feature === feature && split.threshold === threshold)).toBe(true);
}

function compareLeaf(forest: FlatForest, { node, rows, depth }: Visit, bag: WeightedRows, limit: Limits): void {
  const isPure = new Set(rows.map((row) => bag.target[row])).size === 1;
  const isAtLimit = depth === limit.maxDepth || rows.length < limit.minSamplesSplit;
  if (!isPure && !isAtLimit) expect(allSplits(bag, rows, limit.minSamplesLeaf)).toEqual([]);
  if (isPure) expect(forest.value[node]).toBe(bag.target[rows[0] ?? 0]);
  else expect(forest.value[node]).toBeCloseTo(meanOf(bag, rows), 6);
}

describe('every node against an exhaustive search', () => {
  it('splits as well as the best split there is, and only where the limits allow it', async () => {
    await fc.assert(
      fc.asyncProperty(weightedTables, limits, async (data, limit) => {
        const forest = await RandomForestRegressor.fit(data, { ...limit, nEstimators: 1, bootstrap: false });
        validateForest(forest.data);
        compareTree(openForest(forest.data), 0, data, limit);
      }),
      { numRuns: 400 },
    );
  });

  it('does so on the rows that each bootstrap sample drew', async () => {
    await fc.assert(
      fc.asyncProperty(weightedTables, limits, async (data, limit) => {
        const forest = await RandomForestRegressor.fit(data, { ...limit, nEstimators: 2 });
        validateForest(forest.data);
        const set = createTrainingSet(data, true, (bytes) => new ArrayBuffer(bytes));
        for (const tree of [0, 1]) {
          const counts = new Uint32Array(data.target.length);
          drawBag(set, { bootstrap: true, seed: limit.seed }, tree, counts);
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(data.target.length);
          const weights = data.weights.map((weight, row) => weight * (counts[row] ?? 0));
          compareTree(openForest(forest.data), tree, { ...data, weights }, limit);
        }
      }),
      { numRuns: 200 },
    );
  });
});
