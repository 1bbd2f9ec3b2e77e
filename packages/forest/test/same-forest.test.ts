import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ForestError, RandomForestClassifier, RandomForestRegressor } from '../src/index.ts';
import type { FinishedTree, ForestOptions } from '../src/index.ts';
import { classes, synthesize } from './synthetic.ts';

const table = { ...synthesize(400, 3), weights: Float64Array.from({ length: 400 }, (_, row) => (row % 5) / 3) };
const gaps = { ...table, columns: table.columns.map((column, feature) => column.map((value, row) => ((row + feature) % 7 === 0 ? NaN : value))), categoricalFeatures: [0, 2] };
const options: ForestOptions = { nEstimators: 10, oobScore: true, maxFeatures: 0.5, seed: 4 };

const rejection = async (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined, (reason: unknown) => reason);

describe('one seed gives one forest', () => {
  it.each([
    ['a regression', async (more: ForestOptions) => RandomForestRegressor.fit(table, { ...options, ...more })],
    ['missing values and level sets', async (more: ForestOptions) => RandomForestRegressor.fit(levelsOf(gaps), { ...options, ...more })],
    ['entropy, with balanced samples', async (more: ForestOptions) => RandomForestClassifier.fit(classes(table, 3), { ...options, criterion: 'entropy', classWeight: 'balanced_subsample', ...more })],
    ['quantiles and node weights', async (more: ForestOptions) => RandomForestRegressor.fit(table, { ...options, minSamplesLeaf: 4, quantiles: true, nodeWeights: true, ...more })],
  ] as const)('of %s: for 1 to 4 threads, both kernels, resumed or not', async (_name, fit) => {
    const kept: FinishedTree[] = [];
    const expected = digest((await fit({ onTree: (tree) => kept.push(tree) })).data);
    const others: ForestOptions[] = [2, 3, 4].flatMap((threads) => [{ threads }, { threads, kernel: 'typescript' }]);
    const halves = kept.filter((_tree, index) => index % 2 === 1);
    for (const other of [...others, { kernel: 'typescript' }, { finishedTrees: kept }, { finishedTrees: halves, threads: 2 }, { finishedTrees: halves, kernel: 'typescript' }] as const) {
      expect(digest((await fit(other)).data), JSON.stringify(Object.keys(other))).toBe(expected);
    }
  });
});

describe('a fit that is taken up again', () => {
  it('grows the trees that are missing, and no others', async () => {
    const kept: FinishedTree[] = [];
    await RandomForestRegressor.fit(table, { ...options, onTree: (tree) => kept.push(tree) });
    expect(kept.map(({ index }) => index).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const grown: number[] = [];
    const seen: number[] = [];
    await RandomForestRegressor.fit(table, {
      ...options,
      finishedTrees: kept.filter(({ index }) => index !== 2 && index !== 7),
      onTree: ({ index }) => grown.push(index),
      onProgress: ({ done }) => seen.push(done),
    });
    expect(grown).toEqual([2, 7]);
    expect(seen).toEqual([9, 10]);
  });

  it('continues a smaller forest, and cuts a larger one short', async () => {
    const kept: FinishedTree[] = [];
    const small = await RandomForestRegressor.fit(table, { ...options, onTree: (tree) => kept.push(tree) });
    const large = await RandomForestRegressor.fit(table, { ...options, nEstimators: 15, finishedTrees: kept, onTree: (tree) => kept.push(tree) });
    expect(digest(large.data)).toBe(digest((await RandomForestRegressor.fit(table, { ...options, nEstimators: 15 })).data));
    expect(digest((await RandomForestRegressor.fit(table, { ...options, finishedTrees: kept })).data)).toBe(digest(small.data));
  });

  it('refuses trees of other data, of other options, and bytes that are none', async () => {
    const kept: FinishedTree[] = [];
    await RandomForestRegressor.fit(table, { ...options, onTree: (tree) => kept.push(tree) });
    const code = async (fit: Promise<unknown>): Promise<string> => {
      const error = await rejection(fit);
      return error instanceof ForestError ? error.code : String(error);
    };
    const changed = { ...table, target: table.target.map((value, row) => (row === 9 ? value + 1 : value)) };
    expect(await code(RandomForestRegressor.fit(changed, { ...options, finishedTrees: kept }))).toBe('other-fit');
    expect(await code(RandomForestRegressor.fit(table, { ...options, minSamplesLeaf: 2, finishedTrees: kept }))).toBe('other-fit');
    const [first] = kept;
    for (const bytes of [new Uint8Array(0), new Uint8Array(31), first?.bytes.slice(0, -4), first?.bytes.map((byte, at) => (at === 16 ? byte + 1 : byte))]) {
      expect(await code(RandomForestRegressor.fit(table, { ...options, finishedTrees: [{ index: 0, bytes: bytes ?? new Uint8Array(0) }] }))).toBe('invalid-buffer');
    }
  });
});

describe('progress', () => {
  it('tells the seconds left and the out-of-bag score so far, which ends at that of the forest', async () => {
    const seen: { secondsLeft: number | undefined; oobScore: number | undefined }[] = [];
    const forest = await RandomForestRegressor.fit(table, { ...options, nEstimators: 30, threads: 2, onProgress: (progress) => seen.push(progress) });
    expect(seen).toHaveLength(30);
    expect(seen.every(({ secondsLeft }) => (secondsLeft ?? -1) >= 0)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ secondsLeft: 0, oobScore: forest.oobScore });
    expect(forest.oobCurve).toHaveLength(30);
    expect(forest.oobCurve?.at(-1)).toBe(forest.oobScore);
  });
});

function digest(data: ArrayBuffer): string {
  return createHash('sha256').update(new Uint8Array(data)).digest('hex');
}

/** Codes of few levels in place of the numbers of the categorical columns. */
function levelsOf(data: typeof gaps): typeof gaps {
  return { ...data, columns: data.columns.map((column, feature) => (data.categoricalFeatures.includes(feature) ? column.map((value) => Math.abs(Math.trunc(value)) % 40) : column)) };
}
