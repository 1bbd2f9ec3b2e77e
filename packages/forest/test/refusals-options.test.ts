import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawsOf, resolveSettings } from '../src/options.ts';
import type { ForestOptions, ForestSettings } from '../src/options.ts';
import { refusalOf } from './refusal-of.ts';

const regression = { rows: 100, features: 10, classes: 0 };
const classification = { ...regression, classes: 3 };
const settingsOf = (options: ForestOptions, shape = regression): ForestSettings => resolveSettings(options, shape);

/** What a caller without types passes. */
function untyped<T>(json: string): T {
  const value: T = JSON.parse(json);
  return value;
}

describe('options out of range', () => {
  it.each<[ForestOptions, string]>([
    [{ nEstimators: 0 }, 'nEstimators: got 0, allowed: a whole number from 1 to 1000000'],
    [{ nEstimators: NaN }, 'nEstimators: got NaN, allowed: a whole number from 1 to 1000000'],
    [{ nEstimators: untyped('"5"') }, 'nEstimators: got "5", allowed: a whole number from 1 to 1000000'],
    [{ nEstimators: 8, treeRange: { from: 8, to: 9 } }, 'treeRange.from: got 8, allowed: a whole number from 0 to 7'],
    [{ nEstimators: 8, treeRange: { from: -1, to: 3 } }, 'treeRange.from: got -1, allowed: a whole number from 0 to 7'],
    [{ nEstimators: 8, treeRange: { from: 3, to: 3 } }, 'treeRange.to: got 3, allowed: a whole number from 4 to 8'],
    [{ nEstimators: 8, treeRange: { from: 3, to: 9 } }, 'treeRange.to: got 9, allowed: a whole number from 4 to 8'],
    [{ treeRange: untyped('{ "from": "0", "to": 5 }') }, 'treeRange.from: got "0", allowed: a whole number from 0 to 99'],
    [{ criterion: 'gini' }, 'criterion: got "gini", allowed: "squared_error"'],
    [{ splitter: untyped('"worst"') }, 'splitter: got "worst", allowed: "best" or "random"'],
    [{ maxDepth: 1.5 }, 'maxDepth: got 1.5, allowed: a whole number from 1 to 2147483647'],
    [{ maxLeafNodes: 1 }, 'maxLeafNodes: got 1, allowed: a whole number from 2 to 2147483647'],
    [{ minSamplesSplit: 1.5 }, 'minSamplesSplit: got 1.5, allowed: a whole number from 2, or a fraction of the rows between 0 and 1'],
    [{ minSamplesLeaf: 0 }, 'minSamplesLeaf: got 0, allowed: a whole number from 1, or a fraction of the rows between 0 and 1'],
    [{ minSamplesLeaf: untyped('"0.5"') }, 'minSamplesLeaf: got "0.5", allowed: a whole number from 1, or a fraction of the rows between 0 and 1'],
    [{ minImpurityDecrease: -1e-9 }, 'minImpurityDecrease: got -1e-9, allowed: a finite number from 0'],
    [{ minImpurityDecrease: Infinity }, 'minImpurityDecrease: got Infinity, allowed: a finite number from 0'],
    [{ maxFeatures: 11 }, 'maxFeatures: got 11, allowed: a fraction in (0, 1], a whole number from 2 to the number of features (10), "sqrt" or "log2"'],
    [{ maxFeatures: -0.5 }, 'maxFeatures: got -0.5, allowed: a fraction in (0, 1], a whole number from 2 to the number of features (10), "sqrt" or "log2"'],
    [{ maxFeatures: untyped('"auto"') }, 'maxFeatures: got "auto", allowed: a fraction in (0, 1], a whole number from 2 to the number of features (10), "sqrt" or "log2"'],
    [{ maxSamples: 101 }, 'maxSamples: got 101, allowed: a fraction in (0, 1], or a whole number from 2 to the number of rows (100)'],
    [{ maxSamples: 1.5 }, 'maxSamples: got 1.5, allowed: a fraction in (0, 1], or a whole number from 2 to the number of rows (100)'],
    [{ maxSamples: 0 }, 'maxSamples: got 0, allowed: a fraction in (0, 1], or a whole number from 2 to the number of rows (100)'],
    [{ maxSamples: 50, bootstrap: false }, 'maxSamples: got 50 with bootstrap false, allowed: a number only with bootstrap: without it each tree sees all rows'],
    [{ bootstrap: untyped('"no"') }, 'bootstrap: got "no", allowed: true or false'],
    [{ oobScore: true, bootstrap: false }, 'oobScore: got true with bootstrap false, allowed: true only with bootstrap: without it no row is out of bag'],
    [{ quantiles: true, bootstrap: false }, 'quantiles: got true with bootstrap false, allowed: true only with bootstrap: without it no row is out of bag, and quantiles are calibrated on such rows'],
    [{ classWeight: 'balanced' }, 'classWeight: got "balanced", allowed: nothing for a regressor, whose rows have no class'],
    [{ seed: -1 }, 'seed: got -1, allowed: a whole number from 0 to 9007199254740991'],
    [{ threads: 0 }, 'threads: got 0, allowed: a whole number from 1 to 1024'],
    [{ maxBins: 1 }, 'maxBins: got 1, allowed: a whole number from 2 to 255'],
    [{ maxBins: 256 }, 'maxBins: got 256, allowed: a whole number from 2 to 255'],
    [{ maxBins: 64, histogram: false }, 'maxBins: got 64 with histogram false, allowed: a number only where bins are used'],
    [{ histogram: untyped('"yes"') }, 'histogram: got "yes", allowed: "auto" or true or false'],
    [{ kernel: untyped('"gpu"') }, 'kernel: got "gpu", allowed: "auto" or "wasm" or "typescript"'],
    [{ nodeWeights: untyped('1') }, 'nodeWeights: got 1, allowed: true or false'],
  ])('%o are refused by name', async (options, message) => {
    expect(await refusalOf(() => settingsOf(options))).toBe(`invalid-option | ${message}`);
  });

  it.each<[ForestOptions, string]>([
    [{ criterion: 'squared_error' }, 'criterion: got "squared_error", allowed: "gini" or "entropy"'],
    [{ quantiles: true }, 'quantiles: got true for a classifier, allowed: true only for a regressor'],
    [{ classWeight: untyped('"even"') }, 'classWeight: got "even", allowed: "balanced", "balanced_subsample" or an array of numbers'],
    [{ classWeight: [1, 2] }, 'classWeight: got 2 numbers, allowed: one for each of the 3 classes'],
    [{ classWeight: [1, -2, 1] }, 'classWeight[1]: got -2, allowed: a finite number from 0'],
    [{ classWeight: [1, 1, NaN] }, 'classWeight[2]: got NaN, allowed: a finite number from 0'],
    [{ classWeight: [0, 0, 0] }, 'classWeight: got only zeros, allowed: at least one number above 0'],
  ])('%o of a classifier are refused by name', async (options, message) => {
    expect(await refusalOf(() => settingsOf(options, classification))).toBe(`invalid-option | ${message}`);
  });

  it('include those that there are none of', async () => {
    const misspelt: ForestOptions = untyped('{"n_estimators":5}');
    expect(await refusalOf(() => settingsOf(misspelt))).toMatch(/^invalid-option \| n_estimators: got an option of this name, allowed: nEstimators, criterion, /);
  });
});

describe('options', () => {
  it('are scikit-learn’s defaults where nothing is said', () => {
    const expected = {
      nEstimators: 100, criterion: 'variance', splitter: 'best', maxDepth: Infinity, maxLeafNodes: Infinity, minSamplesSplit: 2,
      minSamplesLeaf: 1, minImpurityDecrease: 0, maxFeatures: 10, bootstrap: true, maxSamples: 1, oobScore: false, oobImportances: false, quantiles: false,
      classWeight: undefined, isBalancedSubsample: false, maxBins: Infinity, nodeWeights: false, seed: 0, threads: 1, kernel: 'auto',
      treeRange: { from: 0, to: 100 },
    };
    expect(settingsOf({})).toEqual(expected);
    expect(settingsOf({}, classification)).toEqual({ ...expected, criterion: 'gini', maxFeatures: 3 });
    expect(settingsOf({ maxDepth: undefined, criterion: undefined, classWeight: undefined })).toEqual(expected);
  });

  it('in fractions mean scikit-learn’s numbers of rows and features', () => {
    expect(settingsOf({ minSamplesLeaf: 0.011, minSamplesSplit: 0.011, maxFeatures: 0.39 })).toMatchObject({ minSamplesLeaf: 2, minSamplesSplit: 2, maxFeatures: 3 });
    expect(settingsOf({ minSamplesLeaf: 0.001, minSamplesSplit: 1, maxFeatures: 0.001 })).toMatchObject({ minSamplesLeaf: 1, minSamplesSplit: 100, maxFeatures: 1 });
    expect(settingsOf({ maxFeatures: 'log2' })).toMatchObject({ maxFeatures: 3 });
  });

  it('draw a fraction of the rows, a number of them, or as many as there are', () => {
    const draws = (maxSamples: number, drawable: number): number => drawsOf(settingsOf({ maxSamples }), drawable);
    expect([draws(1, 80), draws(0.5, 81), draws(0.001, 80), draws(30, 80)]).toEqual([80, 41, 1, 30]);
    expect(drawsOf(settingsOf({ bootstrap: false }), 80)).toBe(80);
  });

  it('put values in bins where asked to, or where rows are many', () => {
    expect([{}, { maxBins: 64 }, { histogram: true }, { histogram: true, maxBins: 2 }, { histogram: false }].map((options) => settingsOf(options).maxBins))
      .toEqual([Infinity, 64, 255, 2, Infinity]);
    const large = { ...regression, rows: 500_000 };
    expect([settingsOf({}, large).maxBins, settingsOf({ histogram: false }, large).maxBins]).toEqual([255, Infinity]);
  });

  it('never start more threads than trees', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (nEstimators, threads) => {
      expect(settingsOf({ nEstimators, threads }).threads).toBe(Math.min(nEstimators, threads));
      expect(settingsOf({ nEstimators: 20, treeRange: { from: 20 - nEstimators, to: 20 }, threads }).threads).toBe(Math.min(nEstimators, threads));
    }));
  });
});
