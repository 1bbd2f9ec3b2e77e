import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomForestClassifier, RandomForestRegressor } from '../src/index.ts';
import { quickWalker } from '../src/kernel/kernel-walker.ts';
import { openForest } from '../src/open-forest.ts';
import { plainWalker } from '../src/plain-walker.ts';
import { predictMeans } from '../src/predict.ts';
import { classes, synthesize } from './synthetic.ts';

const ROWS = 700;
const unseen = synthesize(ROWS, 8).columns;
const gaps = unseen.map((column, feature) => column.map((value, row) => ((row * 7 + feature) % 11 === 0 ? NaN : value)));

describe('the walk of the kernel', () => {
  it.each([1, 3, 8, 255, 256, 257, 263, ROWS])('gives the numbers of the plain walk for %i rows, missing values or not', async (rows) => {
    const { data } = await RandomForestRegressor.fit(synthesize(300, 1), { nEstimators: 20 });
    for (const columns of [unseen, gaps]) {
      const some = columns.map((column) => column.subarray(0, rows));
      expect(predictMeans(openForest(data), some, rows, quickWalker)).toEqual(predictMeans(openForest(data), some, rows, plainWalker));
    }
  });

  it('gives the probabilities of the plain walk', async () => {
    for (const minSamplesLeaf of [1, 9]) {
      const { data } = await RandomForestClassifier.fit(classes(synthesize(300, 1), 4), { nEstimators: 20, minSamplesLeaf });
      expect(predictMeans(openForest(data), gaps, ROWS, quickWalker)).toEqual(predictMeans(openForest(data), gaps, ROWS, plainWalker));
    }
  });

  it('ends, with numbers, whatever the nodes say', async () => {
    const { data } = await RandomForestRegressor.fit(synthesize(60, 1), { nEstimators: 4, maxDepth: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(2 ** 32 - 1)), { minLength: 1, maxLength: 30 }), (damages) => {
        const forest = openForest(data.slice());
        for (const [at, word] of damages) forest.nodes[at % forest.nodes.length] = word;
        const predicted = predictMeans(forest, unseen, ROWS);
        expect(predicted).toHaveLength(ROWS);
        expect(predicted.every((value) => Number.isFinite(value))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
