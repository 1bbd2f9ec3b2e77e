import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../src/random.ts';
import { TwinGrower } from '../src/twin/twin-grower.ts';
import { decodeTree } from './decode-tree.ts';
import type { DecodedNode, DecodedSplit } from './decode-tree.ts';
import { growPlainTwin, growTwins, prepare } from './grow-twin.ts';
import type { GrownByTwin, TreeData } from './grow-twin.ts';
import { expectSoundTree } from './invariants.ts';
import { walkTree } from './walk-tree.ts';

function nodesOf({ tree, set }: GrownByTwin): DecodedNode[] {
  return decodeTree(tree, set);
}

function rootOf(grown: GrownByTwin): DecodedSplit {
  const [root] = nodesOf(grown);
  if (root === undefined || root.kind === 'leaf') throw new Error('the tree is a single leaf');
  return root;
}

/** How often each of `size` numbers occurs. */
function tally(numbers: readonly number[], size: number): number[] {
  return Array.from({ length: size }, (_, number) => numbers.filter((other) => other === number).length);
}

describe('ties', () => {
  const random = new RandomStream(5, 0);
  const column = Float64Array.from({ length: 60 }, () => random.below(1000));
  const target = column.map((value) => value + random.below(300));

  it('between identical features are broken in all ways, at the root and below', () => {
    const grown = growTwins({ columns: [column, column, column], target }, {}, 60);
    const atRoots = tally(grown.map((each) => rootOf(each).feature), 3);
    const below = tally(grown.flatMap((each) => nodesOf(each).flatMap((node) => (node.kind === 'leaf' ? [] : [node.feature]))), 3);
    expect(Math.min(...atRoots)).toBeGreaterThan(8);
    expect(Math.min(...below)).toBeGreaterThan(0.9 * below.reduce((sum, count) => sum + count / 3, 0));
  });

  it('between features that divide the rows alike by other values are broken as well', () => {
    const mirrored = column.map((value) => -value);
    const roots = growTwins({ columns: [column, mirrored], target }, {}, 60).map((grown) => rootOf(grown).feature);
    expect(Math.min(...tally(roots, 2))).toBeGreaterThan(15);
  });

  it.each(['gini', 'entropy'] as const)('are broken for classes, too: %s', (criterion) => {
    const classes = { columns: [column, column.map((value) => 1000 - value)], target: target.map((value) => (value > 600 ? 1 : 0)), classCount: 2 };
    const roots = growTwins(classes, { criterion, maxFeatures: 1 }, 60).map((grown) => rootOf(grown).feature);
    expect(Math.min(...tally(roots, 2))).toBeGreaterThan(15);
  });

  it('are seen through the noise of rounding: features that divide the rows alike, from either end, are tied everywhere', () => {
    for (let seed = 0; seed < 20; seed++) {
      const stream = new RandomStream(seed, 0);
      // An odd number of rows: products with it do not fit into a double.
      const values = Float64Array.from({ length: 61 }, (_, row) => row);
      const noisy = values.map((value) => value / 3 + Math.sqrt(stream.below(1000)));
      const grown = growTwins({ columns: [values, values.map((value) => -value)], target: noisy }, { bootstrap: false }, 12);
      expect(new Set(grown.map((each) => rootOf(each).feature)).size).toBe(2);
    }
  });

  it('of one feature go to the lowest threshold, missing values to the right', () => {
    expect(rootOf(growPlainTwin({ columns: [Float64Array.of(0, 1, 2)], target: Float64Array.of(0, 4, 0) })).word).toBe(0);
    const columns = [Float64Array.of(0, 1, NaN)];
    expect(rootOf(growPlainTwin({ columns, target: Float64Array.of(0, 4, 2) }))).toMatchObject({ word: 0, missingGoesLeft: false });
  });

  it('leave a better feature alone, however little better it is', () => {
    const worse = column.map((value, row) => (row === 0 ? value + 1e6 : value));
    const roots = growTwins({ columns: [worse, column], target: column }, { bootstrap: false }, 20).map((grown) => rootOf(grown).feature);
    expect(new Set(roots).size).toBe(1);
  });
});

describe('drawn features', () => {
  const constant = new Float64Array(60);
  const signal = constant.map((_, row) => row);
  const random = new RandomStream(3, 0);
  const weak = constant.map(() => random.below(1000));

  it('are drawn on until one varies', () => {
    const columns = [...new Array<Float64Array>(9).fill(constant), signal];
    for (const grown of growTwins({ columns, target: signal }, { maxFeatures: 'sqrt', bootstrap: false }, 5)) {
      expect(nodesOf(grown)).toHaveLength(2 * signal.length - 1);
    }
  });

  it('count where they are constant, as in scikit-learn', () => {
    const columns = [...new Array<Float64Array>(8).fill(constant), weak, signal];
    const roots = growTwins({ columns, target: signal }, { maxFeatures: 'sqrt', bootstrap: false, maxDepth: 1 }, 600).map((grown) => rootOf(grown).feature);
    // Of three draws out of ten one is the signal: 0.3. None varies: 8/10 · 7/9 · 6/8, and then the signal is first in half of the cases.
    const expected = 600 * (0.3 + 0.5 * (8 / 10) * (7 / 9) * (6 / 8));
    expect(Math.abs((tally(roots, 10)[9] ?? 0) - expected)).toBeLessThan(60);
  });
});

describe('targets far from the middle of all and close to each other', () => {
  it('are divided as well as can be, to a step of the grid', () => {
    const targets = fc.array(fc.tuple(fc.constantFrom(-1e6, 1e6), fc.nat(6)), { minLength: 20, maxLength: 60, size: 'max' });
    fc.assert(
      fc.property(targets, (pairs) => {
        const target = Float64Array.from(pairs, ([center, steps]) => center + steps * 2 ** -25);
        const far = Float64Array.from(pairs, ([center]) => center);
        const near = Float64Array.from(pairs.keys());
        const grown = growPlainTwin({ columns: [far, near], target });
        for (const { rows, node, left } of walkTree(grown)) {
          if (node.kind !== 'leaf' && node.feature === 1) expectLeastSquares(grown, rows, left?.rows.length ?? 0);
        }
      }),
      { numRuns: 300 },
    );
  });

  /** In whole numbers of any size: no split of the rows, in their order, takes more off the sum of squares. */
  function expectLeastSquares({ set }: GrownByTwin, rows: readonly number[], onLeft: number): void {
    const size = BigInt(rows.length);
    const sumOf = (some: readonly number[]): bigint => some.reduce((sum, row) => sum + BigInt(set.sums[row] ?? 0), 0n);
    const sum = sumOf(rows);
    const scores = rows.slice(1).map((_, index) => {
      const count = BigInt(index + 1);
      const difference = size * sumOf(rows.slice(0, index + 1)) - sum * count;
      return Number((2n ** 40n * difference * difference) / (count * (size - count)));
    });
    expect(scores[onLeft - 1]).toBeGreaterThanOrEqual(Math.max(...scores) * (1 - 1e-9));
  }
});

describe('splits that take nothing away by themselves', () => {
  it('are made, so that an exclusive or is found', () => {
    const columns = [Float64Array.of(0, 0, 1, 1), Float64Array.of(0, 1, 0, 1)];
    const grown = growPlainTwin({ columns, target: Float64Array.of(0, 1, 1, 0) });
    expect(nodesOf(grown).filter(({ kind }) => kind === 'leaf')).toHaveLength(4);
    expect(grown.tree.mixed).toHaveLength(0);
  });

  it.each(['gini', 'entropy'] as const)('count for nothing among the importances: %s', (criterion) => {
    const columns = [Float64Array.of(0, 0, 0, 1, 1, 1, 1, 1, 1)];
    const target = Float64Array.of(0, 1, 2, 0, 0, 1, 1, 2, 2);
    const grown = growPlainTwin({ columns, target, classCount: 3 }, { criterion });
    expect(nodesOf(grown)).toHaveLength(3);
    expect([...grown.tree.importances]).toEqual([0]);
  });
});

describe('the leaf that is split next, where their number is limited', () => {
  it('is the earliest of equally good ones', () => {
    const columns = [Float64Array.of(0, 1, 2, 3)];
    const grown = growPlainTwin({ columns, target: Float64Array.of(0, 1, 100, 101) }, { maxLeafNodes: 3 });
    expect(nodesOf(grown).map(({ kind }) => kind)).toEqual(['numeric', 'numeric', 'leaf', 'leaf', 'leaf']);
  });
});

describe('missing values', () => {
  it('go to the side that they belong to, whichever it is', () => {
    const columns = [Float64Array.of(1, 2, 3, 4, NaN, NaN)];
    expect(rootOf(growPlainTwin({ columns, target: Float64Array.of(0, 0, 9, 9, 0, 0) })).missingGoesLeft).toBe(true);
    expect(rootOf(growPlainTwin({ columns, target: Float64Array.of(0, 0, 9, 9, 9, 9) })).missingGoesLeft).toBe(false);
  });

  it('are told from all others where being missing is what matters', () => {
    const grown = growPlainTwin({ columns: [Float64Array.of(3, NaN, 1, NaN, 2)], target: Float64Array.of(5, 7, 5, 7, 5) });
    expect(nodesOf(grown)).toHaveLength(3);
    expect(rootOf(grown)).toMatchObject({ word: 2, missingGoesLeft: false });
  });

  it('go with the majority where the tree has seen none', () => {
    const columns = [Float64Array.of(1, 2, 3, 4, 5)];
    expect(rootOf(growPlainTwin({ columns, target: Float64Array.of(0, 0, 0, 1, 1) })).missingGoesLeft).toBe(true);
    expect(rootOf(growPlainTwin({ columns, target: Float64Array.of(0, 0, 1, 1, 1) })).missingGoesLeft).toBe(false);
    expect(rootOf(growPlainTwin({ columns: [Float64Array.of(1, 2, 3, 4)], target: Float64Array.of(0, 0, 1, 1) })).missingGoesLeft).toBe(false);
  });
});

describe('thresholds', () => {
  it('lie halfway in rank between the values of a node, wherever the values are', () => {
    // The second feature comes first; below it, on the left, the first one has the ranks 0, 1, 5 and 6.
    const columns = [Float64Array.of(0, 1, 2, 3, 4, 5, 60), Float64Array.of(0, 0, 1, 1, 1, 0, 0)];
    const nodes = nodesOf(growPlainTwin({ columns, target: Float64Array.of(0, 0, 90, 90, 90, 8, 8) }));
    expect(nodes).toMatchObject([{ feature: 1, word: 0 }, { feature: 0, word: 2 }, { kind: 'leaf' }, { kind: 'leaf' }, { kind: 'leaf' }]);
  });
});

describe('categories', () => {
  const levels = 40;
  /** Every third level has the high target: no threshold divides them. */
  const data: TreeData = {
    columns: [Float64Array.from({ length: 3 * levels }, (_, row) => row % levels)],
    target: Float64Array.from({ length: 3 * levels }, (_, row) => ((row % levels) % 3 === 0 ? 7 : -1)),
    categoricalFeatures: [0],
  };

  it('are divided by one set, over several words', () => {
    const grown = growPlainTwin(data);
    expectSoundTree(grown);
    expect(nodesOf(grown)).toHaveLength(3);
    const expected = [0, 0];
    // The targets ascend from left to right; level 40, which stands for missing values, goes with the larger side.
    for (let level = 0; level <= levels; level++) {
      if (level % 3 !== 0 || level === levels) expected[level >>> 5] = ((expected[level >>> 5] ?? 0) | (1 << (level & 31))) >>> 0;
    }
    expect([...grown.tree.sets]).toEqual(expected);
  });

  it.each(['gini', 'entropy'] as const)('are put in order by the most frequent class, the first of several: %s', (criterion) => {
    const columns = [Float64Array.of(0, 1, 2, 0, 2, 2)];
    const many = growPlainTwin({ columns, target: Float64Array.of(2, 1, 2, 2, 2, 2), classCount: 3, categoricalFeatures: [0] }, { criterion });
    expect(nodesOf(many)).toHaveLength(3);
    const even = growPlainTwin({ columns: [Float64Array.of(0, 1)], target: Float64Array.of(0, 1), classCount: 2, categoricalFeatures: [0] }, { criterion });
    // Level 1, with less of class 0, is on the left.
    expect([...even.tree.sets]).toEqual([1 << 1]);
  });

  it('give missing values a bit of their own, also where it begins a word', () => {
    const column = Float64Array.from({ length: 66 }, (_, row) => (row % 33 === 32 ? NaN : row % 33));
    const target = column.map((level) => (Number.isNaN(level) || level === 5 ? 1 : 0));
    const grown = growPlainTwin({ columns: [column], target, classCount: 2, categoricalFeatures: [0] });
    expectSoundTree(grown);
    expect(nodesOf(grown)).toHaveLength(3);
    expect(grown.tree.sets).toHaveLength(2);
    expect([...grown.tree.sets]).toEqual([1 << 5, 1]);
  });
});

describe('drawn splits', () => {
  it('fall on every cut between the smallest and the largest value alike, and send missing values either way', () => {
    const column = Float64Array.from({ length: 44 }, (_, row) => (row % 11 === 10 ? NaN : row % 11));
    const target = Float64Array.from({ length: 44 }, (_, row) => row);
    const roots = growTwins({ columns: [column], target }, { splitter: 'random', bootstrap: false, maxDepth: 1 }, 900).map(rootOf);
    const cuts = tally(roots.map(({ word }) => word), 9);
    expect(cuts.reduce((sum, count) => sum + count, 0)).toBe(900);
    // 100 each, with a standard deviation of 9.4.
    expect(Math.min(...cuts)).toBeGreaterThan(55);
    expect(Math.max(...cuts)).toBeLessThan(145);
    const left = roots.filter(({ missingGoesLeft }) => missingGoesLeft).length;
    expect(Math.abs(left - 450)).toBeLessThan(75);
  });

  it('fall between the values of their node where it is not the root', () => {
    const half = Float64Array.from({ length: 40 }, (_, row) => Number(row >= 20));
    const columns = [half, half.map((side, row) => 5 * side + (row % 5))];
    const target = half.map((side, row) => 1000 * side + (row % 5));
    const cuts = growTwins({ columns, target }, { splitter: 'random', bootstrap: false, maxDepth: 2 }, 400).map((grown) => {
      const nodes = nodesOf(grown);
      const right = nodes[rootOf(grown).right];
      return right === undefined || right.kind === 'leaf' ? NaN : right.word;
    });
    // 5 to 8, 100 each, with a standard deviation of 8.7.
    expect(Math.min(...tally(cuts, 9).slice(5))).toBeGreaterThan(60);
  });

  it('put any number of levels on the left', () => {
    const column = Float64Array.from({ length: 18 }, (_, row) => row % 6);
    const data = { columns: [column], target: column, categoricalFeatures: [0] };
    const grown = growTwins(data, { splitter: 'random', bootstrap: false, maxDepth: 1 }, 500);
    const onLeft = grown.map(({ tree }) => [0, 1, 2, 3, 4, 5].filter((level) => ((tree.sets[0] ?? 0) >>> level) & 1).length);
    // 1 to 5 levels, 100 times each, with a standard deviation of 8.9.
    expect(Math.min(...tally(onLeft, 6).slice(1))).toBeGreaterThan(60);
  });

  it('are judged with missing values on the side that was drawn for them', () => {
    const columns = [Float64Array.of(0, 0, 1, 1, NaN, NaN), Float64Array.of(0, 0, 1, 1, 0, 1)];
    const target = Float64Array.of(0, 0, 9, 9, 0, 0);
    const roots = growTwins({ columns, target }, { splitter: 'random', bootstrap: false, maxDepth: 1 }, 300).map(rootOf);
    // The first feature removes 108 with missing values on the left, 27 with them on the right; the second one 54.
    const first = roots.filter(({ feature }) => feature === 0);
    expect(first.every(({ missingGoesLeft }) => missingGoesLeft)).toBe(true);
    expect(Math.abs(first.length - 150)).toBeLessThan(45);
  });

  it('are the better ones of several features', () => {
    const random = new RandomStream(8, 0);
    const noise = Float64Array.from({ length: 50 }, () => random.below(100));
    const signal = Float64Array.from({ length: 50 }, (_, row) => row);
    const roots = growTwins({ columns: [noise, signal], target: signal }, { splitter: 'random', bootstrap: false, maxDepth: 1 }, 100).map(rootOf);
    expect(tally(roots.map(({ feature }) => feature), 2)[1]).toBeGreaterThan(75);
  });
});

describe('a tree too large for its words', () => {
  it('is refused with what would make it smaller', () => {
    const rows = 20_000;
    const column = Float64Array.from({ length: rows }, (_, row) => row);
    // The last row goes right at the root; its distance is one more than the size of all the rest.
    const target = column.map((value) => (value === rows - 1 ? 1e9 : value));
    const { set, settings } = prepare({ columns: [column], target }, { bootstrap: false });
    const [feature] = set.features;
    if (feature === undefined) throw new Error('no feature');
    const wide = { ...set, features: new Array<typeof feature>(65_535).fill(feature) };
    const grower = new TwinGrower(wide, { ...settings, maxFeatures: 1 });
    expect(() => grower.grow(0)).toThrow(expect.objectContaining({ code: 'too-large', message: expect.stringContaining('got 39998, allowed: up to 32767') }));
  });
});
