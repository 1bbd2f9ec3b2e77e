import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ForestOptions } from '../src/options.ts';
import { compareTree } from './compare-tree.ts';
import { growPlainTwin, growTwins } from './grow-twin.ts';
import { expectSoundTree } from './invariants.ts';
import { classificationData, regressionData, treeLimits } from './tree-arbitraries.ts';

const variants = [
  ['variance', regressionData, {}],
  ['Gini impurity', classificationData, { criterion: 'gini' }],
  ['entropy', classificationData, { criterion: 'entropy' }],
] as const;
/** The oracle knows nothing of features that were not drawn. */
const ALL_FEATURES = { maxFeatures: 1 };

describe.each(variants)('every node against an exhaustive search: %s', (_name, dataOf, criterion) => {
  it('splits as well as the best split there is, and only where the limits allow it', () => {
    fc.assert(
      fc.property(dataOf(), treeLimits, (data, limits) => {
        const grown = growPlainTwin(data, { ...limits, ...criterion });
        expectSoundTree(grown);
        compareTree(grown, data.weights, limits);
      }),
      { numRuns: 1500 },
    );
  });

  it('does so on the rows that each bootstrap sample drew', () => {
    fc.assert(
      fc.property(dataOf(), treeLimits, fc.constantFrom(1, 0.5), (data, limits, maxSamples) => {
        for (const grown of growTwins(data, { ...limits, ...criterion, ...ALL_FEATURES, maxSamples }, 3)) {
          expectSoundTree(grown);
          compareTree(grown, data.weights.map((weight, row) => weight * (grown.counts[row] ?? 0)), limits);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does so with fractional weights, as near to them as the training set comes', () => {
    fc.assert(
      fc.property(dataOf(), treeLimits, fc.constantFrom(1 / 3, 1e-3, 1e9 / 7), (data, limits, unit) => {
        const grown = growPlainTwin({ ...data, weights: data.weights.map((weight) => weight * unit) }, { ...limits, ...criterion });
        expectSoundTree(grown);
        compareTree(grown, grown.set.weights.map((weight) => weight / grown.set.weightScale), limits);
      }),
      { numRuns: 300 },
    );
  });

  it('does so where nodes are large', () => {
    fc.assert(
      fc.property(dataOf(90), treeLimits, (data, limits) => {
        const grown = growPlainTwin(data, { ...limits, ...criterion });
        expectSoundTree(grown);
        compareTree(grown, data.weights, limits);
      }),
      { numRuns: 60 },
    );
  });

  it('grows sound trees of drawn features and of drawn splits', () => {
    const drawing: readonly ForestOptions[] = [{ maxFeatures: 'sqrt' }, { splitter: 'random' }, { splitter: 'random', maxFeatures: 'sqrt' }];
    fc.assert(
      fc.property(dataOf(40), treeLimits, fc.constantFrom(...drawing), (data, limits, options) => {
        for (const grown of growTwins(data, { ...limits, ...criterion, ...options }, 3)) expectSoundTree(grown);
      }),
      { numRuns: 300 },
    );
  });
});

describe('balanced subsamples', () => {
  it('are split by weights that give each class of the sample the same total', () => {
    fc.assert(
      fc.property(classificationData(), treeLimits, (data, limits) => {
        for (const grown of growTwins(data, { ...limits, ...ALL_FEATURES, classWeight: 'balanced_subsample' }, 2)) {
          expectSoundTree(grown);
          compareTree(grown, balancedWeights(grown), limits);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Each row's draws × weight × N / (K · n), to whole steps of the training set: n of the N draws are of its class, one of K. */
function balancedWeights({ set, counts }: ReturnType<typeof growPlainTwin>): Float64Array {
  const drawnOf = (label: number | undefined): number => counts.reduce((sum, count, row) => sum + (set.targetRanks[row] === label ? count : 0), 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const present = Array.from({ length: set.classes }, (_, label) => drawnOf(label)).filter((count) => count > 0).length;
  expect(present).toBeGreaterThan(0);
  return Float64Array.from(counts, (count, row) => {
    const weight = count * (set.weights[row] ?? 0) * (total / (present * drawnOf(set.targetRanks[row])));
    return count === 0 ? 0 : Math.max(1, Math.floor(weight + 0.5));
  });
}
