/**
 * The artifact: a whole forest in one buffer that needs no parsing, in the byte order of all machines that JavaScript
 * runs on today (little-endian). Version 3; `f` features, `t` trees, `n` nodes, `k` classes (0: regression):
 *
 *   bytes   content
 *   0       32-bit words: magic "DFRF", version, f, t, n, k, number of target levels, number of sections
 *   32      f64: out-of-bag R² or accuracy (NaN where not asked for)
 *   40      section table, see forest-sections.ts; then the sections
 *
 *   section            content
 *   importances        f64 × f
 *   categoricalLevels  u32 × f: levels of a categorical feature, 0 for a numeric one
 *   cutStarts          u32 × (f + 1): the first threshold of each feature, then their number
 *   cuts               f64: thresholds, ascending within a feature
 *   leafValues         f64: what leaf numbers stand for
 *   treeStarts         u32 × (t + 1): the first node of each tree, then n
 *   nodes              u32 × 2n, see grown-tree.ts
 *   sets               u32: the sets of categorical nodes, see grown-tree.ts
 *   nodeWeights        f32 × n, optional
 *   oobCurve           f64 × t, optional; × nEstimators in a shard that has the whole forest's
 *   leafTargetStarts, leafTargetRanks, leafTargetWeights, calibration: optional, see quantiles.ts
 *   shard, treeImportances: those of a shard, see shard.ts
 *
 * A leaf number of a regression forest is an index into `leafValues`: first the distinct targets (target levels), then
 * the means of leaves whose targets differ. Of a classification forest: numbers below k are that class alone, any other
 * is row (number − k) of the class shares in `leafValues`.
 *
 * Versions 1 and 2, which earlier releases wrote, are converted when they are opened: see old-forests.ts.
 */
import { SectionViews, invalidBuffer, placeSections, writeTable } from './forest-sections.ts';
import type { Extents, SectionName } from './forest-sections.ts';
import { columnBitsOf } from './grown-tree.ts';
import { markOf, readShard } from './shard.ts';
import type { Shard } from './shard.ts';

/** What a forest predicts: a number, or a class. */
export type ForestTask = 'regression' | 'classification';

/** Typed views into one buffer. */
export interface FlatForest {
  readonly buffer: ArrayBuffer;
  readonly features: number;
  readonly trees: number;
  readonly nodeCount: number;
  /** 0 for a regression forest. */
  readonly classes: number;
  /** Bits of a node's second word that hold its column, as in grown-tree.ts. */
  readonly columnBits: number;
  /** R² or accuracy; `NaN` where not asked for. */
  readonly oobScore: number;
  readonly importances: Float64Array;
  /** Levels of a categorical feature, 0 for a numeric one. */
  readonly categoricalLevels: Uint32Array;
  /** Thresholds of all numeric features; those of feature f are cuts[cutStarts[f] … cutStarts[f + 1] − 1]. */
  readonly cuts: Float64Array;
  readonly cutStarts: Uint32Array;
  /** Regression: how many of `leafValues` are distinct targets; the others are means. Classification: 0. */
  readonly targetLevels: number;
  /**
   * Regression: what leaf numbers stand for. Classification: rows × classes; leaf numbers below `classes` are that class
   * alone, others row (number − classes).
   */
  readonly leafValues: Float64Array;
  /** First node of each tree, then nodeCount. */
  readonly treeStarts: Uint32Array;
  /** Two words a node, as in grown-tree.ts; leaf numbers and sets counted through the forest. */
  readonly nodes: Uint32Array;
  readonly sets: Uint32Array;
  /** Weight of the training rows in each node, where kept. */
  readonly nodeWeights: Float32Array | undefined;
  /** Out-of-bag score after each tree, where kept. */
  readonly oobCurve: Float64Array | undefined;
  /** The training targets in leaves, where kept. */
  readonly leafTargets: LeafTargets | undefined;
  /** How far quantiles are moved, where kept: see quantile-calibration.ts. */
  readonly calibration: Float64Array | undefined;
  /** What ties a shard to its forest; a whole forest has none. */
  readonly shard: Shard | undefined;
}

/** The training targets in the leaves whose targets differ, in the order of their leaf numbers: one compressed row a leaf. */
export interface LeafTargets {
  /** The first entry of each such leaf, then the number of entries. */
  readonly starts: Uint32Array;
  /** Ranks among the forest's target levels, ascending within a leaf. */
  readonly ranks: Uint32Array;
  /** Weights, which add up to 1 within a leaf. */
  readonly weights: Float32Array;
}

/** The bytes "DFRF" (Dropforest random forest). */
export const MAGIC = 0x46524644;
export const VERSION = 3;
export const HEAD_WORDS = 8;
export const HEAD_BYTES = 40;
/** Twice the number of features must be a 32-bit column. */
const MOST_FEATURES = 2 ** 30;

/** What stands before the sections. */
export type ForestHead = Pick<FlatForest, 'features' | 'trees' | 'nodeCount' | 'classes' | 'targetLevels' | 'oobScore'>;

/** A forest whose arrays are still to be filled: counts, for each section that it shall have its bytes, and what a shard says of itself. */
export function createForest(head: ForestHead, lengths: ReadonlyMap<SectionName, number>, shard?: Shard): FlatForest {
  const { extents, end } = placeSections(lengths, HEAD_BYTES);
  const buffer = new ArrayBuffer(end);
  const { features, trees, nodeCount, classes, targetLevels, oobScore } = head;
  new Uint32Array(buffer, 0, HEAD_WORDS).set([MAGIC, VERSION, features, trees, nodeCount, classes, targetLevels, lengths.size]);
  // One NaN of the many, so that the same forest has the same bytes.
  new Float64Array(buffer, 4 * HEAD_WORDS, 1)[0] = Number.isNaN(oobScore) ? NaN : oobScore;
  writeTable(buffer, HEAD_BYTES, extents);
  if (shard !== undefined) new SectionViews(buffer, extents).u32('shard').set(markOf(shard));
  return viewForest(buffer, head, extents);
}

/** @throws ForestError `invalid-buffer` where a section is absent or not as long as the head says */
export function viewForest(buffer: ArrayBuffer, head: ForestHead, extents: Extents): FlatForest {
  const { features, trees, nodeCount } = head;
  if (features < 1 || features > MOST_FEATURES) throw invalidBuffer(`${features} features`, `from 1 to ${MOST_FEATURES}`);
  const views = new SectionViews(buffer, extents);
  const shard = views.has('shard') ? readShard(views.u32('shard'), trees, views.f64('treeImportances', trees * features)) : undefined;
  return {
    ...head,
    buffer,
    columnBits: columnBitsOf(features),
    importances: views.f64('importances', features),
    categoricalLevels: views.u32('categoricalLevels', features),
    cutStarts: views.u32('cutStarts', features + 1),
    cuts: views.f64('cuts'),
    leafValues: views.f64('leafValues'),
    treeStarts: views.u32('treeStarts', trees + 1),
    nodes: views.u32('nodes', 2 * nodeCount),
    sets: views.u32('sets'),
    nodeWeights: views.has('nodeWeights') ? views.f32('nodeWeights', nodeCount) : undefined,
    oobCurve: views.has('oobCurve') ? views.f64('oobCurve', shard?.outOfBag === 'whole' ? shard.nEstimators : trees) : undefined,
    leafTargets: views.has('leafTargetStarts') ? viewLeafTargets(views) : undefined,
    calibration: views.has('calibration') ? views.f64('calibration') : undefined,
    shard,
  };
}

function viewLeafTargets(views: SectionViews): LeafTargets {
  const ranks = views.u32('leafTargetRanks');
  return { starts: views.u32('leafTargetStarts'), ranks, weights: views.f32('leafTargetWeights', ranks.length) };
}
