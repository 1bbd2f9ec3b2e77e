import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForestError, RandomForestClassifier, RandomForestRegressor, completeShard, mergeForests, validateForest } from '../src/index.ts';
import type { FinishedTree, ForestOptions, RandomForest, TreeRange } from '../src/index.ts';
import { fit } from './fit-either.ts';
import type { TreeData } from './grow-twin.ts';
import { refusalOf } from './refusal-of.ts';
import { classes, synthesize } from './synthetic.ts';
import { classificationData, regressionData, treeLimits } from './tree-arbitraries.ts';

const bytesOf = (buffer: ArrayBuffer): Uint8Array => new Uint8Array(buffer);

/** Ranges that tile a forest: 1 to 7 shards of it. */
const tilings = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(), { maxLength: 6 })).map(([nEstimators, numbers]) => {
  const cuts = [...new Set([0, ...numbers.map((number) => number % nEstimators), nEstimators])].sort((a, b) => a - b);
  return { nEstimators, ranges: cuts.slice(1).map((to, place): TreeRange => ({ from: cuts[place] ?? 0, to })) };
});

/** What decides what is grown and kept; what data and other options rule out is left out by `settingsFor`. */
const settings = fc.record({
  splitter: fc.constantFrom('best' as const, 'random' as const),
  maxFeatures: fc.constantFrom(1, 0.5, 'sqrt' as const),
  bootstrap: fc.boolean(),
  histogram: fc.boolean(),
  nodeWeights: fc.boolean(),
  oobScore: fc.boolean(),
  quantiles: fc.boolean(),
  isBalanced: fc.boolean(),
});

function settingsFor({ classCount }: TreeData, { isBalanced, ...rest }: ForestOptions & { readonly isBalanced: boolean }): ForestOptions {
  const { bootstrap = true, oobScore = false, quantiles = false } = rest;
  const classWeight = classCount !== undefined && isBalanced ? 'balanced_subsample' : undefined;
  return { ...rest, oobScore: bootstrap && oobScore, quantiles: bootstrap && quantiles && classCount === undefined, classWeight };
}

interface Cluster {
  readonly whole: RandomForest;
  /** The whole forest from the trees of the shards. */
  readonly gathered: RandomForest;
  readonly shards: readonly RandomForest[];
  /** Trees that the gathered forest grew itself. */
  readonly grown: number;
}

/** Fits a forest in one piece, and as shards whose finished trees are gathered. */
async function fitCluster(data: TreeData, options: ForestOptions, ranges: readonly TreeRange[]): Promise<Cluster> {
  const finishedTrees: FinishedTree[] = [];
  const shards = await Promise.all(ranges.map(async (treeRange) => fit(data, { ...options, treeRange, onTree: (tree) => finishedTrees.push(tree) })));
  let grown = 0;
  const gathered = await fit(data, { ...options, finishedTrees, onTree: () => grown++ });
  return { whole: await fit(data, options), gathered, shards, grown };
}

describe('shards of a forest', () => {
  it('merge, in any order, into the bytes of one fit of all trees', async () => {
    const data = fc.oneof(regressionData(), classificationData());
    await fc.assert(
      fc.asyncProperty(data, treeLimits, settings, tilings, fc.nat(6), async (table, limits, chosen, { nEstimators, ranges }, turn) => {
        const options = { ...limits, ...settingsFor(table, chosen), nEstimators };
        const { whole, gathered, shards, grown } = await fitCluster(table, options, ranges);
        expect(grown).toBe(0);
        expect(bytesOf(gathered.data)).toEqual(bytesOf(whole.data));
        const [first, ...others] = shards.map(({ data: shard }) => shard);
        const buffers = [completeShard(first ?? new ArrayBuffer(), gathered.data), ...others];
        for (const shard of buffers) validateForest(shard);
        const turned = [...buffers.slice(turn), ...buffers.slice(0, turn)];
        const merged = mergeForests(turned);
        validateForest(merged);
        expect(bytesOf(merged)).toEqual(bytesOf(whole.data));
      }),
      { numRuns: 150 },
    );
  });

  const numbers = synthesize(300, 4);
  const mixed = {
    ...numbers,
    columns: numbers.columns.map((column, feature) => column.map((value, row) => ((row + feature) % 11 === 0 ? NaN : feature % 3 === 0 ? Math.trunc(Math.abs(value)) % 40 : value))),
    categoricalFeatures: [0, 3, 6, 9],
    weights: Float64Array.from({ length: 300 }, (_, row) => (row % 5) / 3),
  };
  const ranges = [{ from: 0, to: 3 }, { from: 3, to: 4 }, { from: 4, to: 12 }];

  it.each<[string, TreeData, ForestOptions]>([
    ['a regression, on 2 threads', numbers, { threads: 3 }],
    ['a regression, on 2 threads and by the twin', numbers, { threads: 2, kernel: 'typescript' }],
    ['many thresholds and targets, few nodes', numbers, { maxDepth: 2, oobScore: true }],
    ['few thresholds of bins', numbers, { maxBins: 16, maxDepth: 3 }],
    ['missing values, level sets and weights, with everything kept', mixed, { oobScore: true, nodeWeights: true, quantiles: true, minSamplesLeaf: 4 }],
    ['extremely randomised trees', mixed, { splitter: 'random', bootstrap: false }],
    ['classes of balanced samples, with everything kept', { ...mixed, ...classes(numbers, 3), columns: mixed.columns }, { criterion: 'entropy', classWeight: 'balanced_subsample', oobScore: true, nodeWeights: true, minSamplesLeaf: 3 }],
    ['depth by number of leaves', { ...mixed, ...classes(numbers, 4) }, { maxLeafNodes: 9, oobScore: true }],
  ])('merge into those of %s, and predict the same', async (_name, data, more) => {
    const options = { nEstimators: 12, seed: 3, ...more };
    const { whole, gathered, shards } = await fitCluster(data, { ...options, oobImportances: options.bootstrap !== false }, ranges);
    expect(gathered.oobImportances).toEqual(whole.oobImportances);
    if (whole instanceof RandomForestRegressor) expect(gathered).toHaveProperty('oobPrediction', whole.oobPrediction);
    if (whole instanceof RandomForestClassifier) expect(gathered).toHaveProperty('oobProba', whole.oobProba);
    const [first = new ArrayBuffer(), ...others] = shards.map((shard) => shard.data);
    const merged = mergeForests([...others, completeShard(first, gathered.data)]);
    expect(bytesOf(merged)).toEqual(bytesOf(whole.data));
    if (!(whole instanceof RandomForestRegressor)) return;
    expect(RandomForestRegressor.from(merged).predict(data.columns)).toEqual(whole.predict(data.columns));
  });

  it('predict by themselves as the mean of their trees', async () => {
    const options = { nEstimators: 12, seed: 3, quantiles: true, nodeWeights: true };
    const whole = await RandomForestRegressor.fit(numbers, options);
    const parts = await Promise.all(ranges.map(async (treeRange) => RandomForestRegressor.fit(numbers, { ...options, treeRange })));
    const means = parts.map((part) => part.predict(numbers.columns));
    whole.predict(numbers.columns).forEach((value, row) => {
      const sum = parts.reduce((total, { nEstimators }, place) => total + nEstimators * (means[place]?.[row] ?? NaN), 0);
      expect(sum / 12).toBeCloseTo(value, 8);
    });
    expect(parts.map(({ nEstimators }) => nEstimators)).toEqual([3, 1, 8]);
    expect(parts[0]?.predictQuantiles(numbers.columns, [0.1, 0.9]).every(Number.isFinite)).toBe(true);
    const leaves = parts.map((part) => part.apply(numbers.columns));
    expect(whole.apply(numbers.columns).filter((_, at) => at % 12 === 3)).toEqual(leaves[1]);
  });

  it('have out-of-bag figures of their own trees: those of a forest of these trees alone', async () => {
    const options = { nEstimators: 12, seed: 3, oobScore: true, oobImportances: true };
    const head = await RandomForestRegressor.fit(numbers, { ...options, treeRange: { from: 0, to: 5 } });
    const small = await RandomForestRegressor.fit(numbers, { ...options, nEstimators: 5 });
    expect([head.oobScore, head.oobCurve, head.oobPrediction, head.oobImportances]).toEqual([small.oobScore, small.oobCurve, small.oobPrediction, small.oobImportances]);
  });

  it('have out-of-bag figures that are those of the whole forest on average', async () => {
    const options = { nEstimators: 12, seed: 3, oobScore: true, oobImportances: true };
    const whole = await RandomForestRegressor.fit(numbers, options);
    const singles = await Promise.all(Array.from({ length: 12 }, async (_, from) => RandomForestRegressor.fit(numbers, { ...options, treeRange: { from, to: from + 1 } })));
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    whole.oobPrediction?.forEach((value, row) => {
      const known = singles.map(({ oobPrediction }) => oobPrediction?.[row] ?? NaN).filter((single) => !Number.isNaN(single));
      expect(mean(known)).toBeCloseTo(value, 8);
    });
    whole.oobImportances?.mean.forEach((value, feature) => {
      expect(mean(singles.map(({ oobImportances }) => oobImportances?.mean[feature] ?? NaN)) / value || 1).toBeCloseTo(1, 8);
    });
  });

  it('have intervals that hold for unseen rows, calibrated on rows out of the bags of their own trees', async () => {
    const unseen = synthesize(600, 5);
    const forest = await RandomForestRegressor.fit(numbers, { nEstimators: 200, quantiles: true, treeRange: { from: 100, to: 200 } });
    const bounds = forest.predictQuantiles(unseen.columns, [0.1, 0.9]);
    const covered = unseen.target.filter((value, row) => value >= (bounds[2 * row] ?? NaN) && value <= (bounds[2 * row + 1] ?? NaN)).length;
    expect(covered / 600).toBeGreaterThan(0.76);
    expect(covered / 600).toBeLessThan(0.86);
  });

  it('are taken up again, and leave trees of others out', async () => {
    const kept: FinishedTree[] = [];
    await RandomForestRegressor.fit(numbers, { nEstimators: 12, onTree: (tree) => kept.push(tree) });
    const treeRange = { from: 3, to: 7 };
    const seen: string[] = [];
    const resumed = await RandomForestRegressor.fit(numbers, {
      nEstimators: 12,
      treeRange,
      finishedTrees: kept.filter(({ index }) => index !== 4),
      onTree: ({ index }) => seen.push(`tree ${index}`),
      onProgress: ({ done, total }) => seen.push(`${done} of ${total}`),
    });
    expect(seen).toEqual(['tree 4', '4 of 4']);
    expect(bytesOf(resumed.data)).toEqual(bytesOf((await RandomForestRegressor.fit(numbers, { nEstimators: 12, treeRange })).data));
  });
});

describe('shards that do not belong together', async () => {
  const table = synthesize(80, 6);
  const options = { nEstimators: 6, seed: 1, maxDepth: 4 };
  const shard = async (from: number, to: number, more: ForestOptions = {}, data: TreeData = table): Promise<ArrayBuffer> =>
    (await fit(data, { ...options, ...more, treeRange: { from, to } })).data;
  const changed = { ...table, target: table.target.with(3, 1e4) };
  const scaled = { ...table, columns: table.columns.with(2, table.columns[2]?.map((value) => 2 * value) ?? new Float64Array()) };
  const [head, middle, tail] = [await shard(0, 2), await shard(2, 3), await shard(3, 6)];
  const whole = (await RandomForestRegressor.fit(table, options)).data;
  const scored = (await RandomForestRegressor.fit(table, { ...options, oobScore: true })).data;

  it.each<[string, () => Promise<readonly ArrayBuffer[]> | readonly ArrayBuffer[], string]>([
    ['none', () => [], 'incomplete | shards: got none, expected those of all trees'],
    ['a gap between them', () => [head, tail], 'incomplete | shards: got none with trees 2 to 2 of 0 to 5, expected each tree once'],
    ['no beginning', () => [tail, middle], 'incomplete | shards: got none with trees 0 to 1 of 0 to 5, expected each tree once'],
    ['no end', () => [middle, head], 'incomplete | shards: got none with trees 3 to 5 of 0 to 5, expected each tree once'],
    ['one of them twice', () => [tail, head, middle, head], 'incomplete | shard 3: got tree 0, which another shard has too, expected each tree once'],
    ['an overlap', async () => [head, await shard(1, 6)], 'incomplete | shard 1: got tree 1, which another shard has too, expected each tree once'],
    ['one of other data', async () => [head, middle, await shard(3, 6, {}, changed)], 'other-fit | shard 2: got other data, options or seed than in shard 0, expected shards of one fit'],
    ['one of another seed', async () => [head, await shard(2, 3, { seed: 2 }), tail], 'other-fit | shard 1: got other data, options or seed than in shard 0, expected shards of one fit'],
    ['one of other options', async () => [head, await shard(2, 3, { maxDepth: 3 }), tail], 'other-fit | shard 1: got other data, options or seed than in shard 0, expected shards of one fit'],
    ['one of a larger forest', async () => [head, middle, await shard(3, 6, { nEstimators: 7 })], 'other-fit | shard 2: got other nEstimators than in shard 0, expected shards of one fit'],
    ['one of other values in the same order', async () => [head, middle, await shard(3, 6, {}, scaled)], 'other-fit | shard 2: got other thresholds than in shard 0, expected shards of one fit'],
    ['one that keeps more', async () => [head, await shard(2, 3, { nodeWeights: true }), tail], 'other-fit | shard 1: got other nodeWeights than in shard 0, expected shards of one fit'],
    ['a whole forest', () => [whole], 'invalid-buffer | shard 0: got a whole forest, expected one that was fitted with treeRange'],
    ['one that is cut off', () => [head, middle, tail.slice(0, -8)], `invalid-buffer | shard 2: forest buffer: got ${tail.byteLength - 8} bytes, expected ${tail.byteLength}: the file is cut off or damaged`],
    ['out-of-bag figures of parts', async () => [head, middle, await shard(3, 6, { oobScore: true })], 'not-kept | shard 2: got out-of-bag figures of its trees alone, expected one shard with those of all trees: see completeShard'],
    ['intervals calibrated on parts', async () => Promise.all([shard(0, 2, { quantiles: true }), shard(2, 6, { quantiles: true })]), 'not-kept | shard 0: got out-of-bag figures of its trees alone, expected one shard with those of all trees: see completeShard'],
  ])('are refused: %s', async (_name, buffers, message) => {
    const given = await buffers();
    expect(await refusalOf(() => mergeForests(given))).toBe(message);
  });

  it('are refused the figures of another forest', async () => {
    const others = [{ nEstimators: 7 }, { seed: 9 }, { quantiles: true }];
    for (const more of others) {
      const other = (await RandomForestRegressor.fit(table, { ...options, ...more })).data;
      expect(await refusalOf(() => completeShard(middle, other))).toMatch(/^other-fit \| whole: got \d trees, not all 6 of the shard's fit$/);
    }
    expect(await refusalOf(() => completeShard(middle, head))).toMatch(/^other-fit/);
    expect(await refusalOf(() => completeShard(whole, whole))).toMatch(/^invalid-buffer \| shard: got a whole forest/);
    expect(await refusalOf(() => completeShard(middle, whole.slice(8)))).toMatch(/^invalid-buffer \| whole: forest buffer: got magic/);
  });

  it('need the figures of the whole forest from one of them only, whatever the others were asked for', async () => {
    const asked = await shard(3, 6, { oobScore: true });
    for (const buffers of [[completeShard(head, scored), middle, tail], [head, middle, completeShard(asked, scored)], [completeShard(head, scored), middle, asked]]) {
      expect(bytesOf(mergeForests(buffers))).toEqual(bytesOf(scored));
    }
    const completed = RandomForestRegressor.from(completeShard(head, scored));
    expect([completed.nEstimators, completed.oobScore, completed.oobCurve?.length]).toEqual([2, RandomForestRegressor.from(scored).oobScore, 6]);
  });

  it('give a ForestError or a forest, wherever they were damaged', () => {
    const places = fc.oneof(fc.nat(500), fc.nat(tail.byteLength - 1), fc.integer({ min: 1, max: 1700 }).map((back) => tail.byteLength - back));
    fc.assert(
      fc.property(fc.array(fc.tuple(places, fc.nat(255)), { minLength: 1, maxLength: 6 }), fc.nat(300), (changes, cut) => {
        const bytes = bytesOf(tail.slice(0, cut > 250 ? -cut : undefined));
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          validateForest(mergeForests([head, middle, bytes.slice().buffer]));
        } catch (error) {
          expect(error).toBeInstanceOf(ForestError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, number, number]>([
    ['whose trees go beyond their forest', 3, 4],
    ['of figures that nobody has', 4, 3],
  ])('are refused with words %s', async (_name, word, value) => {
    const bytes = tail.slice();
    // The section before the last one, which holds 3 × 10 doubles.
    new Uint32Array(bytes, bytes.byteLength - 240 - 24, 5)[word] = value;
    expect(await refusalOf(() => mergeForests([head, middle, bytes]))).toMatch(/^invalid-buffer \| shard 2: forest buffer: got a shard of 3 trees with the words [\d, ]+, expected a part of its forest$/);
  });

  it('are found unsound where the importances of a tree are none', async () => {
    const bytes = tail.slice();
    new Float64Array(bytes, bytes.byteLength - 240, 30)[12] = 7;
    expect(await refusalOf(() => { validateForest(bytes); })).toMatch(/^invalid-forest \| importances of tree 1: got a sum of/);
  });
});

describe('a shard', () => {
  it('adds its words and the importances of its trees to the forest, and the thresholds it does not use', async () => {
    const table = synthesize(400, 2);
    const plain = await RandomForestRegressor.fit(table, { nEstimators: 20 });
    const { data } = await RandomForestRegressor.fit(table, { nEstimators: 20, treeRange: { from: 0, to: 20 } });
    expect(data.byteLength - plain.data.byteLength).toBe(2 * 24 + 24 + 8 * 20 * 10);
  });
});
