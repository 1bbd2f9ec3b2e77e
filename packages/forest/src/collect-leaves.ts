/**
 * What nodes held of the training rows, collected when all trees are grown: each tree's bag is drawn again and sent
 * through it. Growers need not keep it, and a fit that does not ask for it does not pay.
 */
import { drawBag, weighBag } from './bag.ts';
import type { LeafTargets } from './flat-forest.ts';
import { joinLeafTargets } from './join-leaf-targets.ts';
import { columnBitsOf } from './grown-tree.ts';
import type { GrownTree } from './grown-tree.ts';
import type { GrowSettings } from './options.ts';
import type { TrainingSet } from './training-set.ts';
import { TrainingWalker } from './training-walker.ts';

/** What a bag is drawn by. */
export type BagSettings = Pick<GrowSettings, 'bootstrap' | 'draws' | 'seed' | 'isBalancedSubsample'>;

/** The rows of a tree's bag, each with its leaf and its weight in steps of the training set. The arrays are used again. */
interface BaggedLeaves {
  readonly tree: GrownTree;
  readonly count: number;
  readonly rows: Uint32Array;
  /** Nodes. */
  readonly leaves: Uint32Array;
  /** By row, not by place. */
  readonly weights: Float64Array;
}

/**
 * The weight of the training rows in each node, repeats counted, node after node and tree after tree.
 * @param trees trees of the forest, in order
 * @param first number of the first of them
 */
export function collectNodeWeights(set: TrainingSet, settings: BagSettings, trees: readonly GrownTree[], first = 0): Float32Array {
  const result = new Float32Array(trees.reduce((sum, tree) => sum + tree.nodes.length / 2, 0));
  const columnBits = columnBitsOf(set.features.length);
  let start = 0;
  forEachBag(set, settings, { trees, first }, ascending(set.rows), ({ tree: { nodes }, count, rows, leaves, weights }) => {
    const steps = new Float64Array(nodes.length / 2);
    for (let i = 0; i < count; i++) steps[leaves[i] ?? 0] = (steps[leaves[i] ?? 0] ?? 0) + (weights[rows[i] ?? 0] ?? 0);
    // Children come after their parent: backwards, both are complete when it is their turn.
    for (let node = steps.length - 1; node >= 0; node--) {
      const distance = (nodes[2 * node + 1] ?? 0) >>> columnBits;
      if (distance > 0) steps[node] = (steps[node + 1] ?? 0) + (steps[node + distance] ?? 0);
      result[start + node] = (steps[node] ?? 0) / set.weightScale;
    }
    start += steps.length;
  });
  return result;
}

/**
 * The targets in the leaves whose targets differ; ranks are those of the training set.
 * @param trees trees of a regression forest, in order
 * @param first number of the first of them
 * @throws ForestError `too-large` for 2³² targets or more
 */
export function collectLeafTargets(set: TrainingSet, settings: BagSettings, trees: readonly GrownTree[], first = 0): LeafTargets {
  const parts: LeafTargets[] = [];
  forEachBag(set, settings, { trees, first }, byTarget(set), (bagged) => { parts.push(targetsOfTree(set, bagged)); });
  return joinLeafTargets(parts);
}

/** Rows come in the order of their targets, so that each leaf's do. */
function targetsOfTree({ targetRanks, targetLevels, weightScale }: TrainingSet, { tree, count, rows, leaves, weights }: BaggedLeaves): LeafTargets {
  const mixedOf = (i: number): number => (tree.nodes[2 * (leaves[i] ?? 0)] ?? 0) - targetLevels.length;
  const starts = new Uint32Array(tree.mixed.length + 1);
  for (let i = 0; i < count; i++) {
    if (mixedOf(i) >= 0) starts[mixedOf(i) + 1] = (starts[mixedOf(i) + 1] ?? 0) + 1;
  }
  for (let leaf = 0; leaf < tree.mixed.length; leaf++) starts[leaf + 1] = (starts[leaf + 1] ?? 0) + (starts[leaf] ?? 0);
  const ranks = new Uint32Array(starts[tree.mixed.length] ?? 0);
  const shares = new Float32Array(ranks.length);
  const next = starts.slice();
  for (let i = 0; i < count; i++) {
    const leaf = mixedOf(i);
    if (leaf < 0) continue;
    const at = next[leaf] ?? 0;
    next[leaf] = at + 1;
    ranks[at] = targetRanks[rows[i] ?? 0] ?? 0;
    shares[at] = (weights[rows[i] ?? 0] ?? 0) / weightScale;
  }
  return { starts, ranks, weights: shares };
}

interface NumberedTrees {
  readonly trees: readonly GrownTree[];
  readonly first: number;
}

/** @param order all rows, in the order in which those of each bag shall come */
function forEachBag(set: TrainingSet, settings: BagSettings, { trees, first }: NumberedTrees, order: Uint32Array, use: (bagged: BaggedLeaves) => void): void {
  const walker = new TrainingWalker(set);
  const counts = new Uint32Array(set.rows);
  const weights = new Float64Array(set.rows);
  const rows = new Uint32Array(set.rows);
  trees.forEach((tree, index) => {
    drawBag(set, settings, first + index, counts);
    weighBag(set, settings, counts, weights);
    let count = 0;
    for (const row of order) {
      rows[count] = row;
      count += counts[row] === 0 ? 0 : 1;
    }
    use({ tree, count, rows, leaves: walker.leavesOf(tree, rows, count), weights });
  });
}

function ascending(rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row);
}

function byTarget({ rows, targetRanks }: TrainingSet): Uint32Array {
  return ascending(rows).sort((a, b) => (targetRanks[a] ?? 0) - (targetRanks[b] ?? 0));
}
