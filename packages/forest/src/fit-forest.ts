/** What the fits of a regressor and of a classifier have in common. */
import { calibrateQuantiles } from './quantile-calibration.ts';
import { collectLeafTargets, collectNodeWeights } from './collect-leaves.ts';
import type { ForestData } from './columns.ts';
import { Crew } from './crew.ts';
import { fingerprint } from './fingerprint.ts';
import type { FlatForest } from './flat-forest.ts';
import { prepareGrowth } from './growers.ts';
import type { GrownTree } from './grown-tree.ts';
import { growSettings, resolveSettings } from './options.ts';
import type { ForestOptions, ForestSettings, GrowSettings } from './options.ts';
import type { PermutationImportances } from './permutation.ts';
import { packForest } from './pack-forest.ts';
import type { ForestParts } from './pack-forest.ts';
import { createTrainingSet } from './training-set.ts';
import type { TrainingSet } from './training-set.ts';
import { readTreeBytes } from './tree-bytes.ts';
import { TreeCollector } from './tree-collector.ts';
import { createQueue } from './worker-messages.ts';

/** A packed forest and, where they were asked for, out-of-bag predictions (rows × outputs) and importances. */
export interface FittedForest {
  readonly forest: FlatForest;
  readonly oobPrediction: Float64Array | undefined;
  readonly oobImportances: PermutationImportances | undefined;
}

/**
 * Grows and packs a forest from checked data.
 * @param classes how many classes the target has, 0 where it is a number
 * @throws ForestError `invalid-option` (before any work), `too-large`, `worker-failed`; `invalid-buffer` or `other-fit` for
 *   finished trees that are none of this fit
 * @throws the signal's reason when it is aborted, what a listener throws
 */
export async function fitForest(data: ForestData, classes: number, options: ForestOptions): Promise<FittedForest> {
  const settings = resolveSettings(options, { rows: data.target.length, features: data.columns.length, classes });
  options.signal?.throwIfAborted();
  const crew = await Crew.hire({ ...options, threads: settings.threads });
  try {
    return await fitWith(crew, data, classes, settings, options);
  } finally {
    await crew.dismiss();
  }
}

async function fitWith(crew: Crew, data: ForestData, classes: number, settings: ForestSettings, options: ForestOptions): Promise<FittedForest> {
  const set = createTrainingSet(data, classes, settings, allocator(settings));
  const growing = growSettings(settings, set);
  const collector = collect(set, growing, settings, options);
  await grow(crew, set, growing, settings, collector);
  const trees = collector.finish();
  const { outOfBag } = collector;
  const forest = packForest({
    set,
    trees,
    importances: meanImportances(trees, set.features.length),
    oobScore: outOfBag?.score ?? NaN,
    oobCurve: outOfBag?.curve,
    nodeWeights: settings.nodeWeights ? collectNodeWeights(set, growing, trees) : undefined,
    ...quantileParts(set, growing, settings, trees),
  });
  return { forest, oobPrediction: outOfBag?.prediction(), oobImportances: collector.importances?.result() };
}

/** Threads that run the twin read the set itself, in memory that they share; the kernel has a memory of its own, and plain arrays are filled sooner. */
function allocator({ threads, kernel }: ForestSettings): (bytes: number) => ArrayBuffer | SharedArrayBuffer {
  return (bytes) => (threads > 1 && kernel === 'typescript' ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
}

/** A collector that holds the finished trees of an earlier fit. */
function collect(set: TrainingSet, growing: GrowSettings, settings: ForestSettings, options: ForestOptions): TreeCollector {
  const { onTree, finishedTrees = [] } = options;
  const ties = onTree === undefined && finishedTrees.length === 0 ? undefined : fingerprint(set, growing);
  const collector = new TreeCollector(set, growing, { ...options, oobScore: settings.oobScore, oobImportances: settings.oobImportances, fingerprint: ties });
  for (const tree of finishedTrees) {
    // More trees than the forest has come from a fit of a larger one.
    if (ties !== undefined && tree.index < growing.nEstimators) collector.restore(tree.index, readTreeBytes(tree, ties));
  }
  return collector;
}

async function grow(crew: Crew, set: TrainingSet, growing: GrowSettings, settings: ForestSettings, collector: TreeCollector): Promise<void> {
  const todo = collector.missing();
  const growth = prepareGrowth(set, settings.kernel, [growing], crew.threads);
  const queue = createQueue(todo.length, crew.threads);
  await crew.work({ kind: 'grow-trees', growth, settings: growing, todo, queue, thread: 0 }, (answer) => {
    if (answer.kind === 'tree') collector.add(answer.index, answer.tree);
  });
}

function quantileParts(set: TrainingSet, growing: GrowSettings, { quantiles }: ForestSettings, trees: readonly GrownTree[]): Partial<ForestParts> {
  if (!quantiles) return {};
  const leafTargets = collectLeafTargets(set, growing, trees);
  return { leafTargets, calibration: calibrateQuantiles(set, growing, trees, leafTargets) };
}

/** The mean over the trees that have a split, in the trees' order, scaled to add up to 1. */
function meanImportances(trees: readonly GrownTree[], features: number): Float64Array {
  const sums = new Float64Array(features);
  for (const tree of trees) {
    tree.importances.forEach((share, feature) => { sums[feature] = (sums[feature] ?? 0) + share; });
  }
  const total = sums.reduce((sum, value) => sum + value, 0);
  return total > 0 ? sums.map((value) => value / total) : sums;
}
