import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contributions } from '../src/contributions.ts';
import { ForestError } from '../src/errors.ts';
import { gaussLegendre } from '../src/gauss-legendre.ts';
import { predictMeans } from '../src/predict.ts';
import { buildForest, goesLeft, predictLiteral, weightOf } from './build-forest.ts';
import type { ForestLiteral, TreeLiteral } from './build-forest.ts';
import { anyFeature, columnsOf, forestCases } from './forest-literals.ts';
import { columnsOf as rowsToColumns, packTwins, rowsFor } from './pack-twins.ts';
import { synthesize } from './synthetic.ts';
import { classificationData, regressionData, treeLimits } from './tree-arbitraries.ts';

type Row = readonly number[];

describe.each([['regression', 0], ['two classes', 2], ['three classes', 3]])('contributions: %s', (_task, classes) => {
  const cases = forestCases({ features: anyFeature, classes, depth: 5 });

  it('are the Shapley values that the definition gives', () => {
    fc.assert(
      fc.property(cases, ({ literal, rows }) => {
        const got = contributions(buildForest(literal), columnsOf({ literal, rows }));
        closeTo(got, rows.flatMap((row) => shapleyValues(literal, row)));
      }),
      { numRuns: 300 },
    );
  });

  it('add up to the prediction', () => {
    fc.assert(
      fc.property(cases, ({ literal, rows }) => {
        const got = contributions(buildForest(literal), columnsOf({ literal, rows }));
        const places = literal.features.length + 1;
        const sums = Array.from({ length: got.length / places }, (_, at) => sum(got.subarray(at * places, (at + 1) * places)));
        closeTo(sums, rows.flatMap((row) => predictLiteral(literal, row)));
      }),
    );
  });
});

describe('contributions of grown forests', () => {
  it.each([['regression', regressionData()], ['classification', classificationData()]])('add up to the predictions, within 1e-9: %s', (_task, tables) => {
    const cases = tables.chain((data) => fc.tuple(fc.constant(data), treeLimits, rowsFor(data)));
    fc.assert(
      fc.property(cases, ([data, limits, rows]) => {
        const { forest } = packTwins(data, { ...limits, nEstimators: 3, nodeWeights: true });
        const columns = rowsToColumns(rows, forest.features);
        const places = forest.features + 1;
        const got = contributions(forest, columns);
        const predicted = predictMeans(forest, columns, rows.length);
        closeTo(Array.from(predicted, (_, at) => sum(got.subarray(at * places, (at + 1) * places))), [...predicted]);
      }),
      { numRuns: 200 },
    );
  });

  it('start from the mean over each tree\'s sample', () => {
    const data = synthesize(200, 5);
    const { forest } = packTwins(data, { nEstimators: 1, bootstrap: false, nodeWeights: true });
    const got = contributions(forest, data.columns.map((column) => column.slice(0, 1)));
    closeTo([got[data.columns.length] ?? NaN], [sum(data.target) / data.target.length]);
  });
});

describe('contributions', () => {
  it.each([[20, 20], [60, 60], [60, 7]])('handle paths of %d splits by %d features', (splits, count) => {
    const features = Array.from({ length: count }, () => [0]);
    const literal = { features, classes: 0, trees: [staircase(0, splits, count)] };
    for (const taken of [1, 3, 61]) {
      const row = features.map((_, feature) => (feature % taken === 0 ? 1 : -1));
      closeTo(contributions(buildForest(literal), columnsOf({ literal, rows: [row] })), shapleyByLeaves(literal, row));
    }
  });

  it('are the same for many rows as for each row alone', () => {
    const literal: ForestLiteral = { features: [[0, 1], 3], classes: 0, trees: [{ feature: 1, set: [0, 3], left: staircase(0, 2, 1), right: staircase(1, 3, 1) }] };
    const few = Array.from({ length: 60 }, (_, index) => [index % 3 === 0 ? NaN : (index % 5) - 2, index % 4]);
    const rows = Array.from({ length: 200 }, () => few).flat();
    const alone = few.flatMap((row) => [...contributions(buildForest(literal), columnsOf({ literal, rows: [row] }))]);
    const together = contributions(buildForest(literal), columnsOf({ literal, rows }));
    expect(together).toEqual(Float64Array.from(Array.from({ length: 200 }, () => alone).flat()));
  });

  it('of a single leaf are nothing but its value', () => {
    const literal = { features: [[0]], classes: 0, trees: [{ weight: 3, value: 7.5 }] };
    expect(contributions(buildForest(literal), [Float64Array.of(1, NaN)])).toEqual(Float64Array.of(0, 7.5, 0, 7.5));
  });

  it('need the weights of the nodes', () => {
    const forest = { ...buildForest({ features: [[0]], classes: 0, trees: [{ weight: 1, value: 1 }] }), nodeWeights: undefined };
    expect(() => contributions(forest, [Float64Array.of(1)])).toThrow(
      expect.objectContaining({ name: ForestError.name, code: 'not-kept', message: expect.stringContaining('nodeWeights: true') }),
    );
  });
});

describe('gaussLegendre', () => {
  it('integrates polynomials up to degree 2n − 1', () => {
    for (let count = 1; count <= 40; count++) {
      const { points, weights } = gaussLegendre(count);
      for (let degree = 0; degree < 2 * count; degree++) {
        expect(sum(weights.map((weight, at) => weight * (points[at] ?? NaN) ** degree))).toBeCloseTo(1 / (degree + 1), 13);
      }
    }
  });
});

/** A tree that is all right spine: its splits ask for each of `count` features in turn. */
function staircase(depth: number, splits: number, count: number): TreeLiteral {
  const leaf = { weight: 1 + (depth % 4), value: depth * depth - 7 };
  if (depth === splits) return leaf;
  return { feature: depth % count, cut: 0, missingLeft: false, left: leaf, right: staircase(depth + 1, splits, count) };
}

/** Shapley values by their definition: rows' outputs × (features + 1). */
function shapleyValues(literal: ForestLiteral, row: Row): number[] {
  const players = literal.features.length;
  const worths = Array.from({ length: 2 ** players }, (_, known) => worth(literal, row, known));
  return (worths[0] ?? []).flatMap((base, output) => {
    const value = (known: number): number => worths[known]?.[output] ?? NaN;
    return [...literal.features.keys().map((feature) => shapleyValue(feature, players, value)), base];
  });
}

function shapleyValue(player: number, players: number, value: (known: number) => number): number {
  const coalitions = Array.from({ length: 2 ** players }, (_, known) => known).filter((known) => (known & (1 << player)) === 0);
  return sum(coalitions.map((known) => {
    const size = known.toString(2).replaceAll('0', '').length;
    return ((factorial(size) * factorial(players - size - 1)) / factorial(players)) * (value(known | (1 << player)) - value(known));
  }));
}

/** The forest's mean prediction when only the features in the bits of `known` are known. */
function worth(literal: ForestLiteral, row: Row, known: number): number[] {
  const means = literal.trees.map((tree) => meanOf(literal, tree, row, (feature) => (known & (1 << feature)) !== 0));
  return (means[0] ?? []).map((_, output) => sum(means.map((mean) => mean[output] ?? NaN)) / means.length);
}

function meanOf(literal: ForestLiteral, tree: TreeLiteral, row: Row, isKnown: (feature: number) => boolean): readonly number[] {
  if ('weight' in tree) return typeof tree.value === 'number' ? [tree.value] : tree.value;
  if (isKnown(tree.feature)) return meanOf(literal, goesLeft(literal, tree, row) ? tree.left : tree.right, row, isKnown);
  const left = meanOf(literal, tree.left, row, isKnown);
  const right = meanOf(literal, tree.right, row, isKnown);
  const share = weightOf(tree.left) / weightOf(tree);
  return left.map((value, output) => share * value + (1 - share) * (right[output] ?? NaN));
}

/**
 * The same leaf by leaf, for trees of many features: what a leaf gives to coalitions of each size is a coefficient of the
 * product of (z_j + o_j y) over the other features of its path.
 */
function shapleyByLeaves(literal: ForestLiteral, row: Row): number[] {
  const values = [...literal.features.map(() => 0), 0];
  for (const tree of literal.trees) addLeaves(literal, tree, row, new Map(), values);
  return values.map((value) => value / literal.trees.length);
}

interface Step { readonly z: number; readonly o: number }

function addLeaves(literal: ForestLiteral, tree: TreeLiteral, row: Row, path: ReadonlyMap<number, Step>, values: number[]): void {
  if (!('weight' in tree)) {
    const { z, o } = path.get(tree.feature) ?? { z: 1, o: 1 };
    for (const [child, rowGoes] of [[tree.left, goesLeft(literal, tree, row)], [tree.right, !goesLeft(literal, tree, row)]] as const) {
      const step = { z: (z * weightOf(child)) / weightOf(tree), o: rowGoes ? o : 0 };
      addLeaves(literal, child, row, new Map(path).set(tree.feature, step), values);
    }
    return;
  }
  const value = Number(tree.value);
  for (const [feature, { z, o }] of path) {
    const others = [...path].filter(([other]) => other !== feature).map(([, step]) => step);
    const worth = sum(coefficients(others).map((coefficient, size) => coefficient / ((size + 1) * binomial(path.size, size + 1))));
    values[feature] = (values[feature] ?? NaN) + value * (o - z) * worth;
  }
  values[literal.features.length] = (values[literal.features.length] ?? NaN) + value * path.values().reduce((product, { z }) => product * z, 1);
}

/** Of the product of (z + o y), by powers of y. */
function coefficients(steps: readonly Step[]): number[] {
  return steps.reduce<number[]>((product, { z, o }) => [...product, 0].map((same, power) => z * same + o * (product[power - 1] ?? 0)), [1]);
}

function binomial(n: number, k: number): number {
  return k === 0 ? 1 : (binomial(n - 1, k - 1) * n) / k;
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function closeTo(got: ArrayLike<number>, expected: readonly number[]): void {
  expect(got.length).toBe(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  expected.forEach((value, at) => {
    expect(Math.abs((got[at] ?? NaN) - value), `${got[at]} at ${at}, expected ${value}`).toBeLessThan(1e-11 * scale);
  });
}
