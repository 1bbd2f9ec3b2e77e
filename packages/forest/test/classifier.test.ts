import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBag } from '../src/bag.ts';
import { RandomForestClassifier, RandomForestRegressor, validateForest } from '../src/index.ts';
import { limits, tables } from './arbitraries.ts';
import { prepare } from './grow-twin.ts';
import { predictTree, readForest, shapeOf } from './read-forest.ts';
import { classes, synthesize } from './synthetic.ts';

const column = (...values: number[]): Float64Array => Float64Array.from(values);
const tree = { nEstimators: 1, bootstrap: false, maxFeatures: 1 } as const;

describe('small data with a known answer', () => {
  it('is certain of the only class there is', async () => {
    const forest = await RandomForestClassifier.fit({ columns: [column(1, 2, 3)], target: column(0, 0, 0) });
    expect(forest.classCount).toBe(1);
    expect(forest.predictProba([column(-5, 9)])).toEqual(column(1, 1));
    expect(forest.featureImportances).toEqual(column(0));
  });

  it('learns from one row, and gives classes without rows no probability', async () => {
    const forest = await RandomForestClassifier.fit({ columns: [column(7)], target: column(2), classCount: 4 });
    expect(forest.predictProba([column(0, 1)])).toEqual(column(0, 0, 1, 0, 0, 0, 1, 0));
    expect(forest.predict([column(0, 1)])).toEqual(Int32Array.of(2, 2));
  });

  it('predicts class shares where all features are constant, by weight', async () => {
    const data = { columns: [column(1, 1, 1, 1)], target: column(0, 1, 1, 2) };
    expect((await RandomForestClassifier.fit(data, tree)).predictProba([column(1)])).toEqual(column(0.25, 0.5, 0.25));
    const weighted = await RandomForestClassifier.fit({ ...data, weights: column(5, 1, 1, 1) }, tree);
    expect(weighted.predictProba([column(1)])).toEqual(column(0.625, 0.25, 0.125));
    expect(weighted.predict([column(1)])).toEqual(Int32Array.of(0));
  });

  it('predicts the lowest code where classes are as probable', async () => {
    const forest = await RandomForestClassifier.fit({ columns: [column(1, 1)], target: column(2, 1) }, tree);
    expect(forest.predictProba([column(1)])).toEqual(column(0, 0.5, 0.5));
    expect(forest.predict([column(1)])).toEqual(Int32Array.of(1));
  });

  it('finds exclusive or, whose first split explains nothing and counts for nothing', async () => {
    const corners = Array.from({ length: 40 }, (_, row) => [row & 1, (row >> 1) & 1] as const);
    const columns = [Float64Array.from(corners, ([a]) => a), Float64Array.from(corners, ([, b]) => b)];
    const target = Float64Array.from(corners, ([a, b]) => a ^ b);
    const whole = await RandomForestClassifier.fit({ columns, target }, { nEstimators: 5, bootstrap: false });
    expect(whole.predict(columns)).toEqual(Int32Array.from(target));
    const stump = await RandomForestClassifier.fit({ columns, target }, { ...tree, maxDepth: 1 });
    expect(stump.featureImportances).toEqual(column(0, 0));
  });

  it('draws the square root of the features at a node unless told otherwise', async () => {
    const data = classes(synthesize(150, 2), 3);
    const bytes = async (maxFeatures?: 'sqrt' | 1): Promise<Uint8Array> => new Uint8Array((await RandomForestClassifier.fit(data, { nEstimators: 2, maxFeatures })).data);
    expect(await bytes()).toEqual(await bytes('sqrt'));
    expect(await bytes()).not.toEqual(await bytes(1));
  });

  it('keeps apart more classes than a node has rows', async () => {
    const target = Float64Array.from({ length: 500 }, (_, row) => row % 250);
    const data = { columns: [target.map((code) => -code), target.map((code) => code % 16)], target };
    const forest = await RandomForestClassifier.fit(data, { nEstimators: 3, bootstrap: false });
    expect(forest.predict(data.columns)).toEqual(Int32Array.from(target));
  });
});

describe('two classes beside a regression on 0 and 1', () => {
  // The Gini impurity of a share p is 2 p (1 − p), twice its variance: every split is worth the same to both.
  it('grow the same trees and predict the same probability', async () => {
    await fc.assert(
      fc.asyncProperty(tables, limits, async (table, limit) => {
        const target = table.target.map((value) => (value > 0 ? 1 : 0));
        const options = { ...limit, nEstimators: 3, maxFeatures: 1 };
        const classifier = await RandomForestClassifier.fit({ ...table, target, classCount: 2 }, options);
        const regressor = await RandomForestRegressor.fit({ ...table, target }, options);
        expect(shapeOf(classifier.data)).toEqual(shapeOf(regressor.data));
        const ones = classifier.predictProba(table.columns).filter((_, at) => at % 2 === 1);
        regressor.predict(table.columns).forEach((value, row) => { expect(ones[row]).toBeCloseTo(value, 9); });
        classifier.featureImportances.forEach((share, feature) => { expect(share).toBeCloseTo(regressor.featureImportances[feature] ?? NaN, 9); });
      }),
      { numRuns: 300 },
    );
  });

  it('do so on more rows too', async () => {
    const data = classes(synthesize(600, 4), 2);
    const options = { nEstimators: 5, maxFeatures: 1, seed: 3 };
    const classifier = await RandomForestClassifier.fit(data, options);
    const regressor = await RandomForestRegressor.fit(data, options);
    expect(shapeOf(classifier.data)).toEqual(shapeOf(regressor.data));
  });
});

describe('out-of-bag probabilities', () => {
  const data = classes(synthesize(120, 6), 3);

  it('are the mean of the trees that have not seen the row', async () => {
    const options = { nEstimators: 7, oobScore: true, seed: 11, minSamplesLeaf: 4 };
    const forest = await RandomForestClassifier.fit(data, options);
    const { set, settings } = prepare({ ...data, classCount: 3 }, options);
    const trees = readForest(forest.data);
    const sums = new Float64Array(360);
    const seenBy = new Uint32Array(120);
    for (let index = 0; index < 7; index++) {
      const counts = new Uint32Array(120);
      drawBag(set, settings, index, counts);
      const one = predictTree(trees[index] ?? [], data.columns);
      for (let row = 0; row < 120; row++) {
        if (counts[row] !== 0) continue;
        seenBy[row] = (seenBy[row] ?? 0) + 1;
        for (let label = 0; label < 3; label++) sums[row * 3 + label] = (sums[row * 3 + label] ?? 0) + (one[row]?.[label] ?? 0);
      }
    }
    expect(forest.oobProba).toHaveLength(360);
    forest.oobProba?.forEach((value, at) => {
      const trees = seenBy[Math.floor(at / 3)] ?? 0;
      if (trees === 0) expect(value).toBeNaN();
      else expect(value).toBeCloseTo((sums[at] ?? 0) / trees, 12);
    });
  });

  it('score as the share of rows whose class they find', async () => {
    const forest = await RandomForestClassifier.fit(data, { nEstimators: 60, oobScore: true });
    const right = data.target.filter((code, row) => {
      const own = forest.oobProba?.slice(row * 3, row * 3 + 3) ?? column();
      return own.indexOf(Math.max(...own)) === code;
    });
    expect(forest.oobScore).toBe(right.length / 120);
    expect(forest.oobScore).toBeGreaterThan(0.5);
  });

  it('are absent unless asked for', async () => {
    const forest = await RandomForestClassifier.fit(data, { nEstimators: 1 });
    expect(forest.oobProba).toBeUndefined();
    expect(forest.oobScore).toBeNaN();
  });
});

describe('the artifact of a classifier', () => {
  const data = classes(synthesize(80, 8), 3);

  it('predicts bit-equal after a round trip', async () => {
    const forest = await RandomForestClassifier.fit(data, { nEstimators: 6, minSamplesLeaf: 3, oobScore: true });
    validateForest(forest.data);
    const again = RandomForestClassifier.from(forest.data.slice());
    expect(again.predictProba(data.columns)).toEqual(forest.predictProba(data.columns));
    expect(again.featureImportances).toEqual(forest.featureImportances);
    expect([again.oobScore, again.classCount, again.nEstimators, again.nodeCount]).toEqual([forest.oobScore, 3, 6, forest.nodeCount]);
    expect(again.oobProba).toBeUndefined();
  });

  it('spends nothing on class shares where every leaf is of one class', async () => {
    const { data: bytes, nodeCount } = await RandomForestClassifier.fit(data, { nEstimators: 40, bootstrap: false });
    expect(readForest(bytes).flat().every(({ output }) => output.length === 0 || output.includes(1))).toBe(true);
    expect(bytes.byteLength / nodeCount).toBeLessThan(10);
  });
});
