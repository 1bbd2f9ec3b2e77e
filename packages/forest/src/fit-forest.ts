/** What the fits of a regressor and of a classifier have in common. */
import type { ForestData } from './columns.ts';
import { packForest } from './flat-forest.ts';
import type { FlatForest } from './flat-forest.ts';
import { growForest } from './grow-forest.ts';
import { resolveSettings, resolveThreads } from './options.ts';
import type { ForestOptions } from './options.ts';
import { scoreOutOfBag } from './out-of-bag.ts';
import { createTrainingSet } from './training-set.ts';
import type { Tree } from './tree.ts';

/** A packed forest and, where they were asked for, the out-of-bag predictions: rows × outputs. */
export interface FittedForest {
  readonly forest: FlatForest;
  readonly oobPrediction: Float64Array | undefined;
}

/**
 * Grows and packs a forest from checked data.
 * @param classes how many classes the target has, 0 where it is a number
 * @throws ForestError `invalid-option` (before any work), `worker-failed`
 * @throws the signal's reason when it is aborted
 */
export async function fitForest(data: ForestData, classes: number, options: ForestOptions): Promise<FittedForest> {
  const settings = resolveSettings(options, data.target.length, data.columns.length);
  const threads = resolveThreads(options, settings.nEstimators);
  const allocate = (bytes: number): ArrayBuffer | SharedArrayBuffer => (threads === 1 ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes));
  const set = createTrainingSet(data, classes, settings.bootstrap, allocate);
  const { trees, outOfBag } = await growForest(set, settings, threads, options);
  const oobPrediction = outOfBag?.prediction();
  const oobScore = oobPrediction === undefined ? NaN : scoreOutOfBag(set, oobPrediction);
  return { forest: packForest(trees, classes, meanImportances(trees, set.features), oobScore), oobPrediction };
}

/** The mean over the trees that have a split, in the trees' order, scaled to add up to 1. */
function meanImportances(trees: readonly Tree[], features: number): Float64Array {
  const sums = new Float64Array(features);
  for (const tree of trees) {
    tree.importances.forEach((share, feature) => { sums[feature] = (sums[feature] ?? 0) + share; });
  }
  const total = sums.reduce((sum, value) => sum + value, 0);
  return total > 0 ? sums.map((value) => value / total) : sums;
}
