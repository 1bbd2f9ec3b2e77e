import { ForestError } from './errors.ts';
import type { LeafTargets } from './flat-forest.ts';

/**
 * The targets in the leaves of several trees or shards, one after the other.
 * @throws ForestError `too-large` for 2³² targets or more
 */
export function joinLeafTargets(parts: readonly LeafTargets[]): LeafTargets {
  const entries = parts.reduce((sum, { ranks }) => sum + ranks.length, 0);
  if (entries >= 2 ** 32) {
    throw new ForestError('too-large', `quantiles: got ${entries} targets in leaves, allowed: less than 2³²; grow fewer or deeper trees`);
  }
  const targets = {
    starts: new Uint32Array(parts.reduce((sum, { starts }) => sum + starts.length - 1, 1)),
    ranks: new Uint32Array(entries),
    weights: new Float32Array(entries),
  };
  let leaf = 0;
  let entry = 0;
  for (const { starts, ranks, weights } of parts) {
    for (let i = 0; i + 1 < starts.length; i++) targets.starts[leaf++] = entry + (starts[i] ?? 0);
    targets.ranks.set(ranks, entry);
    targets.weights.set(weights, entry);
    entry += ranks.length;
  }
  targets.starts[leaf] = entry;
  return targets;
}
