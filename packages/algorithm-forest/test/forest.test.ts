import { describeConformance } from '@dropforest/algorithm/conformance';
import { HyperparameterError } from '@dropforest/algorithm';
import type { Training } from '@dropforest/algorithm';
import { describe, expect, it } from 'vitest';
import { createForest, forest } from '../src/index.ts';

describeConformance(forest, { settings: { nEstimators: 20 } });

const context = { seed: 1, threads: 1 };
const training = {
  task: 'regression' as const,
  features: [{ name: 'price', values: Float64Array.of(1, 2, 3, 4) }, { name: 'size', values: Float64Array.of(1, 1, 2, 2) }],
  target: Float64Array.of(10, 20, 30, 40),
};

describe('hyperparameters of forest', () => {
  it('are those of 500 fully grown trees by default', () => {
    expect(forest.resolveHyperparameters({})).toEqual({
      nEstimators: 500, maxDepth: null, minSamplesSplit: 2, minSamplesLeaf: 1, maxFeatures: 'auto', bootstrap: true,
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ nEstimators: 0 }, 'nEstimators: got 0, allowed: a whole number from 1 to 10,000'],
    [{ nEstimators: -0.5 }, 'nEstimators: got -0.5, allowed: a whole number from 1 to 10,000'],
    [{ nEstimators: 2.5 }, 'nEstimators: got 2.5, allowed: a whole number from 1 to 10,000'],
    [{ nEstimators: 10_001 }, 'nEstimators: got 10001, allowed: a whole number from 1 to 10,000'],
    [{ nEstimators: '50' }, 'nEstimators: got "50", allowed: a whole number from 1 to 10,000'],
    [{ maxDepth: 0 }, 'maxDepth: got 0, allowed: a whole number from 1 to 1,000,000, or null for no limit'],
    [{ maxDepth: 'deep' }, 'maxDepth: got "deep", allowed: a whole number from 1 to 1,000,000, or null for no limit'],
    [{ minSamplesSplit: 1 }, 'minSamplesSplit: got 1, allowed: a whole number from 2 (rows), or a fraction of the rows above 0 and below 1'],
    [{ minSamplesLeaf: 0 }, 'minSamplesLeaf: got 0, allowed: a whole number from 1 (rows), or a fraction of the rows above 0 and below 1'],
    [{ maxFeatures: 'all' }, 'maxFeatures: got "all", allowed: a fraction of the features above 0 and up to 1, a whole number from 2 (features), "sqrt", "log2" or "auto"'],
    [{ maxFeatures: 2.5 }, 'maxFeatures: got 2.5, allowed: a fraction of the features above 0 and up to 1, a whole number from 2 (features), "sqrt", "log2" or "auto"'],
    [{ bootstrap: 1 }, 'bootstrap: got 1, allowed: true or false'],
  ])('%o are refused with what is allowed', (given, message) => {
    expect(() => forest.resolveHyperparameters(given)).toThrow(new HyperparameterError(Object.keys(given)[0] ?? '', `algorithm "forest": hyperparameter ${message}`));
  });

  it('are all accepted by the engine at the edges that the schema allows', async () => {
    for (const given of [
      { maxDepth: 1 }, { minSamplesSplit: 0.99, minSamplesLeaf: 0.01 }, { maxFeatures: 2 }, { maxFeatures: 'sqrt' }, { maxFeatures: 'log2' }, { maxFeatures: 0.01 },
    ]) {
      const predictor = await forest.fit(training, { nEstimators: 2, ...given }, context);
      expect(predictor.predict(training.features)).toHaveLength(4);
    }
  });

  it('are refused at the fit when there are fewer features than asked for', async () => {
    await expect(forest.fit(training, { maxFeatures: 9 }, context)).rejects.toThrow(
      new HyperparameterError('maxFeatures', 'algorithm "forest": hyperparameter maxFeatures: got 9, allowed: at most the number of features, 2'),
    );
  });
});

describe('classification by forest', () => {
  const classes = { ...training, task: 'classification' as const, target: Float64Array.of(0, 1, 1, 0), classCount: 2 };

  it('has out-of-bag probabilities, those of a row all there or all missing', async () => {
    const { oobPrediction } = await forest.fit(classes, { nEstimators: 2 }, context);
    expect(oobPrediction).toHaveLength(8);
    for (let row = 0; row < 4; row++) expect(Number.isNaN(oobPrediction?.[2 * row])).toBe(Number.isNaN(oobPrediction?.[2 * row + 1]));
  });

  it('tries the square root of the features at a node by default, and all of them for regression', async () => {
    const save = async (data: Training, maxFeatures: unknown): Promise<unknown> =>
      [...(await forest.fit(data, { nEstimators: 20, maxFeatures }, context)).save().values()];
    expect(await save(classes, 'auto')).toEqual(await save(classes, 'sqrt'));
    expect(await save(classes, 'auto')).not.toEqual(await save(classes, 1));
    expect(await save(training, 'auto')).toEqual(await save(training, 1));
  });

  it('is told from regression by the file alone', async () => {
    const loaded = await forest.load((await forest.fit(classes, { nEstimators: 3 }, context)).save());
    expect(loaded.predict(training.features)).toHaveLength(8);
  });
});

describe('a fitted forest', () => {
  it('has out-of-bag predictions with bootstrap and none without', async () => {
    expect((await forest.fit(training, { nEstimators: 5 }, context)).oobPrediction).toHaveLength(4);
    expect((await forest.fit(training, { nEstimators: 5, bootstrap: false }, context)).oobPrediction).toBeUndefined();
  });

  it('names the feature that holds a missing value', async () => {
    const features = [{ name: 'price', values: Float64Array.of(1, NaN, 3, 4) }];
    await expect(forest.fit({ ...training, features }, {}, context)).rejects.toThrow('columns[0] ("price"): got NaN at row 1');
  });

  it('can be told where its worker program lies', async () => {
    const workerUrl = new URL('../src/worker.ts', import.meta.url);
    const bundled = createForest({ workerUrl });
    const settings = { nEstimators: 4 };
    const [here] = (await forest.fit(training, settings, context)).save().values();
    const [there] = (await bundled.fit(training, settings, { seed: 1, threads: 2 })).save().values();
    expect(there).toEqual(here);
  });
});
