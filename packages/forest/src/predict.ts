import type { Column } from './columns.ts';
import type { FlatForest } from './flat-forest.ts';

/** Rows walked through one tree before the next tree: 256 rows × 10 features are 20 kB, so rows and tree stay in cache. */
const BATCH_ROWS = 256;

/** The mean of all trees' predictions for checked columns of `rows` rows; trees are added in their order. */
export function predictNumbers(forest: FlatForest, columns: readonly Column[], rows: number): Float64Array {
  const prediction = new Float64Array(rows);
  const batch = new Float64Array(Math.min(BATCH_ROWS, rows) * forest.features);
  for (let start = 0; start < rows; start += BATCH_ROWS) {
    const end = Math.min(start + BATCH_ROWS, rows);
    loadBatch(columns, start, end, batch);
    predictBatch(forest, batch, prediction.subarray(start, end));
  }
  return prediction;
}

/** The mean of all trees' class shares for checked columns of `rows` rows: rows × classes. */
export function predictShares(forest: FlatForest, columns: readonly Column[], rows: number): Float64Array {
  const { trees, treeStarts, classes } = forest;
  const prediction = new Float64Array(rows * classes);
  const batch = new Float64Array(Math.min(BATCH_ROWS, rows) * forest.features);
  for (let start = 0; start < rows; start += BATCH_ROWS) {
    const end = Math.min(start + BATCH_ROWS, rows);
    const sums = prediction.subarray(start * classes, end * classes);
    loadBatch(columns, start, end, batch);
    for (let tree = 0; tree < trees; tree++) addShares(forest, treeStarts[tree] ?? 0, batch, end - start, sums);
    for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] ?? 0) / trees;
  }
  return prediction;
}

/** Copies rows [start, end) side by side, because a walk reads many features of one row. */
function loadBatch(columns: readonly Column[], start: number, end: number, batch: Float64Array): void {
  columns.forEach((column, feature) => {
    for (let row = start, at = feature; row < end; row++, at += columns.length) batch[at] = column[row] ?? 0;
  });
}

/**
 * Adds up differences from the first tree's prediction rather than the predictions: where all trees agree, the mean is
 * then exactly what they say.
 */
function predictBatch(forest: FlatForest, batch: Float64Array, prediction: Float64Array): void {
  const { trees, treeStarts } = forest;
  const first = new Float64Array(prediction.length);
  addTree(forest, 0, batch, first, first);
  for (let tree = 1; tree < trees; tree++) addTree(forest, treeStarts[tree] ?? 0, batch, prediction, first);
  for (let row = 0; row < prediction.length; row++) {
    prediction[row] = (first[row] ?? 0) + (prediction[row] ?? 0) / trees;
  }
}

/** Hot: walks every row of the batch from `root` to a leaf and adds the leaf's distance from `base` to `sums`. */
function addTree(forest: FlatForest, root: number, batch: Float64Array, sums: Float64Array, base: Float64Array): void {
  const { features, value, right, feature } = forest;
  for (let row = 0, at = 0; row < sums.length; row++, at += features) {
    let node = root;
    for (let step = right[node] ?? 0; step !== 0; step = right[node] ?? 0) {
      node += (batch[at + (feature[node] ?? 0)] ?? 0) <= (value[node] ?? 0) ? 1 : step;
    }
    sums[row] = (sums[row] ?? 0) + (value[node] ?? 0) - (base[row] ?? 0);
  }
}

/** Hot: walks every row of the batch from `root` to a leaf and adds the leaf's class shares to `sums`. */
function addShares(forest: FlatForest, root: number, batch: Float64Array, rows: number, sums: Float64Array): void {
  const { features, classes, value, right, feature, shares } = forest;
  for (let row = 0, at = 0; row < rows; row++, at += features) {
    let node = root;
    for (let step = right[node] ?? 0; step !== 0; step = right[node] ?? 0) {
      node += (batch[at + (feature[node] ?? 0)] ?? 0) <= (value[node] ?? 0) ? 1 : step;
    }
    const leaf = value[node] ?? 0;
    const first = row * classes;
    if (leaf >= 0) {
      sums[first + leaf] = (sums[first + leaf] ?? 0) + 1;
      continue;
    }
    const from = (-1 - leaf) * classes;
    for (let label = 0; label < classes; label++) sums[first + label] = (sums[first + label] ?? 0) + (shares[from + label] ?? 0);
  }
}
