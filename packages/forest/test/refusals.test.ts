import { describe, expect, it } from 'vitest';
import { openForest } from '../src/flat-forest.ts';
import { ForestError, RandomForestClassifier, RandomForestRegressor, forestTask, validateForest } from '../src/index.ts';
import type { ClassificationData, ForestData, ForestOptions } from '../src/index.ts';

const column = (...values: number[]): Float64Array => Float64Array.from(values);
const data: ForestData = { columns: [column(1, 2, 3), column(4, 5, 6)], target: column(1, 2, 3) };

async function refusal(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (error instanceof ForestError) return `${error.code} | ${error.message}`;
    throw error;
  }
  return 'nothing was refused';
}

describe('data that cannot be learned from', () => {
  it.each<[Partial<ForestData>, RegExp]>([
    [{ columns: [column(1, 2, 3), column(4, NaN, 6)], names: ['price', 'weight'] }, /columns\[1\] \("weight"\): got NaN at row 1/],
    [{ columns: [column(1, 2, 3), column(4, 5, Infinity)] }, /columns\[1\]: got Infinity at row 2/],
    [{ columns: [column(1, 2)] }, /columns\[0\]: got 2 rows, expected 3/],
    [{ columns: [] }, /columns: got 0 columns, expected from 1/],
    [{ columns: [column()], target: column() }, /target: got 0 rows/],
    [{ target: column(1, NaN, 3) }, /target: got NaN at row 1/],
    [{ weights: column(1, -2, 1) }, /weights: got -2 at row 1, expected 0 or more/],
    [{ weights: column(0, 0, 0) }, /weights: got only zeros/],
    [{ weights: column(1, 1) }, /weights: got 2 rows, expected 3/],
    [{ weights: column(1, NaN, 1) }, /weights: got NaN at row 1/],
  ])('%#: is refused by name', async (change, message) => {
    const got = await refusal(() => RandomForestRegressor.fit({ ...data, ...change }));
    expect(got).toMatch(/^invalid-data/);
    expect(got).toMatch(message);
  });
});

describe('class codes that cannot be learned from', () => {
  it.each<[Partial<ClassificationData>, RegExp]>([
    [{ target: column(0, 1.5, 1) }, /target: got 1.5 at row 1, expected a class code, a whole number from 0 to/],
    [{ target: column(0, 1, -1) }, /target: got -1 at row 2, expected a class code, a whole number from 0 to 1/],
    [{ target: column(0, 1, 2), classCount: 2 }, /target: got 2 at row 2, expected a class code, a whole number from 0 to 1/],
    [{ target: column(0, 1, 70_000) }, /target: got 70000 at row 2, .* from 0 to 65534/],
    [{ target: column(0, NaN, 1) }, /target: got NaN at row 1/],
    [{ classCount: 0 }, /classCount: got 0, expected a whole number from 1 to 65535/],
    [{ classCount: 2.5 }, /classCount: got 2.5/],
  ])('%#: are refused by name', async (change, message) => {
    const got = await refusal(() => RandomForestClassifier.fit({ ...data, target: column(0, 1, 1), ...change }));
    expect(got).toMatch(/^invalid-data/);
    expect(got).toMatch(message);
  });
});

describe('options out of range', () => {
  it.each<[ForestOptions, RegExp]>([
    [{ nEstimators: 0 }, /nEstimators: got 0, allowed: a whole number from 1/],
    [{ nEstimators: NaN }, /nEstimators: got NaN/],
    [{ maxDepth: 1.5 }, /maxDepth: got 1.5/],
    [{ minSamplesSplit: 1.5 }, /minSamplesSplit: got 1.5, allowed: a whole number from 2, or a fraction/],
    [{ minSamplesLeaf: 0 }, /minSamplesLeaf: got 0/],
    [{ maxFeatures: 3 }, /maxFeatures: got 3, allowed: .*\(2\)/],
    [{ maxFeatures: -0.5 }, /maxFeatures: got -0.5/],
    [{ seed: -1 }, /seed: got -1/],
    [{ threads: 0 }, /threads: got 0/],
    [{ oobScore: true, bootstrap: false }, /oobScore: got true with bootstrap false/],
  ])('%o are refused by name', async (options, message) => {
    const got = await refusal(() => RandomForestRegressor.fit(data, options));
    expect(got).toMatch(/^invalid-option/);
    expect(got).toMatch(message);
  });
});

describe('columns to predict for', () => {
  it('must be those of the fit', async () => {
    const forest = await RandomForestRegressor.fit(data, { nEstimators: 1 });
    expect(await refusal(() => forest.predict([column(1)]))).toMatch(/columns: got 1 columns, expected 2/);
    expect(await refusal(() => forest.predict([column(1), column(1, 2)]))).toMatch(/columns\[1\]: got 2 rows, expected 1/);
    expect(await refusal(() => forest.predict([column(1), column(NaN)]))).toMatch(/columns\[1\]: got NaN at row 0/);
    expect(forest.predict([column(), column()])).toEqual(column());
  });
});

describe('bytes that are no forest', () => {
  const bytes = async (): Promise<ArrayBuffer> => (await RandomForestRegressor.fit(data, { nEstimators: 2, bootstrap: false })).data.slice();
  const opened = async (change: (buffer: ArrayBuffer) => ArrayBuffer): Promise<string> => {
    const buffer = change(await bytes());
    return refusal(() => RandomForestRegressor.from(buffer));
  };
  const withWord = (index: number, word: number) => (buffer: ArrayBuffer): ArrayBuffer => {
    new Uint32Array(buffer, 0, 6)[index] = word;
    return buffer;
  };

  it('are refused with what was got and what is expected', async () => {
    expect(await opened(() => new ArrayBuffer(8))).toMatch(/^invalid-buffer .*got 8 bytes, expected at least 32/);
    expect(await opened(withWord(0, 0x04034b50))).toMatch(/got magic 0x4034b50, expected 0x46524644/);
    expect(await opened(withWord(1, 9))).toMatch(/got version 9, expected 1 or 2/);
    expect(await opened((buffer) => buffer.slice(0, -2))).toMatch(/got \d+ bytes, expected \d+: the file is cut off/);
    expect(await opened(withWord(4, 1_000_000))).toMatch(/cut off or damaged/);
  });

  it('are refused where they hold a forest of the other task', async () => {
    const classifier = await RandomForestClassifier.fit({ ...data, target: column(0, 1, 1) }, { nEstimators: 1 });
    const regressor = await RandomForestRegressor.fit(data, { nEstimators: 1 });
    expect([forestTask(classifier.data), forestTask(regressor.data)]).toEqual(['classification', 'regression']);
    expect(await refusal(() => RandomForestRegressor.from(classifier.data))).toBe(
      'invalid-buffer | forest buffer: got a classification forest, expected a regression forest; RandomForestClassifier.from reads this one',
    );
    expect(await refusal(() => RandomForestClassifier.from(regressor.data))).toBe(
      'invalid-buffer | forest buffer: got a regression forest, expected a classification forest; RandomForestRegressor.from reads this one',
    );
    expect(await opened(withWord(5, 3))).toMatch(/got 3 classes in version 1, expected none in version 1/);
    expect(await refusal(() => RandomForestClassifier.from(classifier.data.slice(0, 36)))).toMatch(/got 36 bytes, expected at least 40/);
    expect(await refusal(() => RandomForestClassifier.from(classifier.data.slice(0, -2)))).toMatch(/cut off or damaged/);
  });

  it('are found by the invariant checker where a leaf has no class', async () => {
    const mixed = { columns: [column(1, 1, 2)], target: column(0, 1, 1) };
    const damaged = async (damage: (forest: ReturnType<typeof openForest>) => void): Promise<string> => {
      const forest = openForest((await RandomForestClassifier.fit(mixed, { nEstimators: 1, bootstrap: false })).data);
      damage(forest);
      return refusal(() => { validateForest(forest.buffer); });
    };
    expect(await damaged(() => undefined)).toBe('nothing was refused');
    for (const value of [2, 0.5, -2]) {
      expect(await damaged((forest) => { forest.value[1] = value; })).toContain(`tree 0, node 1: got a leaf of value ${value}, expected a class below 2 or one of 1 rows`);
    }
    expect(await damaged((forest) => { forest.shares[0] = 0.7; })).toMatch(/^invalid-forest .*class shares, row 0: got a sum of 1.2/);
  });

  it('are found by the invariant checker where a node is damaged', async () => {
    const damaged = async (damage: (forest: ReturnType<typeof openForest>) => void): Promise<string> => {
      const forest = openForest(await bytes());
      damage(forest);
      return refusal(() => { validateForest(forest.buffer); });
    };
    expect(await damaged(() => undefined)).toBe('nothing was refused');
    expect(await damaged((forest) => { forest.value[0] = NaN; })).toMatch(/^invalid-forest .*tree 0, node 0: got the value NaN/);
    expect(await damaged((forest) => { forest.right[0] = 400; })).toMatch(/a right child 400 nodes further/);
    expect(await damaged((forest) => { forest.feature[0] = 7; })).toMatch(/feature 7, expected less than 2/);
    expect(await damaged((forest) => { forest.right[0] = 0; })).toMatch(/a leaf over \d+ nodes/);
    expect(await damaged((forest) => { forest.treeStarts[1] = 0; })).toMatch(/^invalid-buffer/);
    expect(await damaged((forest) => { forest.importances[0] = 5; })).toMatch(/importances/);
  });
});
