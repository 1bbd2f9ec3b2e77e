import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileKernel } from '../scripts/compile-kernel.ts';
import type { GrownTree } from '../src/grown-tree.ts';
import { createGrower, prepareGrowth } from '../src/growers.ts';
import type { ForestOptions } from '../src/options.ts';
import { prepare } from './grow-twin.ts';
import type { TreeData } from './grow-twin.ts';
import { synthesize } from './synthetic.ts';
import { classificationData, regressionData, treeLimits } from './tree-arbitraries.ts';

const TREES = [0, 1, 2];

/** Some trees as the kernel grows them, and as its twin does. */
async function growBoth(data: TreeData, options: ForestOptions): Promise<readonly [GrownTree[], GrownTree[]]> {
  const { set, settings } = prepare(data, options);
  const kernel = await createGrower(prepareGrowth(set, 'wasm', [settings], 1), settings, 0);
  const twin = await createGrower(prepareGrowth(set, 'typescript', [settings], 1), settings, 0);
  return [TREES.map((tree) => kernel.grow(tree)), TREES.map((tree) => twin.grow(tree))];
}

async function expectEqual(data: TreeData, options: ForestOptions): Promise<void> {
  const [kernel, twin] = await growBoth(data, options);
  expect(kernel).toEqual(twin);
}

const variants = [
  ['variance', regressionData, {}],
  ['Gini impurity', classificationData, { criterion: 'gini' }],
  ['entropy', classificationData, { criterion: 'entropy' }],
] as const;

const growth = fc.record({
  splitter: fc.constantFrom('best', 'best', 'random'),
  maxFeatures: fc.constantFrom<(1 | 'sqrt' | 0.5)[]>(1, 1, 'sqrt', 0.5),
  bootstrap: fc.constantFrom(true, true, false),
  maxBins: fc.constantFrom(undefined, undefined, 3),
});

describe('the kernel gives the bytes of its readable twin', () => {
  it.each(variants)('on small data of every kind: %s', async (_name, dataOf, criterion) => {
    await fc.assert(
      fc.asyncProperty(dataOf(40), treeLimits, growth, async (data, limits, options) => expectEqual(data, { ...limits, ...options, ...criterion })),
      { numRuns: 600 },
    );
  });

  it.each(variants)('where nodes are larger than the smallest: %s', async (_name, dataOf, criterion) => {
    await fc.assert(
      fc.asyncProperty(dataOf(400), treeLimits, growth, async (data, limits, options) => expectEqual(data, { ...limits, ...options, ...criterion })),
      { numRuns: 60 },
    );
  });

  it('with balanced classes, in every sample too', async () => {
    await fc.assert(
      fc.asyncProperty(classificationData(60), fc.constantFrom('balanced', 'balanced_subsample'), async (data, classWeight) => expectEqual(data, { classWeight })),
      { numRuns: 100 },
    );
  });

  it('on more columns than rows, of hundreds of values each', async () => {
    const column = (factor: number): Float64Array => Float64Array.from({ length: 300 }, (_, row) => (row * factor) % 293);
    const data = { columns: Array.from({ length: 700 }, (_, feature) => column(feature + 2)), target: column(11) };
    await expectEqual(data, {});
    await expectEqual(data, { maxFeatures: 'sqrt', minSamplesLeaf: 3 });
  });

  it.each([
    ['plain', {}],
    ['with large leaves', { minSamplesLeaf: 20 }],
    ['with few features a node', { maxFeatures: 0.4 }],
    ['with few features a node and large leaves', { maxFeatures: 0.4, minSamplesLeaf: 7 }],
    ['in 255 bins', { maxBins: 255 }],
    ['in 255 bins, with leaves of several rows', { maxBins: 255, minSamplesLeaf: 3 }],
    ['in 255 bins, with few features a node', { maxBins: 255, maxFeatures: 0.4, minSamplesLeaf: 2 }],
    ['best first', { maxLeafNodes: 50 }],
    ['with random cuts', { splitter: 'random' }],
    ['with shallow trees', { maxDepth: 5, minSamplesSplit: 40, minImpurityDecrease: 20 }],
  ] as const)('on 3,000 rows of numbers, small values and many values mixed: %s', async (_name, options) => {
    await expectEqual(synthesize(3_000, 5), options);
  });
});

describe('the kernel on many rows', () => {
  it.each([
    ['in exact values', 60_000, {}],
    ['in bins', 60_000, { histogram: true, minSamplesLeaf: 2 }],
    ['so many that features of hundreds of values are counted', 450_000, { histogram: false, maxDepth: 7 }],
  ] as const)('gives the bytes of its twin too: %s', async (_name, rows, options) => {
    const { set, settings } = prepare(synthesize(rows, 6), options);
    const kernel = await createGrower(prepareGrowth(set, 'wasm', [settings], 1), settings, 0);
    const twin = await createGrower(prepareGrowth(set, 'typescript', [settings], 1), settings, 0);
    expect(kernel.grow(0)).toEqual(twin.grow(0));
  });
});

describe('a thread whose workspace lies beyond 2 GiB', () => {
  it('grows the same trees', async () => {
    const { set, settings } = prepare(synthesize(300, 6), {});
    const one = prepareGrowth(set, 'wasm', [settings], 1);
    const last = one.kind === 'wasm' ? Math.ceil(2 ** 31 / one.workspaceBytes) : 0;
    expect(last).toBeGreaterThan(0);
    // Memory that nobody writes to costs nothing.
    const growth = prepareGrowth(set, 'wasm', [settings], last + 1);
    const trees = await Promise.all([0, last].map(async (thread) => (await createGrower(growth, settings, thread)).grow(0)));
    expect(trees[1]).toEqual(trees[0]);
  });
});

describe('the checked-in kernel', () => {
  it('is what its source compiles to', async () => {
    const checkedIn = await readFile(new URL('../src/kernel/kernel-bytes.ts', import.meta.url), 'utf8');
    // Compared whole, a difference would print the kernel.
    expect((await compileKernel()) === checkedIn, 'run `node packages/forest/scripts/compile-kernel.ts`').toBe(true);
  });
});
