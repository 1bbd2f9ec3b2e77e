/**
 * What a shard, a forest of some trees of a fit, keeps for the forest that it is a part of. A shard of `t` trees over `f` features:
 *
 *   shard            u32 × 5: fingerprint of data and settings (two), number of all trees, number of the shard's first one, whose
 *                    its out-of-bag figures are (place in `OWNERS`)
 *   treeImportances  f64 × t × f: the importances of each tree, whose sum depends on the order in which it is made
 *
 * It also keeps thresholds and target levels that none of its trees uses: another shard's may.
 */
import { invalidBuffer } from './forest-sections.ts';
import type { Fingerprint } from './tree-bytes.ts';

/** Whose out-of-bag figures (score, curve, calibration) a shard has: nobody's where none were asked for. */
const OWNERS = ['nobody', 'shard', 'whole'] as const;

export interface Shard {
  readonly fingerprint: Fingerprint;
  /** Number of all trees of the forest. */
  readonly nEstimators: number;
  /** Number of the first tree of the shard. */
  readonly from: number;
  readonly outOfBag: (typeof OWNERS)[number];
  /** Trees of the shard × features. */
  readonly treeImportances: Float64Array;
}

/** The words of the section `shard`. */
export function markOf({ fingerprint, nEstimators, from, outOfBag }: Shard): Uint32Array {
  return Uint32Array.of(...fingerprint, nEstimators, from, OWNERS.indexOf(outOfBag));
}

/**
 * The inverse of `markOf`.
 * @param trees of the shard
 * @throws ForestError `invalid-buffer`
 */
export function readShard(mark: Uint32Array, trees: number, treeImportances: Float64Array): Shard {
  const [first = 0, second = 0, nEstimators = 0, from = 0, owner = NaN] = mark;
  const outOfBag = OWNERS[owner];
  if (mark.length !== 5 || from + trees > nEstimators || outOfBag === undefined) {
    throw invalidBuffer(`a shard of ${trees} trees with the words ${mark.join(', ')}`, 'a part of its forest');
  }
  return { fingerprint: [first, second], nEstimators, from, outOfBag, treeImportances };
}
