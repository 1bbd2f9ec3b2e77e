/**
 * The artifact: a whole forest in one buffer that needs no parsing, in the byte order of all machines that Node runs on
 * today (little-endian); `n` nodes, `t` trees, `f` features, `k` classes, `m` leaves that hold several classes. Version 1
 * is a regression forest (k = m = 0), version 2 a classification forest, whose head is 8 bytes longer:
 *
 *   bytes            content
 *   0                32-bit words: magic, version, f, t, n, k
 *   24               f64: out-of-bag R² or accuracy (NaN where not asked for)
 *   32               version 2 only: 32-bit words m, 0
 *   head             f64 × f: importances
 *   … + 8f           f64 × n: threshold of an inner node, value of a leaf
 *   … + 8n           f64 × m × k: class shares, a row a leaf
 *   … + 8mk          u32 × (t + 1): the first node of each tree, then n
 *   … + 4(t + 1)     u32 × n: distance from a node to its right child; 0 for a leaf
 *   … + 4n           u16 × n: feature of an inner node; 0 for a leaf
 *
 * The value of a leaf is the prediction (regression), the class code where all its rows are of one class, or −1 − i
 * where their shares are row i (classification): fully grown trees have few leaves of the last kind.
 *
 * Nodes are in preorder: an inner node's left child is the next node. Distances are positive, so that a walk from a
 * root always ends.
 */
import { ForestError } from './errors.ts';
import type { Tree } from './tree.ts';

/** The bytes "DFRF" (Dropforest random forest). */
const MAGIC = 0x46524644;
const REGRESSION = 1;
const CLASSIFICATION = 2;
/** Bytes before the importances, by version. */
const HEAD_BYTES = { [REGRESSION]: 32, [CLASSIFICATION]: 40 } as const;

/** What a forest predicts: a number, or a class. */
export type ForestTask = 'regression' | 'classification';

/** Typed views into one buffer. */
export interface FlatForest {
  readonly buffer: ArrayBuffer;
  readonly features: number;
  readonly trees: number;
  readonly nodes: number;
  /** 0 for a regression forest. */
  readonly classes: number;
  /** Leaves that hold several classes; 0 for a regression forest. */
  readonly mixedLeaves: number;
  readonly oobScore: Float64Array;
  readonly importances: Float64Array;
  readonly value: Float64Array;
  readonly shares: Float64Array;
  readonly treeStarts: Uint32Array;
  readonly right: Uint32Array;
  readonly feature: Uint16Array;
}

/** What the length of a buffer follows from. */
export type ForestCounts = Pick<FlatForest, 'features' | 'trees' | 'nodes' | 'classes' | 'mixedLeaves'>;

/** Bytes of a forest's buffer. */
export function forestBytes({ features, trees, nodes, classes, mixedLeaves }: ForestCounts): number {
  return headBytes(classes) + 8 * features + 14 * nodes + 8 * mixedLeaves * classes + 4 * (trees + 1);
}

/**
 * Packs grown trees, in order, into one buffer.
 * @param classes 0 for a regression forest
 * @param oobScore `NaN` where not asked for
 */
export function packForest(trees: readonly Tree[], classes: number, importances: Float64Array, oobScore: number): FlatForest {
  const nodes = trees.reduce((sum, tree) => sum + tree.value.length, 0);
  const mixedLeaves = classes === 0 ? 0 : trees.reduce((sum, tree) => sum + tree.shares.length, 0) / classes;
  const counts = { features: importances.length, trees: trees.length, nodes, classes, mixedLeaves };
  const buffer = new ArrayBuffer(forestBytes(counts));
  new Uint32Array(buffer, 0, 6).set([MAGIC, versionOf(classes), counts.features, counts.trees, nodes, classes]);
  if (classes > 0) new Uint32Array(buffer, 32, 1).set([mixedLeaves]);
  const forest = viewForest(buffer, counts);
  forest.oobScore[0] = oobScore;
  forest.importances.set(importances);
  packTrees(trees, forest);
  return forest;
}

function packTrees(trees: readonly Tree[], forest: FlatForest): void {
  let start = 0;
  let mixed = 0;
  trees.forEach((tree, index) => {
    forest.treeStarts[index] = start;
    forest.value.set(forest.classes === 0 ? tree.value : renumbered(tree, mixed), start);
    forest.right.set(tree.right, start);
    forest.feature.set(tree.feature, start);
    forest.shares.set(tree.shares, mixed * forest.classes);
    start += tree.value.length;
    mixed += forest.classes === 0 ? 0 : tree.shares.length / forest.classes;
  });
  forest.treeStarts[trees.length] = start;
}

/** The tree's values, its rows of shares counted from row `mixed` of the forest's. */
function renumbered({ value, right }: Tree, mixed: number): Float64Array {
  return value.map((number, node) => (right[node] === 0 && number < 0 ? number - mixed : number));
}

/**
 * Reads a forest without copying it.
 * @throws ForestError `invalid-buffer` where magic, version or length are not those of a forest
 */
export function openForest(buffer: ArrayBuffer): FlatForest {
  const counts = readCounts(buffer);
  const bytes = forestBytes(counts);
  if (buffer.byteLength !== bytes) throw refusal(`${buffer.byteLength} bytes`, `${bytes}: the file is cut off or damaged`);
  const forest = viewForest(buffer, counts);
  checkTreeStarts(forest);
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
  throw refusal(`a ${got} forest`, `a ${task} forest; ${reader}.from reads this one`);
}

function readCounts(buffer: ArrayBuffer): ForestCounts {
  const least = HEAD_BYTES[REGRESSION];
  if (buffer.byteLength < least) throw refusal(`${buffer.byteLength} bytes`, `at least ${least}`);
  const [magic = 0, version = 0, features = 0, trees = 0, nodes = 0, classes = 0] = new Uint32Array(buffer, 0, 6);
  if (magic !== MAGIC) throw refusal(`magic 0x${magic.toString(16)}`, `0x${MAGIC.toString(16)}: these bytes are no forest`);
  if (version !== REGRESSION && version !== CLASSIFICATION) {
    throw refusal(`version ${version}`, `${REGRESSION} or ${CLASSIFICATION}: the forest was saved by another release`);
  }
  if (version !== versionOf(classes)) throw refusal(`${classes} classes in version ${version}`, 'none in version 1, at least one in version 2');
  if (buffer.byteLength < headBytes(classes)) throw refusal(`${buffer.byteLength} bytes`, `at least ${headBytes(classes)}: the file is cut off`);
  const [mixedLeaves = 0] = classes === 0 ? [] : new Uint32Array(buffer, least, 1);
  return { features, trees, nodes, classes, mixedLeaves };
}

function versionOf(classes: number): typeof REGRESSION | typeof CLASSIFICATION {
  return classes === 0 ? REGRESSION : CLASSIFICATION;
}

function headBytes(classes: number): number {
  return HEAD_BYTES[versionOf(classes)];
}

function viewForest(buffer: ArrayBuffer, counts: ForestCounts): FlatForest {
  const { features, trees, nodes, classes, mixedLeaves } = counts;
  const importances = headBytes(classes);
  const value = importances + 8 * features;
  const shares = value + 8 * nodes;
  const treeStarts = shares + 8 * mixedLeaves * classes;
  const right = treeStarts + 4 * (trees + 1);
  return {
    ...counts,
    buffer,
    oobScore: new Float64Array(buffer, 24, 1),
    importances: new Float64Array(buffer, importances, features),
    value: new Float64Array(buffer, value, nodes),
    shares: new Float64Array(buffer, shares, mixedLeaves * classes),
    treeStarts: new Uint32Array(buffer, treeStarts, trees + 1),
    right: new Uint32Array(buffer, right, nodes),
    feature: new Uint16Array(buffer, right + 4 * nodes, nodes),
  };
}

function checkTreeStarts({ treeStarts, trees, nodes }: FlatForest): void {
  let previous = -1;
  for (const start of treeStarts) {
    if (start <= previous) throw refusal(`a tree that starts at node ${start} after one at ${previous}`, 'ascending starts');
    previous = start;
  }
  if (trees === 0 || treeStarts[0] !== 0 || previous !== nodes) {
    throw refusal(`${trees} trees over nodes ${treeStarts[0]} to ${previous}`, `at least one tree, over nodes 0 to ${nodes}`);
  }
}

function refusal(got: string, expected: string): ForestError {
  return new ForestError('invalid-buffer', `forest buffer: got ${got}, expected ${expected}`);
}
