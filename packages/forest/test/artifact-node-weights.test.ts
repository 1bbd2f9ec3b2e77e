import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBag, weighBag } from '../src/bag.ts';
import { validateForest } from '../src/validate-forest.ts';
import { packTwins } from './pack-twins.ts';
import { classificationData, regressionData, treeLimits } from './tree-arbitraries.ts';
import { walkTree } from './walk-tree.ts';

describe('node weights', () => {
  it('are those of the rows of the bag that reach the node, repeats counted', () => {
    const options = fc.record({ classWeight: fc.constantFrom(undefined, 'balanced_subsample' as const), third: fc.boolean() });
    fc.assert(
      fc.property(fc.oneof(regressionData(), classificationData()), treeLimits, options, (data, limits, { classWeight, third }) => {
        const weighted = third ? { ...data, weights: data.weights.map((weight) => weight / 3) } : data;
        const balance = data.classCount === undefined ? undefined : classWeight;
        const { forest, trees, set, settings } = packTwins(weighted, { ...limits, classWeight: balance, nEstimators: 3, nodeWeights: true });
        validateForest(forest.buffer);
        trees.forEach((tree, index) => {
          const counts = new Uint32Array(set.rows);
          const weights = new Float64Array(set.rows);
          drawBag(set, settings, index, counts);
          weighBag(set, settings, counts, weights);
          for (const { id, rows } of walkTree({ tree, set, settings, counts, data })) {
            const weight = rows.reduce((sum, row) => sum + (weights[row] ?? 0), 0) / set.weightScale;
            expect(forest.nodeWeights?.[(forest.treeStarts[index] ?? 0) + id]).toBe(Math.fround(weight));
          }
        });
      }),
      { numRuns: 150 },
    );
  });
});
