/** Random data for single trees: everything that a tree must cope with, small enough for an exhaustive search. */
import fc from 'fast-check';
import type { TreeData } from './grow-twin.ts';

/** Kinds of columns; levels have no order. */
const KINDS = {
  tied: fc.integer({ min: -2, max: 2 }),
  wide: fc.integer({ min: -1e6, max: 1e6 }).map((value) => value / 64),
  gaps: fc.oneof(fc.constant(NaN), fc.integer({ min: 0, max: 4 })),
  constant: fc.constant(7),
  constantWithGaps: fc.constantFrom(NaN, 7),
  missing: fc.constant(NaN),
  levels: fc.constantFrom(0, 1, 2, 4),
  levelsWithGaps: fc.constantFrom(0, 2, 3, 40, NaN),
} as const;

const kindNames = fc.constantFrom<(keyof typeof KINDS)[]>(
  ...['tied', 'tied', 'wide', 'gaps', 'gaps', 'constant', 'constantWithGaps', 'missing', 'levels', 'levelsWithGaps'] as const,
);

function numbers(rows: number, values: fc.Arbitrary<number>): fc.Arbitrary<Float64Array> {
  return fc.array(values, { minLength: rows, maxLength: rows }).map((list) => Float64Array.from(list));
}

/** Whole numbers from `least` to 3, one of them above 0. */
function weightsFrom(least: number, rows: number): fc.Arbitrary<Float64Array> {
  return numbers(rows, fc.integer({ min: least, max: 3 })).filter((weights) => weights.some((weight) => weight > 0));
}

type Outcome = Pick<TreeData, 'target' | 'classCount'>;
type WeightedData = TreeData & { readonly weights: Float64Array };

/** Columns of all kinds, 1 to 4 of them, with a weight from 0 to 3 for each row. */
function tablesWith(target: (rows: number) => fc.Arbitrary<Outcome>, mostRows: number): fc.Arbitrary<WeightedData> {
  return fc
    .record({ rows: fc.integer({ min: 1, max: mostRows }), kinds: fc.array(kindNames, { minLength: 1, maxLength: 4 }) })
    .chain(({ rows, kinds }) =>
      fc
        .record({ columns: fc.tuple(...kinds.map((kind) => numbers(rows, KINDS[kind]))), weights: weightsFrom(0, rows), outcome: target(rows) })
        .map(({ columns, weights, outcome }) => ({
          columns,
          weights,
          ...outcome,
          categoricalFeatures: [...kinds.keys()].filter((feature) => kinds[feature]?.startsWith('levels')),
        })));
}

/** Numbers to predict, often tied. */
export const regressionData = (mostRows = 24): fc.Arbitrary<WeightedData> =>
  tablesWith((rows) => fc.oneof(numbers(rows, KINDS.tied), numbers(rows, KINDS.wide)).map((target) => ({ target })), mostRows);

/** Classes to predict, up to four; not every one need occur. */
export const classificationData = (mostRows = 24): fc.Arbitrary<WeightedData> =>
  tablesWith(
    (rows) => fc.integer({ min: 1, max: 4 }).chain((classCount) => numbers(rows, fc.nat(classCount - 1)).map((target) => ({ target, classCount }))),
    mostRows,
  );

/** Limits on growth, often none. */
export const treeLimits = fc.record({
  maxDepth: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  maxLeafNodes: fc.option(fc.integer({ min: 2, max: 8 }), { nil: undefined, freq: 2 }),
  minSamplesSplit: fc.integer({ min: 2, max: 6 }),
  minSamplesLeaf: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 4 })),
  minImpurityDecrease: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.double({ min: 0, max: 0.3, noNaN: true }) }),
  seed: fc.nat(),
});
