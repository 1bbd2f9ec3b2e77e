import { createConformanceData, describeConformance } from '@dropforest/algorithm/conformance';
import { HyperparameterError } from '@dropforest/algorithm';
import type { FitContext, FitProgress, Predictor, Training } from '@dropforest/algorithm';
import { describe, expect, it } from 'vitest';
import { createForest, forest } from '../src/index.ts';

describeConformance(forest, { settings: { nEstimators: 20, tune: 'off' } });
describeConformance(forest, { settings: { nEstimators: 20, maxDepth: 6, maxFeatures: 1 }, rows: 60 });

const context = { seed: 1, threads: 1 };
const training = {
  task: 'regression' as const,
  features: [{ name: 'price', values: Float64Array.of(1, 2, 3, 4) }, { name: 'size', values: Float64Array.of(1, 1, 2, 2) }],
  target: Float64Array.of(10, 20, 30, 40),
};

describe('hyperparameters of forest', () => {
  it('are those of 500 tuned trees by default', () => {
    expect(forest.resolveHyperparameters({})).toEqual({
      nEstimators: 500, tune: 'auto', minSamplesLeaf: 'auto', maxFeatures: 'auto', maxDepth: 'auto', minSamplesSplit: 2, criterion: 'auto', splitter: 'best',
      maxLeafNodes: null, minImpurityDecrease: 0, bootstrap: true, maxSamples: null, classWeight: null,
    });
  });

  it('may say "none" where JSON would say null, which dataset.json cannot', () => {
    const given = { maxDepth: 'none', maxLeafNodes: 'none', maxSamples: 'none', classWeight: 'none' };
    expect(forest.resolveHyperparameters(given)).toMatchObject({ maxDepth: null, maxLeafNodes: null, maxSamples: null, classWeight: null });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ nEstimators: 0 }, 'nEstimators: got 0, allowed: a whole number from 1 to 10,000'],
    [{ nEstimators: -0.5 }, 'nEstimators: got -0.5, allowed: a whole number from 1 to 10,000'],
    [{ nEstimators: 2.5 }, 'nEstimators: got 2.5, allowed: a whole number from 1 to 10,000'],
    [{ nEstimators: 10_001 }, 'nEstimators: got 10001, allowed: a whole number from 1 to 10,000'],
    [{ nEstimators: '50' }, 'nEstimators: got "50", allowed: a whole number from 1 to 10,000'],
    [{ maxDepth: 0 }, 'maxDepth: got 0, allowed: a whole number from 1 to 1,000,000, "none" for no limit, or "auto"'],
    [{ maxDepth: 'deep' }, 'maxDepth: got "deep", allowed: a whole number from 1 to 1,000,000, "none" for no limit, or "auto"'],
    [{ minSamplesSplit: 1 }, 'minSamplesSplit: got 1, allowed: a whole number from 2 (rows), or a fraction of the rows above 0 and below 1'],
    [{ minSamplesLeaf: 0 }, 'minSamplesLeaf: got 0, allowed: a whole number from 1 (rows), a fraction of the rows above 0 and below 1, or "auto"'],
    [{ maxFeatures: 'all' }, 'maxFeatures: got "all", allowed: a fraction of the features above 0 and up to 1, a whole number from 2 (features), "sqrt", "log2" or "auto"'],
    [{ maxFeatures: 2.5 }, 'maxFeatures: got 2.5, allowed: a fraction of the features above 0 and up to 1, a whole number from 2 (features), "sqrt", "log2" or "auto"'],
    [{ bootstrap: 1 }, 'bootstrap: got 1, allowed: true or false'],
    [{ tune: 'yes' }, 'tune: got "yes", allowed: "auto" or "off"'],
    [{ criterion: 'mae' }, 'criterion: got "mae", allowed: "auto" or "squared_error" or "gini" or "entropy"'],
    [{ splitter: 'worst' }, 'splitter: got "worst", allowed: "best" or "random"'],
    [{ maxLeafNodes: 1 }, 'maxLeafNodes: got 1, allowed: a whole number from 2 to 1,000,000, or "none" for no limit'],
    [{ minImpurityDecrease: -1 }, 'minImpurityDecrease: got -1, allowed: a number from 0'],
    [{ maxSamples: 1.5 }, 'maxSamples: got 1.5, allowed: a fraction of the rows above 0 and up to 1, a whole number from 2 (rows), or "none" for as many as there are'],
    [{ classWeight: 'even' }, 'classWeight: got "even", allowed: "balanced", "balanced_subsample", or "none"'],
  ])('%o are refused with what is allowed', (given, message) => {
    expect(() => forest.resolveHyperparameters(given)).toThrow(new HyperparameterError(Object.keys(given)[0] ?? '', `algorithm "forest": hyperparameter ${message}`));
  });

  it('are all accepted by the engine at the edges that the schema allows', async () => {
    for (const given of [
      { maxDepth: 1 }, { minSamplesSplit: 0.99, minSamplesLeaf: 0.01 }, { maxFeatures: 2 }, { maxFeatures: 'sqrt' }, { maxFeatures: 'log2' }, { maxFeatures: 0.01 },
      { minSamplesLeaf: 0.5, maxDepth: null }, { maxLeafNodes: 2 }, { minImpurityDecrease: 1e9 }, { maxSamples: 2 }, { maxSamples: 0.01 }, { criterion: 'squared_error' }, { splitter: 'random' },
    ]) {
      const predictor = await forest.fit(training, { nEstimators: 2, tune: 'off', ...given }, context);
      expect(predictor.predict(training.features)).toHaveLength(4);
    }
  });

  it.each<[Record<string, unknown>, string]>([
    [{ maxFeatures: 9 }, 'maxFeatures: got 9, allowed: .* to the number of features \\(2\\)'],
    [{ maxSamples: 9 }, 'maxSamples: got 9, allowed: .* to the number of rows \\(4\\)'],
    [{ maxSamples: 0.5, bootstrap: false }, 'maxSamples: got 0.5 with bootstrap false, allowed: '],
    [{ criterion: 'gini' }, 'criterion: got "gini", allowed: "squared_error"'],
    [{ classWeight: 'balanced' }, 'classWeight: got "balanced", allowed: nothing for a regressor'],
  ])('%o are refused at the fit, by what the data is like', async (given, message) => {
    for (const tune of ['auto', 'off']) {
      const fit = forest.fit(training, { ...given, tune }, context);
      await expect(fit).rejects.toThrow(HyperparameterError);
      await expect(fit).rejects.toThrow(new RegExp(`algorithm "forest": hyperparameter ${message}`));
    }
  });
});

describe('tuning by forest', () => {
  const { training: noisy } = createConformanceData('regression', 120, 3);
  const fit = (given: Record<string, unknown>, more: Partial<FitContext> = {}): Promise<Predictor> => forest.fit(noisy, { nEstimators: 10, ...given }, { ...context, ...more });
  const chosenBy = async (given: Record<string, unknown>): Promise<string[]> => Object.keys((await fit(given)).tuning?.chosen ?? {});

  it('chooses what is not set, and nothing where all is set or it is off', async () => {
    expect(await chosenBy({})).toEqual(['minSamplesLeaf', 'maxFeatures', 'maxDepth']);
    expect(await chosenBy({ maxFeatures: 'sqrt' })).toEqual(['minSamplesLeaf', 'maxDepth']);
    expect(await chosenBy({ minSamplesLeaf: 3, maxDepth: 'none' })).toEqual(['maxFeatures']);
    expect(await chosenBy({ minSamplesLeaf: 3, maxFeatures: 1, maxDepth: 'none' })).toEqual([]);
    expect(await chosenBy({ tune: 'off' })).toEqual([]);
  });

  it('leaves a depth alone that is set to no limit', async () => {
    const { tuning } = await fit({ minSamplesLeaf: 3, maxDepth: 'none' });
    // Three features of four, two of four, one of four: a setting each.
    expect(tuning?.trials.map(({ hyperparameters }) => hyperparameters['maxFeatures']).sort()).toEqual([1 / 3, 1 / 2, 1]);
  });

  it('tries nothing without out-of-bag rows to compare by', async () => {
    expect((await fit({ bootstrap: false })).tuning).toBeUndefined();
  });

  it('grows plain trees when it is off', async () => {
    const plain = await fit({ minSamplesLeaf: 1, maxFeatures: 1, maxDepth: null });
    expect((await fit({ tune: 'off' })).save()).toEqual(plain.save());
  });

  it('tells how far the trials are, and then the trees', async () => {
    const units: string[] = [];
    await fit({}, { onProgress: ({ unit }) => units.push(unit) });
    expect([...new Set(units)]).toEqual(['trials', 'trees']);
    expect(units.filter((unit) => unit === 'trees')).toHaveLength(10);
  });

  it('says what each trial came to, in the unit of the target or as a Brier score', async () => {
    const { tuning } = await fit({});
    expect(tuning).toMatchObject({ figure: 'RMSE' });
    expect(tuning?.trials.every(({ value = NaN, trees }) => value >= 0 && trees > 0)).toBe(true);
    const deviation = Math.sqrt(noisy.target.reduce((sum, value) => sum + value * value, 0) / noisy.target.length);
    expect(tuning?.trials[0]?.value).toBeLessThan(deviation);
    const classes = await forest.fit(createConformanceData('classification', 120, 3).training, { nEstimators: 10 }, context);
    expect(classes.tuning).toMatchObject({ figure: 'Brier score' });
    expect(classes.tuning?.trials[0]?.value).toBeLessThan(2 / 3);
  });

  it('stops when it is asked to between two trials', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const stop = ({ unit, done }: FitProgress): void => { if (unit === 'trials' && done === 3) controller.abort(reason); };
    await expect(fit({}, { signal: controller.signal, onProgress: stop })).rejects.toBe(reason);
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
      [...(await forest.fit(data, { nEstimators: 20, tune: 'off', maxFeatures }, context)).save().values()];
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

  it('names the feature that holds what cannot be learned from', async () => {
    const features = [{ name: 'price', values: Float64Array.of(1, Infinity, 3, 4) }];
    await expect(forest.fit({ ...training, features }, {}, context)).rejects.toThrow('columns[0] ("price"): got Infinity at row 1');
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
