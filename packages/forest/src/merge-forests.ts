/** Shards of one forest, which may have been grown on as many machines, become that forest. */
import { ForestError } from './errors.ts';
import type { LeafTargets } from './flat-forest.ts';
import { joinLeafTargets } from './join-leaf-targets.ts';
import { meanImportances } from './mean-importances.ts';
import { openShard, partsOf } from './open-shard.ts';
import type { OpenShard } from './open-shard.ts';
import { packForest } from './pack-forest.ts';
import type { ForestParts } from './pack-forest.ts';

/**
 * Merges shards, forests fitted with `treeRange`, in any order: byte for byte the `data` of one fit of all trees. Where
 * out-of-bag figures were asked for, one of them must come from `completeShard`. Nodes are copied unseen, as by `from`.
 * @throws ForestError that names the shard by its place: `invalid-buffer`, `other-fit` for one of other data or options,
 *   `incomplete` for trees that are missing or there twice, `not-kept` for missing out-of-bag figures, `too-large`
 */
export function mergeForests(buffers: readonly ArrayBuffer[]): ArrayBuffer {
  const [first, ...others] = buffers.map((buffer, place) => openShard(buffer, `shard ${place}`));
  if (first === undefined) throw new ForestError('incomplete', 'shards: got none, expected those of all trees');
  for (const other of others) checkSameFit(other, first);
  const shards = [first, ...others].sort((a, b) => a.shard.from - b.shard.from);
  checkRanges(shards, first.shard.nEstimators);
  const parts = shards.map(partsOf);
  return packForest({
    set: partsOf(first).set,
    trees: parts.flatMap(({ trees }) => trees),
    importances: meanImportances(shards.map(({ shard }) => shard.treeImportances), first.forest.features),
    nodeWeights: joinWeights(parts.map(({ nodeWeights }) => nodeWeights).filter((weights) => weights !== undefined)),
    leafTargets: joinTargets(parts.map(({ leafTargets }) => leafTargets).filter((targets) => targets !== undefined)),
    ...figuresOf(shards),
  }).buffer;
}

function checkSameFit(other: OpenShard, first: OpenShard): void {
  const expected = factsOf(first);
  const difference = factsOf(other).find(([, fact], place) => !isSame(fact, expected[place]?.[1] ?? []));
  if (difference !== undefined) throw new ForestError('other-fit', `${other.name}: got other ${difference[0]} than in ${first.name}, expected shards of one fit`);
}

/** What shards of one fit have in common. The fingerprint stands for levels and targets too, but not for the values of thresholds. */
function factsOf({ forest: { cuts, nodeWeights, leafTargets }, shard }: OpenShard): [name: string, fact: ArrayLike<unknown>][] {
  return [
    ['data, options or seed', shard.fingerprint],
    ['nEstimators', [shard.nEstimators]],
    ['thresholds', cuts],
    ['nodeWeights', [nodeWeights === undefined]],
    ['quantiles', [leafTargets === undefined]],
  ];
}

function isSame(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at === a.length && at === b.length;
}

/** @param shards by their first trees */
function checkRanges(shards: readonly OpenShard[], nEstimators: number): void {
  let next = 0;
  for (const { name, forest, shard } of shards) {
    if (shard.from > next) throw missing(next, shard.from, nEstimators);
    if (shard.from < next) throw new ForestError('incomplete', `${name}: got tree ${shard.from}, which another shard has too, expected each tree once`);
    next += forest.trees;
  }
  if (next < nEstimators) throw missing(next, nEstimators, nEstimators);
}

function missing(from: number, to: number, nEstimators: number): ForestError {
  return new ForestError('incomplete', `shards: got none with trees ${from} to ${to - 1} of 0 to ${nEstimators - 1}, expected each tree once`);
}

/** @throws ForestError `not-kept` */
function figuresOf(shards: readonly OpenShard[]): Pick<ForestParts, 'oobScore' | 'oobCurve' | 'calibration'> {
  const part = shards.find(({ shard }) => shard.outOfBag === 'shard');
  const whole = shards.find(({ shard }) => shard.outOfBag === 'whole')?.forest;
  if (whole === undefined && part !== undefined) {
    throw new ForestError('not-kept', `${part.name}: got out-of-bag figures of its trees alone, expected one shard with those of all trees: see completeShard`);
  }
  return { oobScore: whole?.oobScore ?? NaN, oobCurve: whole?.oobCurve, calibration: whole?.calibration };
}

function joinWeights(parts: readonly Float32Array[]): Float32Array | undefined {
  if (parts.length === 0) return undefined;
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function joinTargets(parts: readonly LeafTargets[]): LeafTargets | undefined {
  return parts.length === 0 ? undefined : joinLeafTargets(parts);
}
