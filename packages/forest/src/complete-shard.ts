import { ForestError } from './errors.ts';
import type { FlatForest } from './flat-forest.ts';
import { openNamed, openShard, partsOf } from './open-shard.ts';
import type { OpenShard } from './open-shard.ts';
import { packForest } from './pack-forest.ts';

/**
 * A shard with the out-of-bag figures of the whole forest (score, curve, calibration) in place of its own. They need the data
 * and all trees: fit the whole with `finishedTrees` from all shards.
 * @param shard,whole `data` of both, fitted with the same options
 * @throws ForestError `invalid-buffer`, `other-fit` where the shard is no part of the forest
 */
export function completeShard(shard: ArrayBuffer, whole: ArrayBuffer): ArrayBuffer {
  const part = openShard(shard, 'shard');
  const forest = openNamed(whole, 'whole');
  if (!isPartOf(part, forest)) {
    throw new ForestError('other-fit', `whole: got ${forest.trees} trees, not all ${part.shard.nEstimators} of the shard's fit`);
  }
  const { oobScore, oobCurve, calibration } = forest;
  return packForest({ ...partsOf(part), oobScore, oobCurve, calibration, shard: { ...part.shard, outOfBag: 'whole' } }).buffer;
}

function isPartOf({ forest: part, shard }: OpenShard, whole: FlatForest): boolean {
  const hasSameKept = (whole.leafTargets === undefined) === (part.leafTargets === undefined);
  return whole.shard === undefined && whole.trees === shard.nEstimators && hasSameKept && hasTrees(whole, part, shard.from);
}

/** Compares the second words of nodes, in which trees differ: the first ones may be numbers of other tables. */
function hasTrees(whole: FlatForest, part: FlatForest, from: number): boolean {
  const before = whole.treeStarts[from] ?? 0;
  let at = 1;
  while (at < part.nodes.length && part.nodes[at] === whole.nodes[2 * before + at]) at += 2;
  return at > part.nodes.length && part.treeStarts.every((start, tree) => whole.treeStarts[from + tree] === before + start);
}
