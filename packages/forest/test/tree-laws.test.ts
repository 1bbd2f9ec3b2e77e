import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ForestOptions } from '../src/options.ts';
import { TwinGrower } from '../src/twin/twin-grower.ts';
import { describeTree } from './describe-tree.ts';
import { growPlainTwin, growTwins, prepare } from './grow-twin.ts';
import type { TreeData } from './grow-twin.ts';
import { classificationData, regressionData, treeLimits } from './tree-arbitraries.ts';

type WeightedData = TreeData & { readonly weights: Float64Array };

const anyData: fc.Arbitrary<WeightedData> = fc.oneof(regressionData(), classificationData());
const drawing: fc.Arbitrary<ForestOptions> = fc.constantFrom({}, { maxFeatures: 'sqrt' as const }, { splitter: 'random' as const });

/** The rows in the order that `rows` says, or some of them, or some more than once. */
function selectRows({ columns, target, weights, ...others }: WeightedData, rows: readonly number[]): WeightedData {
  const select = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row] ?? NaN);
  return { ...others, columns: columns.map(select), target: select(target), weights: select(weights) };
}

describe('laws of every tree', () => {
  it('a row of weight k counts as k rows of weight 1, a row of weight 0 as none', () => {
    fc.assert(
      fc.property(anyData, fc.nat(), (data, seed) => {
        const copies = selectRows(data, [...data.weights].flatMap((weight, row) => new Array<number>(weight).fill(row)));
        const single = { ...copies, weights: copies.weights.map(() => 1) };
        expect(describeTree(growPlainTwin(data, { seed }))).toEqual(describeTree(growPlainTwin(single, { seed })));
      }),
      { numRuns: 500 },
    );
  });

  it('a row of weight 0 changes nothing, wherever it stands and whatever the limits', () => {
    fc.assert(
      fc.property(anyData, treeLimits, drawing, (data, limits, options) => {
        const kept = selectRows(data, [...data.weights.keys()].filter((row) => data.weights[row] !== 0));
        const [all] = growTwins(data, { ...limits, ...options }, 1);
        const [some] = growTwins(kept, { ...limits, ...options }, 1);
        expect(all?.tree).toEqual(some?.tree);
      }),
      { numRuns: 300 },
    );
  });

  it('the order of values is all that counts: a monotone transform leaves every byte as it is', () => {
    const steps = fc.array(fc.oneof(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.constant(1)), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(anyData, treeLimits, drawing, steps, (data, limits, options, gaps) => {
        const columns = data.columns.map((column, feature) => (data.categoricalFeatures?.includes(feature) ? column : stretch(column, gaps)));
        const before = growTwins(data, { ...limits, ...options }, 2);
        const after = growTwins({ ...data, columns }, { ...limits, ...options }, 2);
        expect(after.map(({ tree }) => tree)).toEqual(before.map(({ tree }) => tree));
      }),
      { numRuns: 300 },
    );
  });

  it('the order of rows does not count where all are taken', () => {
    fc.assert(
      fc.property(anyData, treeLimits, drawing, fc.nat(), (data, limits, options, turn) => {
        const rows = data.target.length;
        const turned = Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? rows - 1 - row : row)).map((row) => (row + turn) % rows);
        const shuffled = selectRows(data, [...new Set([...turned, ...data.target.keys()])]);
        expect(shuffled.target).toHaveLength(rows);
        expect(growPlainTwin(shuffled, { ...limits, ...options }).tree).toEqual(growPlainTwin(data, { ...limits, ...options }).tree);
      }),
      { numRuns: 300 },
    );
  });

  it('depends on its number and not on the trees grown before it', () => {
    fc.assert(
      fc.property(anyData, treeLimits, drawing, (data, limits, options) => {
        const { set, settings } = prepare(data, { ...limits, ...options });
        const alone = [0, 1, 2].map((tree) => new TwinGrower(set, settings).grow(tree));
        expect(growTwins(data, { ...limits, ...options }, 3).map(({ tree }) => tree)).toEqual(alone);
      }),
      { numRuns: 100 },
    );
  });

  it('two classes mirrored give the same tree with the classes exchanged, by Gini impurity and by entropy', () => {
    const twoClasses = classificationData().filter(({ classCount }) => classCount === 2);
    fc.assert(
      fc.property(twoClasses, treeLimits, fc.constantFrom('gini' as const, 'entropy' as const), (data, limits, criterion) => {
        // A tie of two classes makes class 0 the one that levels are ordered by: their sets would be mirrored as well.
        const numeric = { ...data, columns: data.columns.filter((_, feature) => !data.categoricalFeatures?.includes(feature)), categoricalFeatures: [] };
        if (numeric.columns.length === 0) return;
        const mirrored = { ...numeric, target: data.target.map((label) => 1 - label) };
        const { nodes } = growPlainTwin(numeric, { ...limits, criterion }).tree;
        const links = nodes.filter((_, word) => word % 2 === 1);
        expect(growPlainTwin(mirrored, { ...limits, criterion }).tree.nodes.filter((_, word) => word % 2 === 1)).toEqual(links);
      }),
      { numRuns: 200 },
    );
  });
});

/** Gives the distinct values new ones in the same order: sums of the gaps. */
function stretch(column: Float64Array, gaps: readonly number[]): Float64Array {
  const values = Float64Array.from(new Set(column)).filter((value) => !Number.isNaN(value)).sort();
  const stretched = new Map<number, number>();
  let at = -1e6;
  values.forEach((value, rank) => stretched.set(value, (at += gaps[rank] ?? 1)));
  return column.map((value) => stretched.get(value) ?? NaN);
}
