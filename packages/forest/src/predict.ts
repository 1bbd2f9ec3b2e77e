/** Predictions of a packed forest: rows are encoded in batches, each batch goes through tree after tree. */
import type { Column } from './columns.ts';
import { encodeRows } from './encoded-rows.ts';
import type { EncodedRows } from './encoded-rows.ts';
import type { FlatForest } from './flat-forest.ts';
import { quickWalker } from './kernel/kernel-walker.ts';
import { forEachTree } from './plain-walker.ts';
import type { BatchWalker } from './plain-walker.ts';

/**
 * Rows of a batch. Each batch reads all trees, so that it had better be large; the codes of its rows should still fit a
 * core's second cache.
 */
const BATCH_ROWS = 16_384;

/** The mean of what all trees say of each row of checked columns: rows × outputs, one for regression and one a class for classification. */
export function predictMeans(forest: FlatForest, columns: readonly Column[], rows: number, walker: BatchWalker = quickWalker): Float64Array {
  const outputs = Math.max(1, forest.classes);
  const prediction = new Float64Array(rows * outputs);
  forEachBatch(forest, columns, rows, (batch, start) => { prediction.set(walker.meanOfTrees(forest, batch), start * outputs); });
  return prediction;
}

/** The leaf of each row in each tree, rows × trees, as scikit-learn's `apply`: the number of a node, counted from its tree's root. */
export function applyForest(forest: FlatForest, columns: readonly Column[], rows: number): Uint32Array {
  const { trees, treeStarts } = forest;
  const result = new Uint32Array(rows * trees);
  forEachBatch(forest, columns, rows, (batch, start) => {
    forEachTree(forest, batch, (leaves, tree) => {
      const root = treeStarts[tree] ?? 0;
      for (let row = 0; row < batch.rows; row++) result[(start + row) * trees + tree] = (leaves[row] ?? 0) - root;
    });
  });
  return result;
}

/** The number of the leaf, in the forest, that each row of a batch ends in: rows × trees. */
export function leafNumbers(forest: FlatForest, batch: EncodedRows): Uint32Array {
  const { trees, nodes } = forest;
  const result = new Uint32Array(batch.rows * trees);
  forEachTree(forest, batch, (leaves, tree) => {
    for (let row = 0; row < batch.rows; row++) result[row * trees + tree] = nodes[2 * (leaves[row] ?? 0)] ?? 0;
  });
  return result;
}

/** Hands on encoded rows, `BATCH_ROWS` at a time, and the number of the first of them. */
export function forEachBatch(forest: FlatForest, columns: readonly Column[], rows: number, use: (batch: EncodedRows, start: number) => void): void {
  const memory = new Int32Array(Math.min(BATCH_ROWS, rows) * (2 * forest.features + 1));
  for (let start = 0; start < rows; start += BATCH_ROWS) {
    use(encodeRows(forest, columns, start, Math.min(start + BATCH_ROWS, rows), memory), start);
  }
}
