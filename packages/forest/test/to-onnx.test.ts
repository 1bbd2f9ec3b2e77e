import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { FlatForest } from '../src/flat-forest.ts';
import { floorToFloat, nextUp } from '../src/neighbouring-floats.ts';
import { onnxTables } from '../src/onnx-tables.ts';
import { predictMeans } from '../src/predict.ts';
import { toOnnx } from '../src/to-onnx.ts';
import type { OnnxOptions } from '../src/to-onnx.ts';
import { buildForest, predictLiteral } from './build-forest.ts';
import type { ForestLiteral, TreeLiteral } from './build-forest.ts';
import { anyFeature, forestCases, numericFeature } from './forest-literals.ts';
import type { ForestCase } from './forest-literals.ts';
import { columnsOf, packTwins, rowsFor } from './pack-twins.ts';
import { classificationData, regressionData, treeLimits } from './tree-arbitraries.ts';

describe('toOnnx, run by onnxruntime', () => {
  it.each([['thresholds', numericFeature], ['thresholds and sets of levels', anyFeature]])('sends every row to the same leaf of every tree: %s', async (_splits, features) => {
    await fc.assert(
      fc.asyncProperty(forestCases({ features, classes: 0, depth: 4 }), async (given) => {
        const { literal, rows } = inFloats({ ...given, literal: numberLeaves(given.literal) });
        const { prediction } = await run(literal, rows);
        const trees = literal.trees.length;
        expect(Array.from(prediction, (mean) => Math.round(mean * trees))).toEqual(rows.map((row) => Math.round((predictLiteral(literal, row)[0] ?? NaN) * trees)));
      }),
      { numRuns: 300 },
    );
  });

  it('predicts the mean of the leaves', async () => {
    await fc.assert(
      fc.asyncProperty(forestCases({ features: anyFeature, classes: 0, depth: 3 }), async (given) => {
        const { literal, rows } = inFloats(given);
        const { prediction } = await run(literal, rows);
        closeTo(prediction, rows.flatMap((row) => predictLiteral(literal, row)));
      }),
    );
  });

  it.each([2, 3])('predicts the probabilities of %d classes and the likeliest of them', async (classes) => {
    await fc.assert(
      fc.asyncProperty(forestCases({ features: anyFeature, classes, depth: 3 }), async (given) => {
        const { literal, rows } = inFloats(given);
        const { probabilities, label } = await run(literal, rows);
        const expected = rows.map((row) => predictLiteral(literal, row));
        closeTo(probabilities, expected.flat());
        expected.forEach((shares, row) => { expect(shares[Number(label[row])]).toBeCloseTo(Math.max(...shares), 5); });
      }),
      { numRuns: 200 },
    );
  });

  it.each([['regression', regressionData()], ['classification', classificationData()]])('predicts as grown forests do: %s', async (_task, tables) => {
    const cases = tables.chain((data) => fc.tuple(fc.constant(data), treeLimits, rowsFor(data)));
    await fc.assert(
      fc.asyncProperty(cases, async ([data, limits, given]) => {
        const { forest } = packTwins(data, { ...limits, nEstimators: 4 });
        fc.pre(forest.classes !== 1);
        const rows = given.map((row) => row.map(Math.fround));
        const columns = columnsOf(rows, forest.features);
        const { prediction, probabilities } = await runForest(forest, rows);
        if (forest.classes === 0) closeTo(prediction, [...predictMeans(forest, columns, rows.length)], Math.max(...forest.leafValues.map(Math.abs)));
        else closeTo(probabilities, [...predictMeans(forest, columns, rows.length)]);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps apart rows beside a threshold that no 32-bit float holds', async () => {
    const cut = 16_777_217;
    const literal = { features: [[cut]], classes: 0, trees: [{ feature: 0, cut: 0, missingLeft: false, left: leaf(1), right: leaf(2) }] };
    expect(Math.fround(cut)).toBeLessThan(cut);
    const { prediction } = await run(literal, [[cut - 1], [cut + 1]]);
    expect([...prediction]).toEqual([1, 2]);
  });

  it('sums five hundred trees as closely as 32-bit floats can', async () => {
    const tree = (index: number): TreeLiteral => ({ feature: 0, cut: index % 5, missingLeft: true, left: leaf(1000 + index / 3), right: leaf(2000 + index / 7) });
    const literal = { features: [[0, 1, 2, 3, 4]], classes: 0, trees: Array.from({ length: 500 }, (_, index) => tree(index)) };
    const rows = [-1, 0.5, 1.5, 2.5, 3.5, 4.5, NaN].map((x) => [x]);
    const { prediction } = await run(literal, rows);
    closeTo(prediction, rows.flatMap((row) => predictLiteral(literal, row)));
  });

  it('predicts the names of the classes where they are given', async () => {
    const literal = { features: [[0]], classes: 2, trees: [{ feature: 0, cut: 0, missingLeft: true, left: leaf([0, 1]), right: leaf([0, 1]) }] };
    const { label } = await run(literal, [[0], [1]], { names: ['größe'], classNames: ['nein', 'ja'] });
    expect(label).toEqual(['ja', 'ja']);
  });

  it('compares with thousands of levels in one split', async () => {
    const levels = 3000;
    const set = Array.from({ length: levels / 2 }, (_, index) => 2 * index);
    const literal = { features: [levels], classes: 0, trees: [{ feature: 0, set, left: leaf(1), right: leaf(2) }] };
    const { prediction } = await run(literal, [[0], [1], [2998], [2999], [NaN]]);
    expect([...prediction]).toEqual([1, 2, 1, 2, 2]);
  });
});

describe('onnxTables', () => {
  it('gives every leaf a vote, which older runtimes insist on', () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 2, 3).chain((classes) => forestCases({ features: anyFeature, classes, depth: 3 })), ({ literal }) => {
        const { nodes, votes } = onnxTables(buildForest(literal));
        const key = (tree: number | undefined, node: number | undefined): string => `${tree}/${node}`;
        const voters = new Set(Array.from(votes.nodeIds, (node, vote) => key(votes.treeIds[vote], node)));
        const leaves = [...nodes.modes.keys()].filter((entry) => nodes.modes[entry] === 0).map((entry) => key(nodes.treeIds[entry], nodes.nodeIds[entry]));
        expect([...voters].sort()).toEqual(leaves.sort());
      }),
    );
  });
});

describe('toOnnx', () => {
  it('refuses names that are not as many as features or classes', () => {
    const forest = buildForest({ features: [[0]], classes: 2, trees: [leaf([1, 0])] });
    expect(() => toOnnx(forest, { names: [] })).toThrow(expect.objectContaining({ code: 'invalid-option', message: 'names: got 0 names, expected 1, as many as features' }));
    expect(() => toOnnx(forest, { classNames: ['a'] })).toThrow(expect.objectContaining({ code: 'invalid-option', message: 'classNames: got 1 names, expected 2, as many as classes' }));
  });

  it('refuses paths that onnxruntime cannot read', () => {
    const set = Array.from({ length: 2050 }, (_, level) => level);
    const below = { feature: 1, set, left: leaf(1), right: leaf(2) };
    const forest = buildForest({ features: [9000, 9000], classes: 0, trees: [leaf(0), { feature: 0, set, left: leaf(3), right: below }] });
    expect(() => toOnnx(forest)).toThrow(expect.objectContaining({ code: 'not-exportable', message: expect.stringContaining('tree 1: got a path of 8200 comparisons') }));
  });

  it('refuses a classifier of a single class', () => {
    expect(() => toOnnx(buildForest({ features: [[0]], classes: 1, trees: [leaf([1])] }))).toThrow(expect.objectContaining({ code: 'not-exportable' }));
  });
});

describe('neighbouring floats', () => {
  const double = fc.double({ noNaN: true });

  it('floorToFloat separates 32-bit floats as the double does', () => {
    fc.assert(
      fc.property(double, fc.float({ noNaN: true }), (x, float) => {
        const floor = floorToFloat(x);
        expect(Math.fround(floor)).toBe(floor);
        expect(float <= floor).toBe(float <= x);
        const nearest = Math.fround(x);
        expect(nearest <= floor).toBe(nearest <= x);
      }),
      { examples: [[-1e-60, 0], [1e-60, 0], [1e39, Infinity], [-1e39, -Infinity], [Infinity, Infinity], [0.1, Math.fround(0.1)]] },
    );
  });

  it('nextUp is the least double above', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), double, (x, y) => {
        expect(nextUp(x)).toBeGreaterThan(x);
        expect(y < nextUp(x)).toBe(y <= x);
      }),
      { examples: [[0, Number.MIN_VALUE], [-0, 0], [-Number.MIN_VALUE, 0], [1, 1 + Number.EPSILON], [-1, -1 + Number.EPSILON / 2]] },
    );
  });
});

function leaf(value: number | readonly number[]): TreeLiteral {
  return { weight: 1, value };
}

interface Outputs {
  readonly prediction: Float32Array;
  readonly probabilities: Float32Array;
  readonly label: readonly (bigint | string)[];
}

async function run(literal: ForestLiteral, rows: ForestCase['rows'], options?: OnnxOptions): Promise<Outputs> {
  return runForest(buildForest(literal), rows, options);
}

async function runForest(forest: FlatForest, rows: ForestCase['rows'], options?: OnnxOptions): Promise<Outputs> {
  // Each of hundreds of sessions would start threads of its own.
  const session = await InferenceSession.create(toOnnx(forest, options), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const { prediction, probabilities, label } = await session.run({ X: new Tensor('float32', Float32Array.from(rows.flat()), [rows.length, forest.features]) });
  await session.release();
  return { prediction: floatsOf(prediction), probabilities: floatsOf(probabilities), label: labelsOf(label) };
}

function floatsOf(tensor: Tensor | undefined): Float32Array {
  return tensor?.data instanceof Float32Array ? tensor.data : new Float32Array();
}

function labelsOf(tensor: Tensor | undefined): (bigint | string)[] {
  if (tensor?.data instanceof BigInt64Array) return [...tensor.data];
  return Array.isArray(tensor?.data) ? tensor.data : [];
}

/** Rows as the model gets them. */
function inFloats({ literal, rows }: ForestCase): ForestCase {
  return { literal, rows: rows.map((row) => row.map(Math.fround)) };
}

/** Leaf i of tree t is worth i × 16^t, so that a sum tells the leaf of each tree. */
function numberLeaves(literal: ForestLiteral): ForestLiteral {
  return { ...literal, trees: literal.trees.map((tree, index) => numbered(tree, 16 ** index, 0)) };
}

function numbered(tree: TreeLiteral, unit: number, first: number): TreeLiteral {
  if ('weight' in tree) return { ...tree, value: first * unit };
  return { ...tree, left: numbered(tree.left, unit, first), right: numbered(tree.right, unit, first + leavesOf(tree.left)) };
}

function leavesOf(tree: TreeLiteral): number {
  return 'weight' in tree ? 1 : leavesOf(tree.left) + leavesOf(tree.right);
}

/** @param summand the largest number that is added up: 32-bit sums are as exact as that allows, also where they come out near 0 */
function closeTo(got: Float32Array, expected: readonly number[], summand = 1): void {
  expect(got.length).toBe(expected.length);
  expected.forEach((value, at) => {
    expect(Math.abs((got[at] ?? NaN) - value), `${got[at]} at ${at}, expected ${value}`).toBeLessThanOrEqual(1e-5 * Math.max(1, summand, Math.abs(value)));
  });
}
