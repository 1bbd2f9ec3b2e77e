/**
 * The artifact: a whole forest in one buffer that needs no parsing. Version 1, in the byte order of all machines that
 * Node runs on today (little-endian); `n` nodes, `t` trees, `f` features:
 *
 *   bytes            content
 *   0                32-bit words: magic, version, f, t, n, 0
 *   24               f64: out-of-bag R² (NaN where not asked for)
 *   32               f64 × f: importances
 *   32 + 8f          f64 × n: threshold of an inner node, prediction of a leaf
 *   … + 8n           u32 × (t + 1): the first node of each tree, then n
 *   … + 4(t + 1)     u32 × n: distance from a node to its right child; 0 for a leaf
 *   … + 4n           u16 × n: feature of an inner node; 0 for a leaf
 *
 * Nodes are in preorder: an inner node's left child is the next node. Distances are positive, so that a walk from a
 * root always ends.
 */
import { ForestError } from './errors.ts';
import type { Tree } from './tree.ts';

/** The bytes "DFRF" (Dropforest regression forest). */
const MAGIC = 0x46524644;
const VERSION = 1;
const HEADER_BYTES = 32;

/** Typed views into one buffer. */
export interface FlatForest {
  readonly buffer: ArrayBuffer;
  readonly features: number;
  readonly trees: number;
  readonly nodes: number;
  readonly oobScore: Float64Array;
  readonly importances: Float64Array;
  readonly value: Float64Array;
  readonly treeStarts: Uint32Array;
  readonly right: Uint32Array;
  readonly feature: Uint16Array;
}

interface Counts {
  readonly features: number;
  readonly trees: number;
  readonly nodes: number;
}

/** Bytes of a forest's buffer. */
export function forestBytes({ features, trees, nodes }: Counts): number {
  return HEADER_BYTES + 8 * features + 14 * nodes + 4 * (trees + 1);
}

/**
 * Packs grown trees, in order, into one buffer.
 * @param oobScore `NaN` where not asked for
 */
export function packForest(trees: readonly Tree[], importances: Float64Array, oobScore: number): FlatForest {
  const nodes = trees.reduce((sum, tree) => sum + tree.value.length, 0);
  const counts = { features: importances.length, trees: trees.length, nodes };
  const buffer = new ArrayBuffer(forestBytes(counts));
  new Uint32Array(buffer, 0, 5).set([MAGIC, VERSION, counts.features, counts.trees, nodes]);
  const forest = viewForest(buffer, counts);
  forest.oobScore[0] = oobScore;
  forest.importances.set(importances);
  let start = 0;
  trees.forEach((tree, index) => {
    forest.treeStarts[index] = start;
    forest.value.set(tree.value, start);
    forest.right.set(tree.right, start);
    forest.feature.set(tree.feature, start);
    start += tree.value.length;
  });
  forest.treeStarts[trees.length] = start;
  return forest;
}

/**
 * Reads a forest without copying it.
 * @throws ForestError `invalid-buffer` where magic, version or length are not those of a forest
 */
export function openForest(buffer: ArrayBuffer): FlatForest {
  if (buffer.byteLength < HEADER_BYTES) throw refusal(`${buffer.byteLength} bytes`, `at least ${HEADER_BYTES}`);
  const [magic = 0, version = 0, features = 0, trees = 0, nodes = 0] = new Uint32Array(buffer, 0, 5);
  if (magic !== MAGIC) throw refusal(`magic 0x${magic.toString(16)}`, `0x${MAGIC.toString(16)}: these bytes are no forest`);
  if (version !== VERSION) throw refusal(`version ${version}`, `${VERSION}: the forest was saved by another release`);
  const bytes = forestBytes({ features, trees, nodes });
  if (buffer.byteLength !== bytes) throw refusal(`${buffer.byteLength} bytes`, `${bytes}: the file is cut off or damaged`);
  const forest = viewForest(buffer, { features, trees, nodes });
  checkTreeStarts(forest);
  return forest;
}

function viewForest(buffer: ArrayBuffer, { features, trees, nodes }: Counts): FlatForest {
  const value = HEADER_BYTES + 8 * features;
  const treeStarts = value + 8 * nodes;
  const right = treeStarts + 4 * (trees + 1);
  return {
    buffer,
    features,
    trees,
    nodes,
    oobScore: new Float64Array(buffer, 24, 1),
    importances: new Float64Array(buffer, HEADER_BYTES, features),
    value: new Float64Array(buffer, value, nodes),
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
