import { describeConformance } from '@dropforest/algorithm/conformance';
import { HyperparameterError } from '@dropforest/algorithm';
import { RandomForestClassifier, RandomForestRegression } from 'ml-random-forest';
import { describe, expect, it } from 'vitest';
import { mlRandomForest } from '../src/index.ts';
import { readModel } from '../src/model-file.ts';

describeConformance(mlRandomForest, { settings: { nEstimators: 3 }, rows: 80 });

const context = { seed: 1, threads: 1 };
const training = {
  task: 'regression' as const,
  features: [
    { name: 'price', values: Float64Array.from({ length: 30 }, (_, row) => (row * 7) % 30) },
    { name: 'size', values: Float64Array.from({ length: 30 }, (_, row) => row % 3) },
  ],
  target: Float64Array.from({ length: 30 }, (_, row) => ((row * 7) % 30) * (1 + (row % 3))),
};

describe('ml-random-forest for classification', () => {
  // Where this fails after an upgrade, the package's probabilities may have become fit to use.
  it('is left out because the package’s probabilities leave out the vote of the first tree', () => {
    const rows = [[1], [2], [3], [4], [5], [6]];
    const classifier = new RandomForestClassifier({ nEstimators: 5, seed: 1, noOOB: true });
    classifier.train(rows, [0, 0, 1, 1, 2, 2]);
    const byClass = [0, 1, 2].map((label) => classifier.predictProbability(rows, label));
    for (const row of rows.keys()) expect(byClass.reduce((sum, column) => sum + (column[row] ?? NaN), 0)).toBeLessThan(0.81);
    expect(mlRandomForest.capabilities.tasks).toEqual(['regression']);
  });
});

describe('ml-random-forest as an algorithm', () => {
  it('has few trees by default', () => {
    expect(mlRandomForest.resolveHyperparameters({})).toEqual({ nEstimators: 10, maxFeatures: 1, maxDepth: null, minNumSamples: 3 });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ nEstimators: 0 }, 'nEstimators: got 0, allowed: a whole number from 1 to 1,000'],
    [{ maxFeatures: 2 }, 'maxFeatures: got 2, allowed: a fraction above 0 and up to 1'],
    [{ maxDepth: 0 }, 'maxDepth: got 0, allowed: a whole number from 1 to 1,000,000, or null for no limit'],
    [{ minNumSamples: 1.5 }, 'minNumSamples: got 1.5, allowed: a whole number from 1 to 1,000,000'],
  ])('refuses %o with what is allowed', (given, message) => {
    const expected = new HyperparameterError(Object.keys(given)[0] ?? '', `algorithm "ml-random-forest": hyperparameter ${message}`);
    expect(() => mlRandomForest.resolveHyperparameters(given)).toThrow(expected);
  });

  it('saves a model that the package itself loads, with the mean of its trees as prediction', async () => {
    const predictor = await mlRandomForest.fit(training, { nEstimators: 4 }, context);
    const forest = RandomForestRegression.load(readModel(predictor.save()));
    const rows = Array.from(training.target, (_, row) => training.features.map(({ values }) => values[row] ?? NaN));
    expect([...predictor.predict(training.features)]).toEqual(forest.predict(rows));
    expect(forest.estimators).toHaveLength(4);
  });

  it('grows trees that differ from each other', async () => {
    const predictor = await mlRandomForest.fit(training, { nEstimators: 2 }, context);
    const text = new TextDecoder().decode(predictor.save().get('model.json'));
    const one = await mlRandomForest.fit(training, { nEstimators: 1 }, context);
    expect(predictor.predict(training.features)).not.toEqual(one.predict(training.features));
    expect(text).toContain('"nEstimators":2');
  });

  it('lets each tree see at least one feature, however small the share', async () => {
    const predictor = await mlRandomForest.fit(training, { nEstimators: 3, maxFeatures: 0.001 }, context);
    expect(predictor.predict(training.features).every(Number.isFinite)).toBe(true);
  });

  it('honours a limit of depth', async () => {
    const predictor = await mlRandomForest.fit(training, { nEstimators: 1, maxDepth: 1 }, context);
    expect(new Set(predictor.predict(training.features)).size).toBeLessThanOrEqual(2);
  });

  it('predicts a constant target and says that no feature matters', async () => {
    const constant = { ...training, target: new Float64Array(30).fill(4) };
    const predictor = await mlRandomForest.fit(constant, { nEstimators: 2 }, context);
    expect(predictor.predict(training.features)).toEqual(constant.target);
    expect(predictor.featureImportances).toEqual(new Float64Array(2));
  });
});
