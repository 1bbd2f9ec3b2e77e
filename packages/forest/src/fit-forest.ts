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
import { meanImportances } from './mean-importances.ts';
import { packForest } from './pack-forest.ts';
import type { ForestParts } from './pack-forest.ts';
import type { Shard } from './shard.ts';
import { createTrainingSet } from './training-set.ts';
import type { TrainingSet } from './training-set.ts';
import { readTreeBytes } from './tree-bytes.ts';
import type { Fingerprint } from './tree-bytes.ts';
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
  const ties = tiesOf(set, growing, options);
  const collector = collect(set, growing, settings, { ...options, ties });
  await grow(crew, set, growing, settings, collector);
  const trees = collector.finish();
  const { outOfBag } = collector;
  const forest = packForest({
    set,
    trees,
    importances: meanImportances(trees.map(({ importances }) => importances), set.features.length),
    oobScore: outOfBag?.score ?? NaN,
    oobCurve: outOfBag?.curve,
    nodeWeights: settings.nodeWeights ? collectNodeWeights(set, growing, trees, settings.treeRange.from) : undefined,
    ...quantileParts(set, growing, settings, trees),
    shard: options.treeRange === undefined || ties === undefined ? undefined : shardOf(ties, settings, trees),
  });
  return { forest, oobPrediction: outOfBag?.prediction(), oobImportances: collector.importances?.result() };
}

/** Threads that run the twin read the set itself, in memory that they share; the kernel has a memory of its own, and plain arrays are filled sooner. */
function allocator({ threads, kernel }: ForestSettings): (bytes: number) => ArrayBuffer | SharedArrayBuffer {
  return (bytes) => (threads > 1 && kernel === 'typescript' ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
}

/** Computed where trees come from elsewhere or go there. */
function tiesOf(set: TrainingSet, growing: GrowSettings, { onTree, finishedTrees = [], treeRange }: ForestOptions): Fingerprint | undefined {
  return onTree === undefined && finishedTrees.length === 0 && treeRange === undefined ? undefined : fingerprint(set, growing);
}

/** A collector that holds the finished trees of an earlier fit. */
function collect(set: TrainingSet, growing: GrowSettings, settings: ForestSettings, options: ForestOptions & { readonly ties: Fingerprint | undefined }): TreeCollector {
  const { onProgress, onTree, finishedTrees = [], ties } = options;
  const { treeRange, oobScore, oobImportances } = settings;
  const collector = new TreeCollector(set, growing, { onProgress, onTree, treeRange, oobScore, oobImportances, fingerprint: ties });
  for (const tree of finishedTrees) {
    const isWanted = tree.index >= treeRange.from && tree.index < treeRange.to;
    // Others come from a larger forest, or belong to another shard.
    if (isWanted && ties !== undefined) collector.restore(tree.index, readTreeBytes(tree, ties));
  }
  return collector;
}

async function grow(crew: Crew, set: TrainingSet, growing: GrowSettings, settings: ForestSettings, collector: TreeCollector): Promise<void> {
  const todo = collector.missing();
  if (todo.length === 0) return;
  const growth = prepareGrowth(set, settings.kernel, [growing], crew.threads);
  const queue = createQueue(todo.length, crew.threads);
  await crew.work({ kind: 'grow-trees', growth, settings: growing, todo, queue, thread: 0 }, (answer) => {
    if (answer.kind === 'tree') collector.add(answer.index, answer.tree);
  });
}

function quantileParts(set: TrainingSet, growing: GrowSettings, { quantiles, treeRange }: ForestSettings, trees: readonly GrownTree[]): Partial<ForestParts> {
  if (!quantiles) return {};
  const leafTargets = collectLeafTargets(set, growing, trees, treeRange.from);
  return { leafTargets, calibration: calibrateQuantiles(set, growing, trees, leafTargets, treeRange.from) };
}

function shardOf(ties: Fingerprint, { nEstimators, treeRange, oobScore, quantiles }: ForestSettings, trees: readonly GrownTree[]): Shard {
  return {
    fingerprint: ties,
    nEstimators,
    from: treeRange.from,
    outOfBag: oobScore || quantiles ? 'shard' : 'nobody',
    treeImportances: Float64Array.from(trees.flatMap(({ importances }) => [...importances])),
  };
}
