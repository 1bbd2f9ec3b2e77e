/** Compares a grown tree, node by node, with the exhaustive search. */
import { expect } from 'vitest';
import type { FlatForest } from '../src/flat-forest.ts';
import { allSplits, gini, meanOf, reductionOf, sharesOf, sides, squares } from './naive-splitter.ts';
import type { WeightedRows } from './naive-splitter.ts';

/** The options that keep a node from being split. */
export interface Limits {
  readonly maxDepth: number | undefined;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
}

interface Visit {
  readonly node: number;
  readonly rows: readonly number[];
  readonly depth: number;
}

/** Goes through one tree with the rows of its bag. */
export function compareTree(forest: FlatForest, tree: number, bag: WeightedRows, limit: Limits): void {
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
  const impurity = forest.classes === 0 ? squares : gini;
  const feature = forest.feature[node] ?? 0;
  const threshold = forest.value[node] ?? 0;
  const splits = allSplits(impurity, bag, rows, limit.minSamplesLeaf);
  const best = Math.max(...splits.map((split) => split.reduction));
  const got = reductionOf(impurity, bag, rows, feature, threshold, limit.minSamplesLeaf) ?? NaN;
  expect(depth).toBeLessThan(limit.maxDepth ?? Infinity);
  expect(rows.length).toBeGreaterThanOrEqual(limit.minSamplesSplit);
  // Ties are legal, so reductions are compared, not splits.
  expect(Math.abs(got - best)).toBeLessThanOrEqual(1e-9 * Math.max(1, ...bag.target.map((value) => value * value)) * rows.length);
  expect(splits.some((split) => split.feature === feature && split.threshold === threshold)).toBe(true);
}

function compareLeaf(forest: FlatForest, { node, rows, depth }: Visit, bag: WeightedRows, limit: Limits): void {
  const isPure = new Set(rows.map((row) => bag.target[row])).size === 1;
  const isAtLimit = depth === limit.maxDepth || rows.length < limit.minSamplesSplit;
  if (!isPure && !isAtLimit) expect(allSplits(forest.classes === 0 ? squares : gini, bag, rows, limit.minSamplesLeaf)).toEqual([]);
  if (isPure) expect(forest.value[node]).toBe(bag.target[rows[0] ?? 0]);
  else if (forest.classes === 0) expect(forest.value[node]).toBeCloseTo(meanOf(bag, rows), 6);
  else compareShares(forest, node, sharesOf(bag, rows));
}

function compareShares({ value, shares, classes }: FlatForest, node: number, expected: ReadonlyMap<number, number>): void {
  const first = (-1 - (value[node] ?? 0)) * classes;
  expect(first).toBeGreaterThanOrEqual(0);
  for (let label = 0; label < classes; label++) expect(shares[first + label]).toBeCloseTo(expected.get(label) ?? 0, 12);
}
