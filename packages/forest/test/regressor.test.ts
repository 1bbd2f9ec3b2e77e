import { describe, expect, it } from 'vitest';
import { drawBag } from '../src/bag.ts';
import { RandomForestRegressor, validateForest } from '../src/index.ts';
import { prepare } from './grow-twin.ts';
import { predictTree, readForest } from './read-forest.ts';
import { synthesize } from './synthetic.ts';

const column = (...values: number[]): Float64Array => Float64Array.from(values);
const tree = { nEstimators: 1, bootstrap: false } as const;

describe('small data with a known answer', () => {
  it('predicts a constant target exactly', async () => {
    const forest = await RandomForestRegressor.fit({ columns: [column(1, 2, 3)], target: column(0.1, 0.1, 0.1) });
    expect(forest.predict([column(-5, 2.5, 9)])).toEqual(column(0.1, 0.1, 0.1));
    expect(forest.featureImportances).toEqual(column(0));
  });

  it('learns from one row', async () => {
    const forest = await RandomForestRegressor.fit({ columns: [column(7), column(8)], target: column(3.3) });
    expect(forest.predict([column(0, 1), column(0, 1)])).toEqual(column(3.3, 3.3));
  });

  it('predicts the mean where all features are constant', async () => {
    const forest = await RandomForestRegressor.fit({ columns: [column(1, 1, 1), column(2, 2, 2)], target: column(1, 2, 6) }, tree);
    expect(forest.predict([column(1), column(2)])[0]).toBeCloseTo(3, 12);
    expect(forest.nodeCount).toBe(1);
  });

  it('puts thresholds halfway between neighbouring values and sends equal values left', async () => {
    const forest = await RandomForestRegressor.fit({ columns: [column(1, 2, 4)], target: column(0, 0, 9) }, tree);
    expect(readForest(forest.data)[0]?.[0]?.threshold).toBe(3);
    expect(forest.predict([column(3, 3.0000001)])).toEqual(column(0, 9));
  });

  it('separates neighbouring doubles, the largest doubles and both zeros kept together', async () => {
    const next = 1 + Number.EPSILON;
    const close = await RandomForestRegressor.fit({ columns: [column(1, next)], target: column(0, 1) }, tree);
    expect(close.predict([column(1, next)])).toEqual(column(0, 1));
    const large = await RandomForestRegressor.fit({ columns: [column(-1.7e308, 1.7e308)], target: column(-1.7e308, 1.7e308) }, tree);
    expect(large.predict([column(-1.7e308, 1.7e308)])).toEqual(column(-1.7e308, 1.7e308));
    const zeros = await RandomForestRegressor.fit({ columns: [column(-0, 0)], target: column(0, 1) }, tree);
    expect(zeros.nodeCount).toBe(1);
  });

  it('finds exclusive or, whose first split explains nothing', async () => {
    const corners = Array.from({ length: 40 }, (_, row) => [row & 1, (row >> 1) & 1] as const);
    const columns = [Float64Array.from(corners, ([a]) => a), Float64Array.from(corners, ([, b]) => b)];
    const target = Float64Array.from(corners, ([a, b]) => a ^ b);
    const forest = await RandomForestRegressor.fit({ columns, target }, { nEstimators: 5, bootstrap: false });
    expect(forest.predict(columns)).toEqual(target);
  });

  it('does not favour the feature listed first when two say the same', async () => {
    const values = Float64Array.from({ length: 60 }, (_, row) => (row * 37) % 60);
    const mirrored = values.map((value) => -value);
    const target = values.map((value) => Math.sin(value));
    const forest = await RandomForestRegressor.fit({ columns: [values, mirrored], target }, { nEstimators: 60 });
    expect(forest.featureImportances[0]).toBeGreaterThan(0.35);
    expect(forest.featureImportances[0]).toBeLessThan(0.65);
  });

  it('gives the importance to the feature that matters', async () => {
    const { columns, target } = synthesize(400, 3);
    const forest = await RandomForestRegressor.fit({ columns, target }, { nEstimators: 20 });
    const shares = [...forest.featureImportances];
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect((shares[4] ?? 0) + (shares[9] ?? 0)).toBeGreaterThan(0.7);
  });

  it('takes columns of every numeric type', async () => {
    const target = column(5, 6, 7, 8);
    const wide = await RandomForestRegressor.fit({ columns: [column(0, 1, 2, 3)], target }, tree);
    for (const narrow of [Uint8Array.of(0, 1, 2, 3), Int32Array.of(0, 1, 2, 3), Float32Array.of(0, 1, 2, 3)]) {
      const forest = await RandomForestRegressor.fit({ columns: [narrow], target }, tree);
      expect(new Uint8Array(forest.data)).toEqual(new Uint8Array(wide.data));
      expect(forest.predict([narrow])).toEqual(target);
    }
  });
});

describe('options', () => {
  const { columns, target } = synthesize(200, 5);

  it('tries other features when only some are drawn', async () => {
    const all = await RandomForestRegressor.fit({ columns, target }, { nEstimators: 2, bootstrap: false });
    for (const maxFeatures of ['sqrt', 'log2', 0.3, 3] as const) {
      const some = await RandomForestRegressor.fit({ columns, target }, { nEstimators: 2, bootstrap: false, maxFeatures });
      validateForest(some.data);
      expect(new Uint8Array(some.data)).not.toEqual(new Uint8Array(all.data));
    }
  });

  it('reads fractions as shares of the rows', async () => {
    const share = await RandomForestRegressor.fit({ columns, target }, { nEstimators: 3, minSamplesLeaf: 0.05, minSamplesSplit: 0.2 });
    const count = await RandomForestRegressor.fit({ columns, target }, { nEstimators: 3, minSamplesLeaf: 10, minSamplesSplit: 40 });
    expect(new Uint8Array(share.data)).toEqual(new Uint8Array(count.data));
  });

  it('grows other trees from another seed', async () => {
    const bytes = async (seed: number): Promise<Uint8Array> => new Uint8Array((await RandomForestRegressor.fit({ columns, target }, { nEstimators: 1, seed })).data);
    expect(await bytes(1)).not.toEqual(await bytes(2));
    expect(await bytes(1)).not.toEqual(await bytes(2 ** 32 + 1));
  });
});

describe('out-of-bag predictions', () => {
  const data = synthesize(120, 6);

  it('are the mean of the trees that have not seen the row', async () => {
    const options = { nEstimators: 7, oobScore: true, seed: 11 };
    const forest = await RandomForestRegressor.fit(data, options);
    const trees = readForest(forest.data);
    const { set, settings } = prepare(data, options);
    const sums = new Float64Array(120);
    const seenBy = new Uint32Array(120);
    for (let index = 0; index < 7; index++) {
      const counts = new Uint32Array(120);
      drawBag(set, settings, index, counts);
      predictTree(trees[index] ?? [], data.columns).forEach(([value = NaN], row) => {
        if (counts[row] !== 0) return;
        sums[row] = (sums[row] ?? 0) + value;
        seenBy[row] = (seenBy[row] ?? 0) + 1;
      });
    }
    forest.oobPrediction?.forEach((value, row) => {
      if (seenBy[row] === 0) expect(value).toBeNaN();
      else expect(value).toBeCloseTo((sums[row] ?? 0) / (seenBy[row] ?? 0), 6);
    });
    expect(forest.oobPrediction).toHaveLength(120);
  });

  it('score below the training rows and above the mean', async () => {
    const forest = await RandomForestRegressor.fit(data, { nEstimators: 50, oobScore: true });
    expect(forest.oobScore).toBeGreaterThan(0.3);
    expect(forest.oobScore).toBeLessThan(0.95);
  });

  it('are absent unless asked for', async () => {
    const forest = await RandomForestRegressor.fit(data, { nEstimators: 1 });
    expect(forest.oobPrediction).toBeUndefined();
    expect(forest.oobScore).toBeNaN();
  });
});
