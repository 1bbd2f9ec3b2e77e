import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBag, weighBag } from '../src/bag.ts';
import type { ForestData } from '../src/columns.ts';
import { fromUnits } from '../src/fixed-point.ts';
import { growSettings, resolveSettings } from '../src/options.ts';
import type { ForestOptions, GrowSettings } from '../src/options.ts';
import { createTrainingSet } from '../src/training-set.ts';
import type { Allocate, TrainingSet } from '../src/training-set.ts';
import { refusalOf } from './refusal-of.ts';

const plain: Allocate = (bytes) => new ArrayBuffer(bytes);
const column = (...values: number[]): Float64Array => Float64Array.from(values);

interface Prepared {
  readonly set: TrainingSet;
  readonly settings: GrowSettings;
}

function prepare(data: ForestData, classes: number, options: ForestOptions = {}, allocate = plain): Prepared {
  const settings = resolveSettings(options, { rows: data.target.length, features: data.columns.length, classes });
  const set = createTrainingSet(data, classes, settings, allocate);
  return { set, settings: growSettings(settings, set) };
}

/** The weights of the rows in tree 0's bag. */
function bagOf({ set, settings }: Prepared): Float64Array {
  const counts = new Uint32Array(set.rows);
  const weights = new Float64Array(set.rows);
  drawBag(set, settings, 0, counts);
  weighBag(set, settings, counts, weights);
  return weights;
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);
const exactSum = (numbers: Iterable<number>): bigint => [...numbers].reduce((total, number) => total + BigInt(number), 0n);

const fractions = fc.oneof(fc.constantFrom(0, 1, 1 / 3, 1e-12, 1e9), fc.double({ min: 0, max: 10, noNaN: true }));
/** Targets of which some agree, classes 0 to 2, and weights not all 0. */
const weighted = fc.integer({ min: 1, max: 40 }).chain((rows) =>
  fc.record({
    target: fc.array(fc.oneof(fc.constant(-0), fc.integer({ min: -2, max: 2 }), fc.double({ min: -1e9, max: 1e9, noNaN: true })), { minLength: rows, maxLength: rows }),
    classes: fc.array(fc.nat(2), { minLength: rows, maxLength: rows }),
    weights: fc.array(fractions, { minLength: rows, maxLength: rows }).filter((weights) => weights.some((weight) => weight > 0)),
  }));
const tableOf = ({ target, weights }: { readonly target: readonly number[]; readonly weights: readonly number[] }): ForestData & { readonly weights: Float64Array } =>
  ({ columns: [Float64Array.from(target.keys())], target: Float64Array.from(target), weights: Float64Array.from(weights) });

describe('the training set of a regression', () => {
  it('ranks the targets of the rows that count', () => {
    fc.assert(fc.property(weighted, (given) => {
      const data = tableOf(given);
      const { targetRanks, targetLevels, drawable } = prepare(data, 0).set;
      expect([...drawable]).toEqual([...data.weights.keys()].filter((row) => (data.weights[row] ?? 0) > 0));
      const learned = [...drawable].map((row) => (data.target[row] ?? NaN) + 0);
      expect([...targetLevels]).toEqual([...new Set(learned)].sort((a, b) => a - b));
      expect([...drawable].map((row) => targetLevels[targetRanks[row] ?? -1])).toEqual(learned);
    }));
  });

  it('has weights in proportion and sums that give the targets back', () => {
    fc.assert(fc.property(weighted, (given) => {
      const data = tableOf(given);
      const { set } = prepare(data, 0);
      const heaviest = Math.max(...data.weights);
      const most = Math.max(...set.weights);
      for (const row of set.drawable) {
        const weight = set.weights[row] ?? NaN;
        expect(Number.isInteger(weight) && weight >= 1).toBe(true);
        expect(Math.abs(weight / most - (data.weights[row] ?? NaN) / heaviest)).toBeLessThan(1e-12);
      }
      // A row as heavy as the heaviest has its target to about half a step of the grid.
      const row = data.weights.indexOf(heaviest);
      const mean = fromUnits(set.grid, ((set.sums[row] ?? NaN) / (set.weights[row] ?? NaN)) * set.weightScale);
      expect(Math.abs(mean - (data.target[row] ?? NaN))).toBeLessThanOrEqual(2 / set.grid.scale + 1e-6);
    }));
  });

  it('sums any bag exactly', () => {
    fc.assert(fc.property(weighted, fc.nat(), (given, seed) => {
      const { set, settings } = prepare(tableOf(given), 0, { seed });
      const worst = [set.weights, set.sums].map((array) => Math.max(...array.map(Math.abs)) * settings.draws);
      for (const most of worst) expect(most).toBeLessThanOrEqual(2 ** 53);
    }));
  });
});

describe('whole weights', () => {
  it('are used as they are, so that a row of weight k is k rows', () => {
    const { set } = prepare({ columns: [column(1, 2, 3)], target: column(5, 6, 9), weights: column(3, 0, 1_048_576) }, 0);
    expect({ weights: [...set.weights], weightScale: set.weightScale }).toEqual({ weights: [3, 0, 1_048_576], weightScale: 1 });
    expect([...prepare({ columns: [column(1, 2, 3)], target: column(0, 1, 0), weights: column(3, 0, 7) }, 2).set.weights]).toEqual([3, 0, 7]);
    expect([...prepare({ columns: [column(1, 2)], target: column(5, 6) }, 0).set.weights]).toEqual([1, 1]);
  });
});

describe('fractional weights', () => {
  it.each([1e-308, 1, 1e308])('keep their proportion around %d', (size) => {
    for (const classes of [0, 2]) {
      const [light = NaN, heavy = NaN] = prepare({ columns: [column(1, 2)], target: column(0, 1), weights: column(size / 3, size) }, classes).set.weights;
      expect(heavy / light).toBeCloseTo(3, 6);
    }
  });
});

describe('the training set of a classification', () => {
  it('has the classes as ranks and no sums', () => {
    const { set } = prepare({ columns: [column(1, 2, 3)], target: column(2, 0, 2) }, 3);
    expect([...set.targetRanks]).toEqual([2, 0, 2]);
    expect([...set.sums]).toEqual([0, 0, 0]);
    expect(set.targetLevels.length).toBe(0);
  });

  it.each([['balanced'], ['balanced_subsample'], [[1, 0.5, 4.25]], [undefined]] as const)('with class weights %o weighs a bag so that squares are exact', (classWeight) => {
    fc.assert(fc.property(weighted, fc.nat(), fc.boolean(), ({ classes, weights }, seed, bootstrap) => {
      const table = tableOf({ target: classes, weights });
      // Whole weights are kept, whatever they add up to.
      fc.pre(!table.weights.every(Number.isInteger));
      const bag = bagOf(prepare(table, 3, { classWeight, seed, bootstrap }));
      for (const weight of bag) expect(Number.isInteger(weight)).toBe(true);
      expect(exactSum(bag) ** 2n).toBeLessThanOrEqual(2n ** 53n);
    }));
  });

  it('with balanced classes gives each the same weight', () => {
    const target = Float64Array.from({ length: 1000 }, (_, row) => (row < 900 ? 0 : row < 990 ? 1 : 3));
    const data = { columns: [target], target };
    const { set } = prepare(data, 4, { classWeight: 'balanced' });
    const weights = [0, 1, 3].map((label) => sum(set.weights.filter((_, row) => target[row] === label)));
    for (const weight of weights) expect(weight / (weights[0] ?? NaN)).toBeCloseTo(1, 3);
    // scikit-learn: n / (classes with rows × rows of the class).
    const [frequent = NaN, , , rare = NaN] = [0, 900, 901, 995].map((row) => set.weights[row]);
    expect(rare / frequent).toBeCloseTo(90, 0);
  });

  it('leaves rows of weight 0 out of the balance, and multiplies weights with class weights', () => {
    const data = { columns: [column(1, 2, 3, 4)], target: column(0, 0, 1, 1), weights: column(2, 2, 4, 0) };
    const balanced = prepare(data, 2, { classWeight: 'balanced' }).set;
    // Factors 3 / (2 · 2) and 3 / (2 · 1).
    expect((balanced.weights[2] ?? NaN) / (balanced.weights[0] ?? NaN)).toBeCloseTo(4, 6);
    expect([...balanced.drawable]).toEqual([0, 1, 2]);
    expect([...prepare(data, 2, { classWeight: [3, 5] }).set.weights]).toEqual([6, 6, 20, 0]);
  });

  it('does not draw rows of a class of weight 0, and is refused where none are left', async () => {
    const data = { columns: [column(1, 2, 3)], target: column(0, 1, 0) };
    expect([...prepare(data, 2, { classWeight: [0, 2] }).set.drawable]).toEqual([1]);
    expect(await refusalOf(() => prepare(data, 3, { classWeight: [0, 0, 1] }))).toBe(
      'invalid-option | classWeight: got 0 for every class that has rows, allowed: a number above 0 for one of them');
  });
});

describe('a training set', () => {
  it('knows nothing of rows of weight 0 but their codes', () => {
    fc.assert(fc.property(weighted, (given) => {
      const data = tableOf(given);
      const all = prepare(data, 0).set;
      const pick = (values: Float64Array): Float64Array => Float64Array.from(all.drawable, (row) => values[row] ?? NaN);
      const alone = prepare({ columns: data.columns.map((values) => pick(Float64Array.from(values))), target: pick(data.target), weights: pick(data.weights) }, 0).set;
      expect(alone.targetLevels).toEqual(all.targetLevels);
      expect(alone.weights).toEqual(pick(all.weights));
      expect(alone.sums).toEqual(pick(all.sums));
      expect(alone.features[0]?.cuts).toEqual(all.features[0]?.cuts);
      expect([...(alone.features[0]?.codes ?? [])]).toEqual([...all.drawable].map((row) => all.features[0]?.codes[row]));
    }));
  });

  it('lies in shared memory where that is handed out', () => {
    const shared: Allocate = (bytes) => new SharedArrayBuffer(bytes);
    const { set } = prepare({ columns: [column(1.5, NaN), column(3, 4)], target: column(1, 2), categoricalFeatures: [1] }, 0, {}, shared);
    for (const array of [set.weights, set.sums, set.targetRanks, set.drawable, ...set.features.map(({ codes }) => codes)]) {
      expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
    expect(set.features.map(({ isCategorical }) => isCategorical)).toEqual([false, true]);
  });
});

describe('the least decrease of impurity', () => {
  type Impurity = (rows: readonly number[]) => number;
  const weightsOf = (rows: readonly number[], weights: Float64Array): number => sum(rows.map((row) => weights[row] ?? NaN));

  /** scikit-learn's definition: N_t / N · (impurity − N_tL / N_t · left impurity − N_tR / N_t · right impurity). */
  function decrease(impurity: Impurity, weights: Float64Array, node: readonly number[], left: readonly number[]): number {
    const right = node.filter((row) => !left.includes(row));
    const [w, wl, wr] = [node, left, right].map((rows) => weightsOf(rows, weights));
    return ((w ?? NaN) / sum(weights)) * (impurity(node) - ((wl ?? NaN) / (w ?? NaN)) * impurity(left) - ((wr ?? NaN) / (w ?? NaN)) * impurity(right));
  }

  const target = column(3, 3.5, -20, 8, 8.25, 0, 1e3, 7);
  const labels = column(0, 1, 2, 1, 1, 0, 2, 0);
  const weights = column(0.5, 2, 1 / 3, 1, 1, 0.7, 3, 1.1);
  const node = [1, 2, 3, 5, 6, 7];
  const left = [2, 5, 6];
  const shareOf = (label: number, rows: readonly number[]): number => weightsOf(rows.filter((row) => labels[row] === label), weights) / weightsOf(rows, weights);
  const variance: Impurity = (rows) => {
    const mean = sum(rows.map((row) => (weights[row] ?? NaN) * (target[row] ?? NaN))) / weightsOf(rows, weights);
    return sum(rows.map((row) => (weights[row] ?? NaN) * ((target[row] ?? NaN) - mean) ** 2)) / weightsOf(rows, weights);
  };

  it.each([weights, column(1, 1, 1, 1, 1, 1, 1, 1), column(3, 1, 2, 5, 1, 1, 4, 2)])('is in the unit of the target squared, weights %#', (rowWeights) => {
    weights.set(rowWeights);
    const expected = decrease(variance, weights, node, left);
    const { set, settings } = prepare({ columns: [target], target, weights: rowWeights }, 0, { minImpurityDecrease: expected });
    const [w = NaN, s = NaN, wl = NaN, sl = NaN] = [node, left].flatMap((rows) => [set.weights, set.sums].map((array) => weightsOf(rows, array)));
    const reduction = (w * sl - s * wl) ** 2 / (wl * (w - wl)) / w;
    expect(reduction / sum(set.weights) / settings.minImpurityDecrease).toBeCloseTo(1, 9);
  });

  it.each(['gini', 'entropy'] as const)('of %s has no unit', (criterion) => {
    weights.set([0.5, 2, 1 / 3, 1, 1, 0.7, 3, 1.1]);
    const impurity: Impurity = (rows) => {
      const shares = [0, 1, 2].map((label) => shareOf(label, rows)).filter((share) => share > 0);
      return criterion === 'gini' ? 1 - sum(shares.map((share) => share ** 2)) : -sum(shares.map((share) => share * Math.log2(share)));
    };
    const expected = decrease(impurity, weights, node, left);
    const { set, settings } = prepare({ columns: [target], target: labels, weights }, 3, { minImpurityDecrease: expected, criterion });
    const spread = (rows: readonly number[]): number => {
      const classWeights = [0, 1, 2].map((label) => weightsOf(rows.filter((row) => labels[row] === label), set.weights)).filter((weight) => weight > 0);
      const w = sum(classWeights);
      return criterion === 'gini' ? w - sum(classWeights.map((weight) => weight ** 2)) / w : sum(classWeights.map((weight) => weight * Math.log2(w / weight)));
    };
    const right = node.filter((row) => !left.includes(row));
    const reduction = spread(node) - spread(left) - spread(right);
    expect(reduction / sum(set.weights) / settings.minImpurityDecrease).toBeCloseTo(1, 5);
  });

  it('of 0 stays 0 for targets of any size', () => {
    for (const size of [1e-300, 1e300]) expect(prepare({ columns: [column(1, 2)], target: column(size, 2 * size) }, 0).settings.minImpurityDecrease).toBe(0);
  });
});
