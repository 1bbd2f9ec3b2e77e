/** The way from a tree's root to a leaf, for packed forests and for trees that are still growing. */
import type { EncodedRows } from './encoded-rows.ts';

/** Nodes to walk through. */
export interface Walkable {
  /** As in grown-tree.ts, seen as signed numbers. */
  readonly nodes: Int32Array;
  readonly sets: Uint32Array;
  readonly columnBits: number;
  /** By feature: levels of a categorical one, 0 for a numeric one. */
  readonly categoricalLevels: Uint32Array;
}

/** Walks that go in step, so that the processor waits for several nodes at once. */
const LANES = 6;

/**
 * Walks `count` pairs of a tree and a row: writes to `leaves[i]` the node in which the row whose codes begin at
 * `offsets[i]` ends in the tree whose root is `roots[i]`.
 *
 * Every step goes forward, at most to the end of the nodes, so that a walk through damaged nodes ends as well.
 */
export function walk(tree: Walkable, rows: EncodedRows, roots: Uint32Array, offsets: Uint32Array, count: number, leaves: Uint32Array): void {
  if (tree.sets.length > 0) {
    for (let i = 0; i < count; i++) leaves[i] = walkSets(tree, rows, roots[i] ?? 0, offsets[i] ?? 0);
    return;
  }
  const whole = count - (count % LANES);
  for (let i = 0; i < whole; i += LANES) walkLanes(tree, rows, roots, offsets, i, leaves);
  for (let i = whole; i < count; i++) leaves[i] = walkNumbers(tree, rows, roots[i] ?? 0, offsets[i] ?? 0);
}

/**
 * Hot: six walks in step. A step is `distance` to the right or 1 to the left, chosen without a branch, which could not be
 * predicted: `word − code` is negative where the code is greater. A leaf is right by 0, so that it waits for the others.
 */
function walkLanes({ nodes, columnBits }: Walkable, rows: EncodedRows, roots: Uint32Array, offsets: Uint32Array, first: number, leaves: Uint32Array): void {
  const { codes, columnShift } = rows;
  const mask = 2 ** columnBits - 1;
  const atA = offsets[first] ?? 0;
  const atB = offsets[first + 1] ?? 0;
  const atC = offsets[first + 2] ?? 0;
  const atD = offsets[first + 3] ?? 0;
  const atE = offsets[first + 4] ?? 0;
  const atF = offsets[first + 5] ?? 0;
  let nodeA = (roots[first] ?? 0) | 0;
  let nodeB = (roots[first + 1] ?? 0) | 0;
  let nodeC = (roots[first + 2] ?? 0) | 0;
  let nodeD = (roots[first + 3] ?? 0) | 0;
  let nodeE = (roots[first + 4] ?? 0) | 0;
  let nodeF = (roots[first + 5] ?? 0) | 0;
  for (;;) {
    const linkA = nodes[2 * nodeA + 1] ?? 0;
    const linkB = nodes[2 * nodeB + 1] ?? 0;
    const linkC = nodes[2 * nodeC + 1] ?? 0;
    const linkD = nodes[2 * nodeD + 1] ?? 0;
    const linkE = nodes[2 * nodeE + 1] ?? 0;
    const linkF = nodes[2 * nodeF + 1] ?? 0;
    if ((linkA | linkB | linkC | linkD | linkE | linkF) >>> columnBits === 0) break;
    const rightA = ((nodes[2 * nodeA] ?? 0) - (codes[atA + ((linkA & mask) >> columnShift)] ?? 0)) >> 31;
    const rightB = ((nodes[2 * nodeB] ?? 0) - (codes[atB + ((linkB & mask) >> columnShift)] ?? 0)) >> 31;
    const rightC = ((nodes[2 * nodeC] ?? 0) - (codes[atC + ((linkC & mask) >> columnShift)] ?? 0)) >> 31;
    const rightD = ((nodes[2 * nodeD] ?? 0) - (codes[atD + ((linkD & mask) >> columnShift)] ?? 0)) >> 31;
    const rightE = ((nodes[2 * nodeE] ?? 0) - (codes[atE + ((linkE & mask) >> columnShift)] ?? 0)) >> 31;
    const rightF = ((nodes[2 * nodeF] ?? 0) - (codes[atF + ((linkF & mask) >> columnShift)] ?? 0)) >> 31;
    nodeA += (((linkA >>> columnBits) - 1) & rightA) + 1;
    nodeB += (((linkB >>> columnBits) - 1) & rightB) + 1;
    nodeC += (((linkC >>> columnBits) - 1) & rightC) + 1;
    nodeD += (((linkD >>> columnBits) - 1) & rightD) + 1;
    nodeE += (((linkE >>> columnBits) - 1) & rightE) + 1;
    nodeF += (((linkF >>> columnBits) - 1) & rightF) + 1;
  }
  leaves[first] = nodeA;
  leaves[first + 1] = nodeB;
  leaves[first + 2] = nodeC;
  leaves[first + 3] = nodeD;
  leaves[first + 4] = nodeE;
  leaves[first + 5] = nodeF;
}

function walkNumbers({ nodes, columnBits }: Walkable, { codes, columnShift }: EncodedRows, root: number, offset: number): number {
  const mask = 2 ** columnBits - 1;
  let node = root;
  for (let link = nodes[2 * node + 1] ?? 0; link >>> columnBits !== 0; link = nodes[2 * node + 1] ?? 0) {
    const code = codes[offset + ((link & mask) >> columnShift)] ?? 0;
    node += code > (nodes[2 * node] ?? 0) ? link >>> columnBits : 1;
  }
  return node;
}

/** As `walkNumbers`, for trees that may have categorical nodes. */
function walkSets({ nodes, sets, columnBits, categoricalLevels }: Walkable, { codes, columnShift }: EncodedRows, root: number, offset: number): number {
  const mask = 2 ** columnBits - 1;
  let node = root;
  for (let link = nodes[2 * node + 1] ?? 0; link >>> columnBits !== 0; link = nodes[2 * node + 1] ?? 0) {
    const column = link & mask;
    const code = codes[offset + (column >> columnShift)] ?? 0;
    const word = nodes[2 * node] ?? 0;
    const isCategorical = (categoricalLevels[column >> 1] ?? 0) > 0;
    const goesLeft = isCategorical ? (((sets[(word >>> 0) + (code >>> 5)] ?? 0) >>> (code & 31)) & 1) === 1 : code <= word;
    node += goesLeft ? 1 : link >>> columnBits;
  }
  return node;
}
