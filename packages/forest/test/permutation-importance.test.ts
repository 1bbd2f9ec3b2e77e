import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBag } from '../src/bag.ts';
import { OutOfBagImportances } from '../src/out-of-bag-importance.ts';
import { permutationImportances } from '../src/permutation-importance.ts';
import { RunningImportances, shuffle } from '../src/permutation.ts';
import { predictMeans } from '../src/predict.ts';
import { RandomStream } from '../src/random.ts';
import type { TreeData } from './grow-twin.ts';
import { outputsByValues, packTwins } from './pack-twins.ts';
import type { PackedTwins } from './pack-twins.ts';
import { classificationData, regressionData } from './tree-arbitraries.ts';

/** The second of three features is the target, or decides the class; the others are noise. */
function oneOfThree(classCount?: number): TreeData {
  const random = new RandomStream(1, 1);
  const column = (): Float64Array => Float64Array.from({ length: 400 }, () => random.below(1000));
  const columns = [column(), column(), column()];
  const signal = columns[1] ?? new Float64Array();
  return classCount === undefined ? { columns, target: signal } : { columns, target: signal.map((x) => Math.floor((x * classCount) / 1000)), classCount };
}

function importancesOf({ set, settings, trees }: PackedTwins): OutOfBagImportances {
  const importances = new OutOfBagImportances(set, settings);
  for (const tree of trees) importances.add(tree);
  return importances;
}

describe.each([['regression', undefined], ['classification', 3]])('importances by permutation: %s', (_task, classCount) => {
  const data = oneOfThree(classCount);
  const twins = packTwins(data, { nEstimators: 20, seed: 3, maxFeatures: 1, minSamplesLeaf: 3 });

  it('are highest for the only feature that says something, and about 0 for noise', () => {
    const { mean } = permutationImportances(twins.forest, data.columns, data.target, { seed: 1 });
    expect(mean[1]).toBeGreaterThan(0.5);
    expect(Math.abs(mean[0] ?? NaN)).toBeLessThan(0.01);
    expect(Math.abs(mean[2] ?? NaN)).toBeLessThan(0.01);
  });

  it('say so out of bag as well', () => {
    const { mean, std } = importancesOf(twins).result();
    const most = mean[1] ?? NaN;
    expect(most).toBeGreaterThan(classCount === undefined ? 50_000 : 0.5);
    expect(Math.abs(mean[0] ?? NaN)).toBeLessThan(most / 100);
    expect(Math.abs(mean[2] ?? NaN)).toBeLessThan(most / 100);
    expect(std.every((value) => value >= 0 && value < most / 4)).toBe(true);
  });

  it('depend on the seed and on nothing else', () => {
    const run = (seed: number) => permutationImportances(twins.forest, data.columns, data.target, { seed, repeats: 2 });
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });
});

describe('permutationImportances', () => {
  it('are the falls of the score that a plain calculation gives', () => {
    const data = oneOfThree();
    const { forest } = packTwins(data, { nEstimators: 3, maxDepth: 3 });
    const score = (columns: readonly Float64Array[]): number => {
      const prediction = predictMeans(forest, columns, data.target.length);
      const mean = data.target.reduce((sum, value) => sum + value, 0) / data.target.length;
      const residual = data.target.reduce((sum, value, row) => sum + (value - (prediction[row] ?? NaN)) ** 2, 0);
      return 1 - residual / data.target.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    };
    const falls = [0, 1, 2, 3].map((repeat) => data.columns.map((column, feature) => {
      const order = Uint32Array.from(column.keys());
      shuffle(order, new RandomStream(9, repeat));
      return score(data.columns) - score(data.columns.with(feature, Float64Array.from(order, (row) => column[row] ?? NaN)));
    }));
    const { mean, std } = permutationImportances(forest, data.columns, data.target, { seed: 9, repeats: 4 });
    data.columns.forEach((_, feature) => {
      const measured = falls.map((fall) => fall[feature] ?? NaN);
      const center = measured.reduce((sum, fall) => sum + fall, 0) / 4;
      expect(mean[feature]).toBeCloseTo(center, 12);
      expect(std[feature]).toBeCloseTo(Math.sqrt(measured.reduce((sum, fall) => sum + (fall - center) ** 2, 0) / 4), 12);
    });
  });

  it.each([
    [{ target: new Float64Array(3) }, 'invalid-data', 'target: got 3 rows, expected 400, one for each row of the columns'],
    [{ target: new Float64Array(400).fill(NaN) }, 'invalid-data', 'target: got NaN at row 0, expected a finite number'],
    [{ options: { repeats: 0 } }, 'invalid-option', 'repeats: got 0, expected a whole number from 1 to 1000000'],
    [{ options: { seed: -1 } }, 'invalid-option', 'seed: got -1, expected a whole number from 0 to 9007199254740991'],
  ])('refuses %j', (wrong, code, message) => {
    const data = oneOfThree();
    const { forest } = packTwins(data, { nEstimators: 1 });
    const { target, options } = { target: data.target, options: {}, ...wrong };
    expect(() => permutationImportances(forest, data.columns, target, options)).toThrow(expect.objectContaining({ code, message }));
  });

  it('refuses class codes that the forest does not know', () => {
    const data = oneOfThree(3);
    const { forest } = packTwins(data, { nEstimators: 1 });
    expect(() => permutationImportances(forest, data.columns, data.target.with(7, 3))).toThrow(
      expect.objectContaining({ code: 'invalid-data', message: 'target: got 3 at row 7, expected a class code, a whole number from 0 to 2' }),
    );
  });

  it('refuses to score no rows', () => {
    const { forest } = packTwins(oneOfThree(), { nEstimators: 1 });
    const none = new Float64Array();
    expect(() => permutationImportances(forest, [none, none, none], none)).toThrow(expect.objectContaining({ code: 'invalid-data' }));
  });
});

describe('OutOfBagImportances', () => {
  const options = fc.record({ nEstimators: fc.integer({ min: 1, max: 4 }), seed: fc.nat(), minSamplesLeaf: fc.integer({ min: 1, max: 3 }) });

  it.each([['regression', regressionData()], ['classification', classificationData()]])('are what a walk over real values gives: %s', (_task, data) => {
    fc.assert(
      fc.property(data, options, (table, option) => {
        const twins = packTwins(table, option);
        const { mean, std } = importancesOf(twins).result();
        const expected = importancesByValues(twins, table);
        table.columns.forEach((_, feature) => {
          closeTo(mean[feature] ?? NaN, expected.mean[feature] ?? NaN);
          closeTo(std[feature] ?? NaN, expected.std[feature] ?? NaN);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('are not known where every tree has seen every row', () => {
    const { mean, std } = importancesOf(packTwins(oneOfThree(), { nEstimators: 2, bootstrap: false })).result();
    expect([...mean, ...std].every(Number.isNaN)).toBe(true);
  });
});

describe('shuffle', () => {
  it('gives all orders about as often', () => {
    const random = new RandomStream(4, 2);
    const counts = new Map<string, number>();
    for (let round = 0; round < 6000; round++) {
      const items = Uint32Array.of(1, 2, 3);
      shuffle(items, random);
      counts.set(items.join(), (counts.get(items.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

/** By definition, over real values. The permutations are those of the streams that the documentation names. */
function importancesByValues({ set, settings, trees }: PackedTwins, data: TreeData): ReturnType<RunningImportances['result']> {
  const running = new RunningImportances(data.columns.length);
  trees.forEach((tree, index) => {
    const bag = new Uint32Array(set.rows);
    drawBag(set, settings, index, bag);
    const rows = set.drawable.filter((row) => bag[row] === 0);
    if (rows.length === 0) return;
    const errorOf = (columns: readonly Float64Array[]): number => rows.reduce((sum, row) => {
      const outputs = outputsByValues(tree, set, columns.map((column) => column[row] ?? NaN));
      const target = data.target[row] ?? NaN;
      return sum + (set.classes === 0 ? ((outputs[0] ?? NaN) - target) ** 2 : Number(outputs.indexOf(Math.max(...outputs)) !== target)) / rows.length;
    }, 0);
    const random = new RandomStream(settings.seed, 2 ** 32 - 1 - index);
    const isUsed = usedFeatures(tree.nodes, data.columns.length);
    running.add(Float64Array.from(data.columns, (column, feature) => {
      if (!isUsed.has(feature)) return 0;
      const donors = rows.slice();
      shuffle(donors, random);
      const permuted = column.slice();
      rows.forEach((row, at) => { permuted[row] = column[donors[at] ?? 0] ?? NaN; });
      return errorOf(data.columns.with(feature, permuted)) - errorOf(data.columns);
    }));
  });
  return running.result();
}

function usedFeatures(nodes: Uint32Array, features: number): Set<number> {
  const bits = (2 * features).toString(2).length;
  const links = nodes.filter((link, at) => at % 2 === 1 && link >>> bits > 0);
  return new Set(Array.from(links, (link) => (link % 2 ** bits) >> 1));
}

function closeTo(got: number, expected: number): void {
  if (Number.isNaN(expected)) expect(got).toBeNaN();
  else expect(Math.abs(got - expected), `${got}, expected ${expected}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
}
