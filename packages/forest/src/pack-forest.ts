/** Writes the artifact: trees, in order, into one buffer. */
import type { CodedFeature } from './codes.ts';
import { ForestError } from './errors.ts';
import { createForest } from './flat-forest.ts';
import type { FlatForest, LeafTargets } from './flat-forest.ts';
import type { SectionName } from './forest-sections.ts';
import { columnBitsOf } from './grown-tree.ts';
import { markOf } from './shard.ts';
import type { Shard } from './shard.ts';

/** What a forest keeps of its training set. */
export interface PackedSet {
  readonly classes: number;
  readonly features: readonly Pick<CodedFeature, 'levels' | 'isCategorical' | 'cuts'>[];
  readonly targetLevels: Float64Array;
}

/** Trees whose leaves and sets are counted together: a `GrownTree`, or those of a shard. */
export interface TreeBlock {
  readonly nodes: Uint32Array;
  readonly sets: Uint32Array;
  readonly mixed: Float64Array;
  /** The first node of each tree; not given for a single one. */
  readonly starts?: Uint32Array;
}

export interface ForestParts {
  readonly set: PackedSet;
  readonly trees: readonly TreeBlock[];
  readonly importances: Float64Array;
  /** `NaN` where not asked for. */
  readonly oobScore: number;
  readonly oobCurve?: Float64Array | undefined;
  /** One weight a node, in the order of the trees. */
  readonly nodeWeights?: Float32Array | undefined;
  /** Ranks among the set's target levels. */
  readonly leafTargets?: LeafTargets | undefined;
  readonly calibration?: Float64Array | undefined;
  /** Given for a shard, not for a whole forest. */
  readonly shard?: Shard | undefined;
}

/**
 * A table of which only used entries are kept where it is larger than this share of the nodes. To look for them takes longer than to copy
 * all nodes, and a forest of several trees uses most of them.
 */
const TABLE_SHARE = 1 / 4;
/** A leaf's number must be less than the code that stands for "always right", 2³¹ − 1: see grown-tree.ts. */
const MOST_LEAF_NUMBERS = 2 ** 31 - 1;
const ONE_TREE = Uint32Array.of(0);

/**
 * Packs trees into one buffer. Where nothing needs another number, a block is copied as it is.
 * @throws ForestError `too-large` where the forest has more nodes, means or sets than its numbers can count
 */
export function packForest(parts: ForestParts): FlatForest {
  const { set, trees, importances, oobScore, shard } = parts;
  const treeCount = sumOf(trees, ({ starts = ONE_TREE }) => starts.length);
  const tables = keepTables(parts);
  const nodeCount = sumOf(trees, (tree) => tree.nodes.length) / 2;
  const mixed = sumOf(trees, (tree) => tree.mixed.length);
  const sets = sumOf(trees, (tree) => tree.sets.length);
  checkSize(nodeCount, tables.pure + mixed / Math.max(1, set.classes), sets);
  const targetLevels = tables.targetLevels.length;
  const lengths = new Map<SectionName, number>([
    ['importances', importances.byteLength],
    ['categoricalLevels', 4 * set.features.length],
    ['cutStarts', 4 * (set.features.length + 1)],
    ['cuts', 8 * sumOf(tables.cuts, (cuts) => cuts.length)],
    ['leafValues', 8 * (targetLevels + mixed)],
    ['treeStarts', 4 * (treeCount + 1)],
    ['nodes', 8 * nodeCount],
    ['sets', 4 * sets],
    ...optionalLengths(parts),
  ]);
  const forest = createForest({ features: set.features.length, trees: treeCount, nodeCount, classes: set.classes, targetLevels, oobScore }, lengths, shard);
  fillTables(forest, tables, parts);
  fillTrees(forest, tables, trees);
  return forest;
}

function optionalLengths({ nodeWeights, oobCurve, leafTargets, calibration, shard }: ForestParts): [SectionName, number][] {
  const arrays: [SectionName, { readonly byteLength: number } | undefined][] = [
    ['nodeWeights', nodeWeights],
    ['oobCurve', oobCurve],
    ['leafTargetStarts', leafTargets?.starts],
    ['leafTargetRanks', leafTargets?.ranks],
    ['leafTargetWeights', leafTargets?.weights],
    ['calibration', calibration],
    ['shard', shard === undefined ? undefined : markOf(shard)],
    ['treeImportances', shard?.treeImportances],
  ];
  return arrays.flatMap(([name, array]) => (array === undefined ? [] : [[name, array.byteLength]]));
}

function checkSize(nodeCount: number, leafNumbers: number, sets: number): void {
  const [excess] = [
    ...(nodeCount >= 2 ** 31 ? [`${nodeCount} nodes`] : []),
    ...(leafNumbers > MOST_LEAF_NUMBERS ? [`${leafNumbers} leaf values`] : []),
    ...(sets >= 2 ** 32 ? [`${sets} words of sets`] : []),
  ];
  if (excess === undefined) return;
  const allowed = 'less than 2³¹ nodes and leaf values, 2³² words of sets; grow fewer or smaller trees';
  throw new ForestError('too-large', `forest: got ${excess}, allowed: ${allowed}`);
}

/** Thresholds and target levels to keep, and what the kept ones are called by then. */
interface Tables {
  readonly cuts: readonly Float64Array[];
  /** New cut numbers by feature; `undefined` where all keep theirs. */
  readonly newCuts: readonly Uint32Array[] | undefined;
  readonly targetLevels: Float64Array;
  readonly newLevels: Uint32Array | undefined;
  /** Whether the set's target levels or classes come first among leaf numbers, and how many of them are kept. */
  readonly pureBefore: number;
  readonly pure: number;
  readonly isCategorical: readonly boolean[];
}

function keepTables({ set, trees, leafTargets, shard }: ForestParts): Tables {
  const { features, classes, targetLevels } = set;
  const limit = shard === undefined ? TABLE_SHARE * sumOf(trees, (tree) => tree.nodes.byteLength) : Infinity;
  const dropsCuts = 8 * sumOf(features, ({ cuts }) => cuts.length) > limit;
  const dropsLevels = targetLevels.byteLength > limit && leafTargets === undefined;
  const used = dropsCuts || dropsLevels ? findUsed(set, trees) : undefined;
  const cutUse = dropsCuts ? used?.cuts : undefined;
  const levelUse = dropsLevels ? used?.levels : undefined;
  const kept = levelUse === undefined ? targetLevels : targetLevels.filter((_, level) => levelUse[level] === 1);
  return {
    cuts: features.map(({ cuts }, feature) => (cutUse === undefined ? cuts : cuts.filter((_, cut) => cutUse[feature]?.[cut] === 1))),
    newCuts: cutUse?.map(countBefore),
    targetLevels: kept,
    newLevels: levelUse === undefined ? undefined : countBefore(levelUse),
    pureBefore: classes === 0 ? targetLevels.length : classes,
    pure: classes === 0 ? kept.length : classes,
    isCategorical: features.map((feature) => feature.isCategorical),
  };
}

interface Used {
  /** By feature, one flag a cut and one for "all that is not missing". */
  readonly cuts: readonly Uint8Array[];
  readonly levels: Uint8Array;
}

function findUsed({ features, targetLevels }: PackedSet, trees: readonly TreeBlock[]): Used {
  const cuts = features.map((feature) => new Uint8Array(feature.cuts.length + 1));
  const levels = new Uint8Array(targetLevels.length);
  const isCategorical = features.map((feature) => feature.isCategorical);
  const mask = columnMask(features.length);
  for (const { nodes } of trees) {
    for (let at = 0; at < nodes.length; at += 2) {
      const feature = ((nodes[at + 1] ?? 0) & mask) >>> 1;
      const flags = feature === features.length ? levels : cuts[feature];
      if (flags !== undefined && isCategorical[feature] !== true) flags[nodes[at] ?? 0] = 1;
    }
  }
  return { cuts, levels };
}

/** For each flag, how many before it are set: the new number of what it stands for. */
function countBefore(flags: Uint8Array): Uint32Array {
  let count = 0;
  return Uint32Array.from(flags, (flag) => {
    const before = count;
    count += flag;
    return before;
  });
}

function fillTables(forest: FlatForest, tables: Tables, parts: ForestParts): void {
  forest.importances.set(parts.importances);
  parts.set.features.forEach(({ isCategorical, levels }, feature) => { forest.categoricalLevels[feature] = isCategorical ? levels : 0; });
  tables.cuts.forEach((cuts, feature) => {
    const start = forest.cutStarts[feature] ?? 0;
    forest.cuts.set(cuts, start);
    forest.cutStarts[feature + 1] = start + cuts.length;
  });
  forest.leafValues.set(tables.targetLevels);
  if (parts.nodeWeights !== undefined) forest.nodeWeights?.set(parts.nodeWeights);
  if (parts.oobCurve !== undefined) forest.oobCurve?.set(parts.oobCurve);
  if (parts.calibration !== undefined) forest.calibration?.set(parts.calibration);
  if (parts.shard !== undefined) forest.shard?.treeImportances.set(parts.shard.treeImportances);
  if (parts.leafTargets === undefined) return;
  forest.leafTargets?.starts.set(parts.leafTargets.starts);
  forest.leafTargets?.ranks.set(parts.leafTargets.ranks);
  forest.leafTargets?.weights.set(parts.leafTargets.weights);
}

function fillTrees(forest: FlatForest, tables: Tables, trees: readonly TreeBlock[]): void {
  let index = 0;
  let node = 0;
  let mixed = 0;
  let set = 0;
  for (const tree of trees) {
    for (const start of tree.starts ?? ONE_TREE) forest.treeStarts[index++] = node + start;
    forest.nodes.set(tree.nodes, 2 * node);
    forest.sets.set(tree.sets, set);
    forest.leafValues.set(tree.mixed, tables.targetLevels.length + mixed);
    const mixedShift = tables.pure - tables.pureBefore + mixed / Math.max(1, forest.classes);
    const isShifted = (tree.mixed.length > 0 && mixedShift !== 0) || (tree.sets.length > 0 && set > 0);
    if (isShifted || tables.newCuts !== undefined || tables.newLevels !== undefined) {
      renumber(forest.nodes.subarray(2 * node, 2 * node + tree.nodes.length), tables, mixedShift, set);
    }
    node += tree.nodes.length / 2;
    mixed += tree.mixed.length;
    set += tree.sets.length;
  }
  forest.treeStarts[index] = node;
}

/** Turns a block's numbers of cuts, leaves and sets into the forest's. */
function renumber(nodes: Uint32Array, tables: Tables, mixedShift: number, setShift: number): void {
  const { newCuts, newLevels, pureBefore, isCategorical } = tables;
  const mask = columnMask(isCategorical.length);
  for (let at = 0; at < nodes.length; at += 2) {
    const number = nodes[at] ?? 0;
    const feature = ((nodes[at + 1] ?? 0) & mask) >>> 1;
    if (feature === isCategorical.length) nodes[at] = number >= pureBefore ? number + mixedShift : (newLevels?.[number] ?? number);
    else if (isCategorical[feature] === true) nodes[at] = number + setShift;
    else nodes[at] = newCuts?.[feature]?.[number] ?? number;
  }
}

function columnMask(features: number): number {
  return 2 ** columnBitsOf(features) - 1;
}

function sumOf<T>(items: readonly T[], size: (item: T) => number): number {
  return items.reduce((sum, item) => sum + size(item), 0);
}
