import { openForest } from './flat-forest.ts';
import type { FlatForest } from './flat-forest.ts';
import { ForestError } from './errors.ts';

/**
 * Checks every invariant of a forest's buffer: subtrees tile each tree exactly, every inner node has two children, its
 * feature exists, its threshold lies strictly inside what the path to it has left of that feature, every number is
 * finite, every leaf of a classification forest has a class or class shares, and the importances are shares. `from` does
 * not go through the nodes; use this for bytes from elsewhere.
 * @throws ForestError `invalid-buffer` or `invalid-forest` naming tree and node
 */
export function validateForest(buffer: ArrayBuffer): void {
  const forest = openForest(buffer);
  for (let tree = 0; tree < forest.trees; tree++) validateTree(forest, tree);
  validateShares(forest);
  const total = forest.importances.reduce((sum, share) => sum + share, 0);
  if (forest.importances.some((share) => !(share >= 0)) || (total !== 0 && Math.abs(total - 1) > 1e-9)) {
    throw new ForestError('invalid-forest', `importances: got a sum of ${total}, expected shares that add up to 1 or are all 0`);
  }
}

function validateShares({ shares, classes, mixedLeaves }: FlatForest): void {
  for (let row = 0; row < mixedLeaves; row++) {
    const leaf = shares.subarray(row * classes, (row + 1) * classes);
    const total = leaf.reduce((sum, share) => sum + share, 0);
    if (leaf.every((share) => share >= 0) && Math.abs(total - 1) <= 1e-9) continue;
    throw new ForestError('invalid-forest', `class shares, row ${row}: got a sum of ${total}, expected shares that add up to 1`);
  }
}

/** A subtree [node, end) and the open interval that its path leaves of each feature. */
interface Subtree {
  readonly node: number;
  readonly end: number;
  readonly bounds: ReadonlyMap<number, readonly [low: number, high: number]>;
}

function validateTree(forest: FlatForest, tree: number): void {
  const pending: Subtree[] = [{ node: forest.treeStarts[tree] ?? 0, end: forest.treeStarts[tree + 1] ?? 0, bounds: new Map() }];
  for (let subtree = pending.pop(); subtree !== undefined; subtree = pending.pop()) {
    const problem = problemOf(forest, subtree);
    if (problem !== undefined) throw new ForestError('invalid-forest', `tree ${tree}, node ${subtree.node}: got ${problem}`);
    if ((forest.right[subtree.node] ?? 0) !== 0) pending.push(...childrenOf(forest, subtree));
  }
}

function problemOf(forest: FlatForest, { node, end, bounds }: Subtree): string | undefined {
  const value = forest.value[node] ?? NaN;
  const right = forest.right[node] ?? 0;
  const feature = forest.feature[node] ?? 0;
  if (!Number.isFinite(value)) return `the value ${value}, expected a finite number`;
  if (right === 0) return end - node === 1 ? problemOfLeaf(forest, value) : `a leaf over ${end - node} nodes, expected 1`;
  if (right < 2 || node + right >= end) return `a right child ${right} nodes further, expected from 2 to ${end - node - 1}`;
  if (feature >= forest.features) return `feature ${feature}, expected less than ${forest.features}`;
  const [low, high] = bounds.get(feature) ?? [-Infinity, Infinity];
  return value > low && value < high ? undefined : `threshold ${value}, expected between ${low} and ${high}: one side is always empty`;
}

function problemOfLeaf({ classes, mixedLeaves }: FlatForest, value: number): string | undefined {
  if (classes === 0 || (Number.isInteger(value) && value < classes && value >= -mixedLeaves)) return undefined;
  return `a leaf of value ${value}, expected a class below ${classes} or one of ${mixedLeaves} rows of shares`;
}

function childrenOf(forest: FlatForest, { node, end, bounds }: Subtree): readonly [Subtree, Subtree] {
  const feature = forest.feature[node] ?? 0;
  const threshold = forest.value[node] ?? 0;
  const [low, high] = bounds.get(feature) ?? [-Infinity, Infinity];
  const right = node + (forest.right[node] ?? 0);
  return [
    { node: node + 1, end: right, bounds: new Map(bounds).set(feature, [low, threshold]) },
    { node: right, end, bounds: new Map(bounds).set(feature, [threshold, high]) },
  ];
}
