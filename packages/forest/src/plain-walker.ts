/** Predictions of a batch in plain TypeScript: the reference for the kernel, and what is quicker for few rows. */
import type { EncodedRows } from './encoded-rows.ts';
import type { FlatForest } from './flat-forest.ts';
import { walk } from './walk-trees.ts';
import type { Walkable } from './walk-trees.ts';

/** Sends a batch of rows through a forest; another implementation must add in the same order. */
export interface BatchWalker {
  /**
   * The mean of what the trees say about each row: rows × outputs, one output for regression and one a class for
   * classification. Numbers are added up in the order of the trees, as differences from what the first one says: where
   * all agree, the mean is then exactly that.
   */
  meanOfTrees(forest: FlatForest, rows: EncodedRows): Float64Array;
}

/** A single row goes through several trees at once, several rows through one tree. */
export const plainWalker: BatchWalker = {
  meanOfTrees(forest, batch) {
    if (batch.rows === 1) return meanOfRow(forest, batch);
    return forest.classes === 0 ? meanNumbers(forest, batch) : meanShares(forest, batch);
  },
};

function meanNumbers(forest: FlatForest, batch: EncodedRows): Float64Array {
  const { nodes, leafValues } = forest;
  const sums = new Float64Array(batch.rows);
  const bases = new Float64Array(batch.rows);
  forEachTree(forest, batch, (leaves, tree) => {
    for (let row = 0; row < sums.length; row++) {
      const value = leafValues[nodes[2 * (leaves[row] ?? 0)] ?? 0] ?? 0;
      if (tree === 0) bases[row] = value;
      sums[row] = (sums[row] ?? 0) + (value - (bases[row] ?? 0));
    }
  });
  return meansOf(bases, sums, forest.trees);
}

/** The means that bases and sums of differences from them stand for; the sums are overwritten. */
export function meansOf(bases: Float64Array, sums: Float64Array, trees: number): Float64Array {
  for (let row = 0; row < sums.length; row++) sums[row] = (bases[row] ?? 0) + (sums[row] ?? 0) / trees;
  return sums;
}

function meanShares(forest: FlatForest, batch: EncodedRows): Float64Array {
  const { nodes, classes, trees } = forest;
  const sums = new Float64Array(batch.rows * classes);
  forEachTree(forest, batch, (leaves) => {
    for (let row = 0; row < batch.rows; row++) addShares(forest, nodes[2 * (leaves[row] ?? 0)] ?? 0, sums, row * classes);
  });
  return divide(sums, trees);
}

/** Adds what a leaf says, by its number, to the outputs from `at` on: 1 to the only class of its rows, or a row of shares. */
export function addShares({ leafValues, classes }: FlatForest, leaf: number, sums: Float64Array, at: number): void {
  if (leaf < classes) {
    sums[at + leaf] = (sums[at + leaf] ?? 0) + 1;
    return;
  }
  const row = (leaf - classes) * classes;
  for (let label = 0; label < classes; label++) sums[at + label] = (sums[at + label] ?? 0) + (leafValues[row + label] ?? 0);
}

/** Divides in place. */
export function divide(sums: Float64Array, trees: number): Float64Array {
  for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] ?? 0) / trees;
  return sums;
}

function meanOfRow(forest: FlatForest, batch: EncodedRows): Float64Array {
  const { nodes, leafValues, classes, trees } = forest;
  const leaves = new Uint32Array(trees);
  walk(walkableOf(forest), batch, forest.treeStarts, new Uint32Array(trees), trees, leaves);
  if (classes > 0) {
    const sums = new Float64Array(classes);
    for (const leaf of leaves) addShares(forest, nodes[2 * leaf] ?? 0, sums, 0);
    return divide(sums, trees);
  }
  const base = leafValues[nodes[2 * (leaves[0] ?? 0)] ?? 0] ?? 0;
  let sum = 0;
  for (const leaf of leaves) sum += (leafValues[nodes[2 * leaf] ?? 0] ?? 0) - base;
  return Float64Array.of(base + sum / trees);
}

/** Hands on, tree after tree, the node in which each row ends; the array is filled anew for each tree. */
export function forEachTree(forest: FlatForest, batch: EncodedRows, use: (leaves: Uint32Array, tree: number) => void): void {
  const walkable = walkableOf(forest);
  const offsets = Uint32Array.from({ length: batch.rows }, (_, row) => row * batch.stride);
  const roots = new Uint32Array(batch.rows);
  const leaves = new Uint32Array(batch.rows);
  for (let tree = 0; tree < forest.trees; tree++) {
    roots.fill(forest.treeStarts[tree] ?? 0);
    walk(walkable, batch, roots, offsets, batch.rows, leaves);
    use(leaves, tree);
  }
}

export function walkableOf({ nodes, sets, columnBits, categoricalLevels }: FlatForest): Walkable {
  return { nodes: new Int32Array(nodes.buffer, nodes.byteOffset, nodes.length), sets, columnBits, categoricalLevels };
}
