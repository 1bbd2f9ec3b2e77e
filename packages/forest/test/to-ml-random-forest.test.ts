import fc from 'fast-check';
import { RandomForestClassifier, RandomForestRegression } from 'ml-random-forest';
import { describe, expect, it } from 'vitest';
import type { FlatForest } from '../src/flat-forest.ts';
import { predictMeans } from '../src/predict.ts';
import { toMlRandomForestJson } from '../src/to-ml-random-forest.ts';
import { buildForest, leafOf, predictLiteral } from './build-forest.ts';
import type { ForestLiteral, TreeLiteral } from './build-forest.ts';
import { forestCases, numericFeature } from './forest-literals.ts';
import { packTwins } from './pack-twins.ts';
import { synthesize } from './synthetic.ts';

describe('toMlRandomForestJson', () => {
  it('gives a regression that predicts the same there, at thresholds and next to them', () => {
    fc.assert(
      fc.property(forestCases({ features: numericFeature, classes: 0, depth: 4 }), ({ literal, rows }) => {
        const given = present(literal);
        const known = rows.map((row) => row.map((x) => (Number.isNaN(x) ? 0 : x)));
        const loaded = RandomForestRegression.load(written(buildForest(given)));
        const got = loaded.predict(known);
        known.forEach((row, index) => { expect(got[index]).toBeCloseTo(predictLiteral(given, row)[0] ?? NaN, 9); });
      }),
    );
  });

  it('gives a classifier whose trees vote for the likeliest class of the same leaf', () => {
    fc.assert(
      fc.property(forestCases({ features: numericFeature, classes: 3, depth: 4 }), ({ literal, rows }) => {
        const given = present(literal);
        const known = rows.map((row) => row.map((x) => (Number.isNaN(x) ? 0 : x)));
        const votes = RandomForestClassifier.load(written(buildForest(given))).predictionValues(known).to2DArray();
        expect(votes).toEqual(known.map((row) => given.trees.map((tree) => {
          const shares = leafOf(given, tree, row);
          return shares.indexOf(Math.max(...shares));
        })));
      }),
    );
  });

  it('gives grown regression forests that predict the same for the rows they learned from', () => {
    const data = synthesize(300, 1);
    const { forest } = packTwins(data, { nEstimators: 5, seed: 2 });
    const rows = [...data.target.keys()].map((row) => data.columns.map((column) => column[row] ?? NaN));
    const got = RandomForestRegression.load(written(forest)).predict(rows);
    predictMeans(forest, data.columns, rows.length).forEach((value, row) => { expect(Math.abs((got[row] ?? NaN) - value)).toBeLessThan(1e-9 * Math.abs(value)); });
  });

  it('writes trees that are deeper than the stack', () => {
    const depth = 200_000;
    const nodes = new Uint32Array(4 * depth + 2);
    for (let split = 0; split < depth; split++) nodes.set([0, 1 + 2 * 4, 0, 2], 4 * split);
    nodes.set([0, 2], 4 * depth);
    const forest = { ...buildForest({ features: [[0]], classes: 0, trees: [{ weight: 1, value: 5 }] }), nodes, treeStarts: Uint32Array.of(0, 2 * depth + 1) };
    let spine = toMlRandomForestJson(forest).baseModel.estimators[0]?.root;
    let depthSeen = 0;
    for (; spine !== undefined && 'right' in spine; spine = spine.right) depthSeen++;
    expect(depthSeen).toBe(depth);
  });

  it('refuses sets of levels', () => {
    const tree = { feature: 1, set: [0], left: { weight: 1, value: 1 }, right: { weight: 1, value: 2 } };
    expect(() => toMlRandomForestJson(buildForest({ features: [[0], 2], classes: 0, trees: [{ weight: 1, value: 0 }, tree] }))).toThrow(
      expect.objectContaining({ code: 'not-exportable', message: expect.stringMatching(/tree 1, node 0: got a set of levels of feature 1/) }),
    );
  });

  it('refuses splits between missing values and all others', () => {
    const tree = { feature: 0, cut: 1, missingLeft: false, left: { weight: 1, value: 1 }, right: { weight: 1, value: 2 } };
    expect(() => toMlRandomForestJson(buildForest({ features: [[0]], classes: 0, trees: [tree] }))).toThrow(
      expect.objectContaining({ code: 'not-exportable', message: expect.stringContaining('missing and other values of feature 0') }),
    );
  });
});

/** The same with a threshold in place of each split of missing values from all others. */
function present(literal: ForestLiteral): ForestLiteral {
  const change = (tree: TreeLiteral): TreeLiteral => {
    if ('weight' in tree) return tree;
    const children = { left: change(tree.left), right: change(tree.right) };
    if (!('cut' in tree)) return { ...tree, ...children };
    const thresholds = literal.features[tree.feature];
    return { ...tree, ...children, cut: Math.min(tree.cut, typeof thresholds === 'object' ? thresholds.length - 1 : 0) };
  };
  return { ...literal, trees: literal.trees.map(change) };
}

type Loadable = Parameters<typeof RandomForestRegression.load>[0] & Parameters<typeof RandomForestClassifier.load>[0];

/** As a file holds it. */
function written(forest: FlatForest): Loadable {
  const model: Loadable = JSON.parse(JSON.stringify(toMlRandomForestJson(forest)));
  return model;
}
