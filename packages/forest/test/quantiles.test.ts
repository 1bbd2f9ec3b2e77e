import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBag } from '../src/bag.ts';
import { collectLeafTargets } from '../src/collect-leaves.ts';
import { ForestError } from '../src/errors.ts';
import type { FlatForest } from '../src/flat-forest.ts';
import { openForest } from '../src/open-forest.ts';
import { packForest } from '../src/pack-forest.ts';
import { calibrateQuantiles } from '../src/quantile-calibration.ts';
import { predictQuantiles } from '../src/quantiles.ts';
import { RandomStream } from '../src/random.ts';
import { validateForest } from '../src/validate-forest.ts';
import type { NumericTable } from './bigmart.ts';
import type { TreeData } from './grow-twin.ts';
import { columnsOf, leafByValues, packTwins, rowsFor } from './pack-twins.ts';
import type { PackedTwins } from './pack-twins.ts';
import { regressionData, treeLimits } from './tree-arbitraries.ts';

/** Meinshausen's weights by definition: in each tree the rows of a leaf share a weight of 1, by their own weights. */
function quantileByDefinition({ set, settings, trees }: PackedTwins, data: TreeData & { readonly weights: Float64Array }, row: readonly number[], level: number): number {
  const weights = new Float64Array(set.rows);
  trees.forEach((tree, index) => {
    const bag = new Uint32Array(set.rows);
    drawBag(set, settings, index, bag);
    const leaf = leafByValues(tree, set, row);
    const weightOf = (other: number): number => (bag[other] ?? 0) * (data.weights[other] ?? 0);
    const inLeaf = [...bag.keys()].filter((other) => weightOf(other) > 0 && leafByValues(tree, set, data.columns.map((column) => column[other] ?? NaN)) === leaf);
    const total = inLeaf.reduce((sum, other) => sum + weightOf(other), 0);
    for (const other of inLeaf) weights[other] = (weights[other] ?? 0) + weightOf(other) / total / trees.length;
  });
  const byTarget = [...weights.keys()].filter((other) => (weights[other] ?? 0) > 0).sort((a, b) => (data.target[a] ?? 0) - (data.target[b] ?? 0));
  let sum = 0;
  const found = byTarget.find((other) => {
    sum += weights[other] ?? 0;
    return sum >= level - 1e-9;
  });
  return data.target[found ?? byTarget.at(-1) ?? 0] ?? NaN;
}

/** Noise that grows from 0.2 to 2.2 with the second column; the third says nothing. */
function uneven(rows: number, seed: number): NumericTable {
  const random = new RandomStream(seed, 0);
  const unit = (): number => random.next() / 2 ** 32;
  const columns = Array.from({ length: 3 }, () => Float64Array.from({ length: rows }, unit));
  const bell = (): number => Array.from({ length: 12 }, unit).reduce((sum, value) => sum + value, -6);
  const target = Float64Array.from({ length: rows }, (_, row) => 5 * (columns[0]?.[row] ?? 0) + (0.2 + 2 * (columns[1]?.[row] ?? 0)) * bell());
  return { columns, target };
}

/** As a fit with `quantiles: true` does it. */
function calibrated(data: NumericTable, minSamplesLeaf: number): FlatForest {
  const { set, settings, trees } = packTwins(data, { nEstimators: 80, minSamplesLeaf, seed: 2 });
  const leafTargets = collectLeafTargets(set, settings, trees);
  const calibration = calibrateQuantiles(set, settings, trees, leafTargets);
  const forest = packForest({ set, trees, importances: new Float64Array(3), oobScore: NaN, leafTargets, calibration });
  validateForest(forest.buffer);
  return openForest(forest.buffer);
}

describe('quantiles without calibration', () => {
  it('are those of the weighted training targets, by definition', () => {
    const cases = regressionData(16).chain((data) => fc.tuple(fc.constant(data), rowsFor(data)));
    const levels = fc.array(fc.oneof(fc.constantFrom(0, 0.25, 0.5, 0.75, 1), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(cases, treeLimits, levels, fc.integer({ min: 1, max: 6 }), ([data, rows], limits, wanted, nEstimators) => {
        const twins = packTwins(data, { ...limits, nEstimators, quantiles: true });
        const got = predictQuantiles(twins.forest, columnsOf(rows, data.columns.length), rows.length, wanted);
        expect([...got]).toEqual(rows.flatMap((row) => wanted.map((level) => quantileByDefinition(twins, data, row, level))));
      }),
      { numRuns: 150 },
    );
  });

  it('are found among more targets than a block of partial sums holds', () => {
    const data = uneven(3_000, 4);
    const { forest, trees, set } = packTwins(data, { nEstimators: 1, minSamplesLeaf: 3_000, bootstrap: false });
    const withTargets = packForest({ set, trees, importances: new Float64Array(3), oobScore: NaN, leafTargets: { starts: Uint32Array.of(0, 3_000), ranks: Uint32Array.from({ length: 3_000 }, (_, i) => i), weights: new Float32Array(3_000).fill(1) } });
    const levels = [0, 0.001, 0.0853, 0.0854, 0.3, 0.5, 0.9999, 1];
    const sorted = data.target.toSorted();
    const one = data.columns.map((column) => column.subarray(0, 1));
    expect([...predictQuantiles(withTargets, one, 1, levels)]).toEqual(levels.map((level) => sorted[Math.max(0, Math.ceil(level * 3_000 - 1e-5) - 1)]));
    expect(forest.nodeCount).toBe(1);
  });
});

describe.each([1, 20])('calibrated quantiles of a forest with leaves of at least %i rows', (minSamplesLeaf) => {
  const forest = calibrated(uneven(1_500, 1), minSamplesLeaf);
  const fresh = uneven(3_000, 99);
  const levels = [0.05, 0.1, 0.25, 0.33, 0.5, 0.75, 0.9, 0.95];
  const quantiles = predictQuantiles(forest, fresh.columns, 3_000, levels);
  const shareBelow = (level: number, isCounted: (row: number) => boolean): number => {
    const rows = [...fresh.target.keys()].filter(isCounted);
    return rows.filter((row) => (fresh.target[row] ?? 0) <= (quantiles[row * levels.length + level] ?? NaN)).length / rows.length;
  };

  it('cover the share of unseen rows that they name', () => {
    levels.forEach((level, i) => {
      expect(Math.abs(shareBelow(i, () => true) - level)).toBeLessThan(0.03);
    });
  });

  it('cover it where there is little noise and where there is much', () => {
    for (const level of [0, 1, 6, 7]) {
      for (const half of [0, 1]) {
        expect(Math.abs(shareBelow(level, (row) => Math.floor(2 * (fresh.columns[1]?.[row] ?? 0)) === half) - (levels[level] ?? NaN))).toBeLessThan(0.08);
      }
    }
  });

  it('lie farther apart where there is more noise', () => {
    const width = (half: number): number => {
      const rows = [...fresh.target.keys()].filter((row) => Math.floor(2 * (fresh.columns[1]?.[row] ?? 0)) === half);
      return rows.reduce((sum, row) => sum + ((quantiles[row * levels.length + 7] ?? 0) - (quantiles[row * levels.length] ?? 0)) / rows.length, 0);
    };
    expect(width(1)).toBeGreaterThan(1.5 * width(0));
  });

  it('never fall with the level, and do not depend on what else is asked or in which order', () => {
    const many = Array.from({ length: 201 }, (_, i) => i / 200);
    const few = fresh.columns.map((column) => column.subarray(0, 40));
    const all = predictQuantiles(forest, few, 40, many);
    for (let at = 0; at < all.length; at++) {
      if (at % 201 > 0) expect(all[at]).toBeGreaterThanOrEqual(all[at - 1] ?? NaN);
    }
    const backwards = predictQuantiles(forest, few, 40, many.toReversed());
    const single = predictQuantiles(forest, few, 40, [0.9]);
    for (let row = 0; row < 40; row++) {
      expect(backwards.slice(row * 201, (row + 1) * 201).toReversed()).toEqual(all.slice(row * 201, (row + 1) * 201));
      expect(single[row]).toBe(all[row * 201 + 180]);
    }
  });
});

describe('a calibration', () => {
  it('is wanted where leaves are too sure: without it quantiles of fully grown trees cover too little', () => {
    const forest = calibrated(uneven(400, 1), 1);
    const fresh = uneven(2_000, 7);
    const covered = (used: FlatForest): number => {
      const quantiles = predictQuantiles(used, fresh.columns, 2_000, [0.05, 0.95]);
      return fresh.target.filter((target, row) => target >= (quantiles[2 * row] ?? NaN) && target <= (quantiles[2 * row + 1] ?? NaN)).length / 2_000;
    };
    expect(Math.abs(covered(forest) - 0.9)).toBeLessThan(Math.abs(covered({ ...forest, calibration: undefined }) - 0.9));
  });

  it('works for all kinds of small data, and is absent where no row is out of bag', () => {
    fc.assert(
      fc.property(regressionData(12), treeLimits, fc.boolean(), (data, limits, bootstrap) => {
        const { set, settings, trees } = packTwins(data, { ...limits, nEstimators: 3, bootstrap });
        const leafTargets = collectLeafTargets(set, settings, trees);
        const calibration = calibrateQuantiles(set, settings, trees, leafTargets);
        if (!bootstrap) expect(calibration).toBeUndefined();
        const forest = packForest({ set, trees, importances: new Float64Array(data.columns.length), oobScore: NaN, leafTargets, calibration });
        validateForest(forest.buffer);
        expect(predictQuantiles(forest, data.columns, data.target.length, [0.1, 0.5, 1]).every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('quantiles that cannot be told', () => {
  const data = uneven(50, 1);
  const refusal = (forest: FlatForest, levels: readonly number[]): unknown => {
    try {
      return predictQuantiles(forest, data.columns, 50, levels);
    } catch (error) {
      return error;
    }
  };

  it('are refused: no targets kept, no such level', () => {
    const plain = refusal(packTwins(data, { nEstimators: 2 }).forest, [0.5]);
    expect(plain).toBeInstanceOf(ForestError);
    expect(plain).toMatchObject({ code: 'not-kept', message: expect.stringMatching(/quantiles: true/) });
    const { forest } = packTwins(data, { nEstimators: 2, quantiles: true });
    for (const level of [-0.1, 1.1, NaN]) {
      expect(refusal(forest, [0.5, level])).toMatchObject({ code: 'invalid-option', message: `levels: got ${level}, allowed: numbers from 0 to 1` });
    }
    expect(refusal(forest, [])).toEqual(new Float64Array());
  });

  it('are refused of leaves whose targets lie outside of the file', () => {
    const { forest } = packTwins(data, { nEstimators: 2, quantiles: true, minSamplesLeaf: 5 });
    forest.leafTargets?.starts.fill(2 ** 32 - 1, 3);
    expect(refusal(forest, [0.5])).toMatchObject({ code: 'invalid-forest', message: expect.stringMatching(/^mixed leaf 2: got targets \d+ to 4294967295, expected some of/) });
  });
});
