/** Reads the artifact. */
import { HEAD_BYTES, HEAD_WORDS, MAGIC, VERSION, viewForest } from './flat-forest.ts';
import type { FlatForest, ForestTask } from './flat-forest.ts';
import { checkStarts, invalidBuffer, readTable } from './forest-sections.ts';
import { convertOldForest } from './old-forests.ts';

/**
 * Reads a forest without copying it: O(trees + features). A forest in version 1 or 2 is converted: O(nodes), and
 * `buffer` is then a new one.
 * @throws ForestError `invalid-buffer` where magic, version, counts or sections are not those of a forest
 */
export function openForest(buffer: ArrayBuffer): FlatForest {
  if (buffer.byteLength < 4 * HEAD_WORDS) throw invalidBuffer(`${buffer.byteLength} bytes`, `at least ${4 * HEAD_WORDS}`);
  const [magic = 0, version = 0, features = 0, trees = 0, nodeCount = 0, classes = 0, targetLevels = 0, count = 0] = new Uint32Array(buffer, 0, HEAD_WORDS);
  if (magic !== MAGIC) throw invalidBuffer(`magic 0x${magic.toString(16)}`, `0x${MAGIC.toString(16)}: these bytes are no forest`);
  if (version === 1 || version === 2) return convertOldForest(buffer);
  if (version !== VERSION) throw invalidBuffer(`version ${version}`, `1, 2 or ${VERSION}: the forest was saved by another release`);
  const extents = readTable(buffer, HEAD_BYTES, count);
  const [oobScore = NaN] = new Float64Array(buffer, 4 * HEAD_WORDS, 1);
  const forest = viewForest(buffer, { features, trees, nodeCount, classes, targetLevels, oobScore }, extents);
  checkCounts(forest);
  return forest;
}

/**
 * Reads a forest that must be of one task.
 * @throws ForestError `invalid-buffer` as `openForest`, and for a forest of the other task
 */
export function openForestOf(task: ForestTask, buffer: ArrayBuffer): FlatForest {
  const forest = openForest(buffer);
  const got: ForestTask = forest.classes === 0 ? 'regression' : 'classification';
  if (got === task) return forest;
  const reader = got === 'regression' ? 'RandomForestRegressor' : 'RandomForestClassifier';
  throw invalidBuffer(`a ${got} forest`, `a ${task} forest; ${reader}.from reads this one`);
}

/** Checks what the lengths of the sections say about one another. */
function checkCounts(forest: FlatForest): void {
  const { classes, targetLevels, leafValues, leafTargets } = forest;
  checkStarts('tree', forest.treeStarts, forest.nodeCount, 1);
  checkStarts('feature', forest.cutStarts, forest.cuts.length, 0);
  if (classes > 0 ? targetLevels !== 0 || leafValues.length % classes !== 0 : targetLevels > leafValues.length) {
    const got = `${leafValues.length} leaf values, ${targetLevels} of them target levels, for ${classes} classes`;
    throw invalidBuffer(got, 'rows of class shares, or target levels and means');
  }
  if (leafTargets === undefined) return;
  const mixed = leafValues.length - targetLevels;
  if (leafTargets.starts.length !== mixed + 1 || classes > 0) {
    throw invalidBuffer(`targets of ${leafTargets.starts.length - 1} leaves`, `those of the ${mixed} mixed leaves of a regression forest`);
  }
}
