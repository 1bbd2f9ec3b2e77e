import { ForestError } from './errors.ts';
import type { FlatForest } from './flat-forest.ts';
import { openForest } from './open-forest.ts';
import { validateTrees } from './validate-trees.ts';

/**
 * Checks every invariant of a forest's buffer. Nodes: subtrees tile each tree exactly, every inner node has two children,
 * its feature exists, both of its sides are open to some value that the path to it has left over, every leaf has a value.
 * Tables: thresholds ascend, every number is finite, class shares and importances are shares, kept weights add up.
 * `from` does not go through the nodes; use this for bytes from elsewhere.
 * @throws ForestError `invalid-buffer` or `invalid-forest` naming what was got and, for a node, where
 */
export function validateForest(buffer: ArrayBuffer): void {
  const forest = openForest(buffer);
  validateCuts(forest);
  validateLeafValues(forest);
  validateImportances(forest);
  validateTreeImportances(forest);
  validateTrees(forest);
  validateNodeWeights(forest);
  validateLeafTargets(forest);
  validateCalibration(forest);
}

function validateCuts({ features, cuts, cutStarts, categoricalLevels }: FlatForest): void {
  for (let feature = 0; feature < features; feature++) {
    const start = cutStarts[feature] ?? 0;
    const end = cutStarts[feature + 1] ?? 0;
    if (end > start && (categoricalLevels[feature] ?? 0) > 0) throw refusal(`feature ${feature}`, `${end - start} thresholds of a categorical feature`, 'none');
    for (let cut = start; cut < end; cut++) {
      const isAscending = cut === start || (cuts[cut - 1] ?? 0) < (cuts[cut] ?? 0);
      if (isAscending && Number.isFinite(cuts[cut])) continue;
      throw refusal(`feature ${feature}`, `threshold ${cuts[cut]} after ${cut === start ? 'none' : cuts[cut - 1]}`, 'finite thresholds that ascend');
    }
  }
}

function validateLeafValues({ classes, targetLevels, leafValues }: FlatForest): void {
  const wrong = leafValues.findIndex((value) => !Number.isFinite(value));
  if (wrong !== -1) throw refusal(`leaf value ${wrong}`, String(leafValues[wrong]), 'a finite number');
  for (let level = 1; level < targetLevels; level++) {
    if ((leafValues[level - 1] ?? 0) < (leafValues[level] ?? 0)) continue;
    throw refusal(`target level ${level}`, `${leafValues[level]} after ${leafValues[level - 1]}`, 'levels that ascend');
  }
  for (let row = 0; classes > 0 && row < leafValues.length / classes; row++) {
    const shares = leafValues.subarray(row * classes, (row + 1) * classes);
    const total = shares.reduce((sum, share) => sum + share, 0);
    if (shares.every((share) => share >= 0) && Math.abs(total - 1) <= 1e-9) continue;
    throw refusal(`class shares, row ${row}`, `a sum of ${total}`, 'shares that add up to 1');
  }
}

function validateImportances({ importances }: Pick<FlatForest, 'importances'>, where = 'importances'): void {
  const total = importances.reduce((sum, share) => sum + share, 0);
  if (importances.every((share) => share >= 0) && (total === 0 || Math.abs(total - 1) <= 1e-9)) return;
  throw refusal(where, `a sum of ${total}`, 'shares that add up to 1 or are all 0');
}

function validateTreeImportances({ shard, trees, features }: FlatForest): void {
  for (let tree = 0; shard !== undefined && tree < trees; tree++) {
    validateImportances({ importances: shard.treeImportances.subarray(tree * features, (tree + 1) * features) }, `importances of tree ${tree}`);
  }
}

/** Called when the nodes are known to be sound. */
function validateNodeWeights({ nodeWeights, nodes, columnBits, nodeCount }: FlatForest): void {
  if (nodeWeights === undefined) return;
  for (let node = 0; node < nodeCount; node++) {
    const weight = nodeWeights[node] ?? NaN;
    const distance = (nodes[2 * node + 1] ?? 0) >>> columnBits;
    if (!Number.isFinite(weight) || weight <= 0) throw refusal(`node ${node}`, `a weight of ${weight}`, 'a finite weight above 0');
    const below = distance === 0 ? weight : (nodeWeights[node + 1] ?? 0) + (nodeWeights[node + distance] ?? 0);
    if (Math.abs(below - weight) > 1e-6 * weight) throw refusal(`node ${node}`, `a weight of ${weight} over children of ${below}`, 'their sum');
  }
}

function validateLeafTargets({ leafTargets, targetLevels }: FlatForest): void {
  if (leafTargets === undefined) return;
  const { starts, ranks, weights } = leafTargets;
  if (starts[0] !== 0 || starts.at(-1) !== ranks.length) {
    throw refusal('targets of leaves', `from ${starts[0]} to ${starts.at(-1)}`, `from 0 to ${ranks.length}`);
  }
  for (let leaf = 0; leaf + 1 < starts.length; leaf++) {
    const start = starts[leaf] ?? 0;
    const end = starts[leaf + 1] ?? 0;
    if (end <= start) throw refusal(`mixed leaf ${leaf}`, `targets ${start} to ${end}`, 'at least one');
    for (let at = start; at < end; at++) {
      const rank = ranks[at] ?? 0;
      const isOrdered = at === start || (ranks[at - 1] ?? 0) <= rank;
      const weight = weights[at] ?? NaN;
      if (!isOrdered || rank >= targetLevels) {
        throw refusal(`mixed leaf ${leaf}`, `target level ${rank}`, `levels that do not descend, below ${targetLevels}`);
      }
      if (!(weight > 0 && Number.isFinite(weight))) throw refusal(`mixed leaf ${leaf}`, `a target of weight ${weight}`, 'a finite weight above 0');
    }
  }
}

function validateCalibration({ calibration, leafTargets }: FlatForest): void {
  if (calibration === undefined) return;
  if (leafTargets === undefined) throw refusal('calibration', 'one without targets of leaves', 'both or none');
  const levels = calibration.filter((_, i) => i % 2 === 1);
  const isAscending = levels.every((level, i) => level > (levels[i - 1] ?? 0) && level < 1);
  if (calibration.length % 2 === 1 && levels.length > 0 && isAscending && calibration.every(Number.isFinite)) return;
  throw refusal('calibration', `${calibration.length} numbers, levels ${[...levels].join(', ')}`, 'a spread, then ascending levels below 1 with their offsets');
}

function refusal(where: string, got: string, expected: string): ForestError {
  return new ForestError('invalid-forest', `${where}: got ${got}, expected ${expected}`);
}
