/**
 * Versions 1 (regression) and 2 (classification) of the artifact, which earlier releases wrote. `n` nodes, `t` trees,
 * `f` features, `k` classes, `m` leaves that hold several classes (k = m = 0 in version 1):
 *
 *   bytes            content
 *   0                32-bit words: magic, version, f, t, n, k
 *   24               f64: out-of-bag score
 *   32               version 2 only: 32-bit words m, 0
 *   head             f64 × f: importances
 *   … + 8f           f64 × n: threshold of an inner node, value of a leaf
 *   … + 8n           f64 × m × k: class shares, a row a leaf
 *   … + 8mk          u32 × (t + 1): the first node of each tree, then n
 *   … + 4(t + 1)     u32 × n: distance from a node to its right child; 0 for a leaf
 *   … + 4n           u16 × n: feature of an inner node; 0 for a leaf
 *
 * A leaf of version 2 holds its class, or −1 − i for row i of the shares. A row goes left where `x <= threshold`.
 */
import { codeOf } from './encode.ts';
import { ForestError } from './errors.ts';
import type { FlatForest } from './flat-forest.ts';
import { checkStarts, invalidBuffer } from './forest-sections.ts';
import { columnBitsOf } from './grown-tree.ts';
import type { GrownTree } from './grown-tree.ts';
import { packForest } from './pack-forest.ts';

interface OldForest {
  readonly features: number;
  readonly trees: number;
  readonly classes: number;
  readonly oobScore: number;
  readonly importances: Float64Array;
  readonly value: Float64Array;
  readonly shares: Float64Array<ArrayBuffer>;
  readonly treeStarts: Uint32Array;
  readonly right: Uint32Array;
  readonly feature: Uint16Array;
}

/**
 * The same forest in the present version: thresholds become cuts, missing values go right, as `NaN <= threshold` did.
 * @param buffer magic and version have been checked
 * @throws ForestError `invalid-buffer`; `invalid-forest` for nodes that stand for nothing; `too-large` where a distance
 * does not fit beside the number of features
 */
export function convertOldForest(buffer: ArrayBuffer): FlatForest {
  const old = viewOldForest(buffer);
  checkNodes(old);
  const cuts = thresholdsOf(old);
  const leaves = old.classes === 0 ? distinct(old.value.filter((_, node) => old.right[node] === 0)) : new Float64Array();
  const features = cuts.map((thresholds) => ({ levels: thresholds.length + 1, isCategorical: false, cuts: thresholds }));
  const trees = convertTrees(old, cuts, leaves);
  return packForest({ set: { classes: old.classes, features, targetLevels: leaves }, trees, importances: old.importances, oobScore: old.oobScore });
}

function viewOldForest(buffer: ArrayBuffer): OldForest {
  const [, version = 0, features = 0, trees = 0, nodes = 0, classes = 0] = new Uint32Array(buffer, 0, 6);
  const head = version === 1 ? 32 : 40;
  if ((version === 1) !== (classes === 0)) throw invalidBuffer(`${classes} classes in version ${version}`, 'none in version 1, at least one in version 2');
  if (buffer.byteLength < head) throw invalidBuffer(`${buffer.byteLength} bytes`, `at least ${head}: the file is cut off`);
  const mixed = version === 1 ? 0 : (new Uint32Array(buffer, 32, 1)[0] ?? 0);
  const bytes = head + 8 * features + 14 * nodes + 8 * mixed * classes + 4 * (trees + 1);
  if (buffer.byteLength !== bytes) throw invalidBuffer(`${buffer.byteLength} bytes`, `${bytes}: the file is cut off or damaged`);
  const value = head + 8 * features;
  const shares = value + 8 * nodes;
  const treeStarts = shares + 8 * mixed * classes;
  const right = treeStarts + 4 * (trees + 1);
  return {
    features,
    trees,
    classes,
    oobScore: new Float64Array(buffer, 24, 1)[0] ?? NaN,
    importances: new Float64Array(buffer, head, features),
    value: new Float64Array(buffer, value, nodes),
    shares: new Float64Array(buffer, shares, mixed * classes),
    treeStarts: new Uint32Array(buffer, treeStarts, trees + 1),
    right: new Uint32Array(buffer, right, nodes),
    feature: new Uint16Array(buffer, right + 4 * nodes, nodes),
  };
}

/** Checks what the conversion relies on; `validateForest` checks the rest in the converted forest. */
function checkNodes({ features, classes, value, shares, treeStarts, right, feature }: OldForest): void {
  checkStarts('tree', treeStarts, value.length, 1);
  const mixedLeaves = classes === 0 ? 0 : shares.length / classes;
  const farthest = 2 ** (32 - columnBitsOf(features)) - 1;
  value.forEach((number, node) => {
    const distance = right[node] ?? 0;
    const isWrong = !Number.isFinite(number) || (distance > 0 && (feature[node] ?? 0) >= features);
    const isNoLeaf = distance === 0 && classes > 0 && !(Number.isInteger(number) && number < classes && number >= -mixedLeaves);
    if (isWrong || isNoLeaf) {
      const expected = `a finite threshold of a feature below ${features}, a leaf's finite number, or its class`;
      throw new ForestError('invalid-forest', `node ${node}: got value ${number}, feature ${feature[node]}, expected ${expected}`);
    }
    if (distance > farthest) {
      const allowed = `at most ${farthest} with ${features} features`;
      throw new ForestError('too-large', `node ${node}: got a right child ${distance} nodes further, allowed: ${allowed}`);
    }
  });
}

/** The distinct thresholds of each feature, ascending. */
function thresholdsOf({ features, value, right, feature }: OldForest): Float64Array[] {
  const isInner = (node: number): boolean => (right[node] ?? 0) > 0;
  const counts = new Uint32Array(features);
  feature.forEach((id, node) => { if (isInner(node)) counts[id] = (counts[id] ?? 0) + 1; });
  const thresholds = Array.from(counts, (count) => new Float64Array(count));
  counts.fill(0);
  feature.forEach((id, node) => {
    const list = thresholds[id];
    if (!isInner(node) || list === undefined) return;
    const at = counts[id] ?? 0;
    list[at] = value[node] ?? 0;
    counts[id] = at + 1;
  });
  return thresholds.map(distinct);
}

/** Sorts in place. */
function distinct(values: Float64Array): Float64Array {
  return values.sort().filter((value, index) => index === 0 || value !== values[index - 1]);
}

function convertTrees(old: OldForest, cuts: readonly Float64Array[], leaves: Float64Array): GrownTree[] {
  const { trees, treeStarts, classes, shares } = old;
  let mixed = 0;
  return Array.from({ length: trees }, (_, tree) => {
    const start = treeStarts[tree] ?? 0;
    const nodes = convertNodes(old, start, treeStarts[tree + 1] ?? 0, cuts, leaves);
    const rows = classes === 0 ? 0 : renumberMixed(nodes, old, mixed);
    mixed += rows;
    return { nodes, sets: new Uint32Array(), mixed: shares.slice((mixed - rows) * classes, mixed * classes), importances: new Float64Array() };
  });
}

/** A leaf of mixed classes gets the number k + i for row i of the forest's shares. */
function convertNodes(old: OldForest, start: number, end: number, cuts: readonly Float64Array[], leaves: Float64Array): Uint32Array<ArrayBuffer> {
  const { features, classes } = old;
  const columnBits = columnBitsOf(features);
  const nodes = new Uint32Array(2 * (end - start));
  for (let node = start, at = 0; node < end; node++, at += 2) {
    const value = old.value[node] ?? 0;
    const distance = old.right[node] ?? 0;
    if (distance === 0) {
      nodes[at] = classes === 0 ? codeOf(leaves, value) : value >= 0 ? value : classes - 1 - value;
      nodes[at + 1] = 2 * features;
      continue;
    }
    const feature = old.feature[node] ?? 0;
    nodes[at] = codeOf(cuts[feature] ?? leaves, value);
    // Missing values go right: an odd column.
    nodes[at + 1] = 2 * feature + 1 + distance * 2 ** columnBits;
  }
  return nodes;
}

/**
 * Numbers a tree's leaves of mixed classes from k on, and returns how many there are. Their rows of shares must follow the
 * `before` earlier ones.
 */
function renumberMixed(nodes: Uint32Array, { features, classes }: OldForest, before: number): number {
  const isMixed = (at: number): boolean => nodes[at + 1] === 2 * features && (nodes[at] ?? 0) >= classes;
  let count = 0;
  for (let at = 0; at < nodes.length; at += 2) count += isMixed(at) ? 1 : 0;
  for (let at = 0; at < nodes.length; at += 2) {
    if (!isMixed(at)) continue;
    const row = (nodes[at] ?? 0) - classes - before;
    if (row < 0 || row >= count) {
      const expected = `one from ${before} to ${before + count - 1}`;
      throw new ForestError('invalid-forest', `leaf: got row ${row + before} of the class shares, expected ${expected}`);
    }
    nodes[at] = classes + row;
  }
  return count;
}
