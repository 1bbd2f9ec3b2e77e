import { ForestError } from './errors.ts';
import type { FlatForest } from './flat-forest.ts';
import { openForest } from './open-forest.ts';
import type { ForestParts } from './pack-forest.ts';
import type { Shard } from './shard.ts';

/** A shard under the name that messages call it by. */
export interface OpenShard {
  readonly name: string;
  readonly forest: FlatForest;
  readonly shard: Shard;
}

/** @throws ForestError as `openForest`, and `invalid-buffer` for a forest that is no shard */
export function openShard(buffer: ArrayBuffer, name: string): OpenShard {
  const forest = openNamed(buffer, name);
  const { shard } = forest;
  if (shard === undefined) throw new ForestError('invalid-buffer', `${name}: got a whole forest, expected one that was fitted with treeRange`);
  return { name, forest, shard };
}

/** @throws ForestError as `openForest`, with the name in its message */
export function openNamed(buffer: ArrayBuffer, name: string): FlatForest {
  try {
    return openForest(buffer);
  } catch (cause) {
    if (!(cause instanceof ForestError)) throw cause;
    throw new ForestError(cause.code, `${name}: ${cause.message}`, { cause });
  }
}

/** What a shard was packed from, its trees as one block. */
export function partsOf({ forest, shard }: OpenShard): ForestParts {
  const { classes, categoricalLevels, cuts, cutStarts, leafValues, targetLevels, nodes, sets, treeStarts } = forest;
  const features = Array.from(categoricalLevels, (levels, feature) => ({
    levels,
    isCategorical: levels > 0,
    cuts: cuts.subarray(cutStarts[feature], cutStarts[feature + 1]),
  }));
  const { importances, oobScore, oobCurve, nodeWeights, leafTargets, calibration } = forest;
  return {
    set: { classes, features, targetLevels: leafValues.subarray(0, targetLevels) },
    trees: [{ nodes, sets, mixed: leafValues.subarray(targetLevels), starts: treeStarts.subarray(0, -1) }],
    ...{ importances, oobScore, oobCurve, nodeWeights, leafTargets, calibration, shard },
  };
}
