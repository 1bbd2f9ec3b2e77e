/** Turns a finished tree into the words of a `GrownTree`. */
import { ForestError } from '../errors.ts';
import { columnBitsOf } from '../grown-tree.ts';
import type { GrownTree } from '../grown-tree.ts';
import type { TrainingSet } from '../training-set.ts';
import type { Branch, GrowingNode } from './growing-node.ts';
import { LeafValues } from './leaf-values.ts';
import type { TreeRows } from './tree-rows.ts';

interface PendingNode {
  readonly node: GrowingNode;
  /** Position of the inner node whose right child this is, or −1. */
  readonly rightChildOf: number;
}

/**
 * Writes nodes, sets and leaves in preorder.
 * @param nodeCount nodes of the tree
 * @throws ForestError `too-large`
 */
export function writeTree(root: GrowingNode, nodeCount: number, set: TrainingSet, tree: TreeRows): Pick<GrownTree, 'nodes' | 'sets' | 'mixed'> {
  const features = set.features.length;
  const columnBits = columnBitsOf(features);
  const nodes = new Uint32Array(2 * nodeCount);
  const sets: number[] = [];
  const leaves = new LeafValues(set, tree);
  const pending: PendingNode[] = [{ node: root, rightChildOf: -1 }];
  for (let id = 0, next = pending.pop(); next !== undefined; id++, next = pending.pop()) {
    const { node, rightChildOf } = next;
    if (rightChildOf >= 0) link(nodes, rightChildOf, id - rightChildOf, columnBits);
    if (node.branch === undefined) {
      nodes[2 * id] = leaves.numberOf(node.start, node.end);
      nodes[2 * id + 1] = 2 * features;
    } else {
      nodes[2 * id] = firstWordOf(node.branch, sets);
      nodes[2 * id + 1] = columnOf(node.branch);
      pending.push({ node: node.branch.right, rightChildOf: id }, { node: node.branch.left, rightChildOf: -1 });
    }
  }
  return { nodes, sets: Uint32Array.from(sets), mixed: Float64Array.from(leaves.mixed) };
}

/** Adds the distance to its right child to a node. */
function link(nodes: Uint32Array, id: number, distance: number, columnBits: number): void {
  const most = 2 ** (32 - columnBits) - 1;
  if (distance > most) {
    const remedy = 'with this number of features; a larger minSamplesLeaf or a maxDepth makes trees smaller';
    throw new ForestError('too-large', `nodes between a node and its right child: got ${distance}, allowed: up to ${most} ${remedy}`);
  }
  nodes[2 * id + 1] = ((nodes[2 * id + 1] ?? 0) | (distance << columnBits)) >>> 0;
}

function firstWordOf({ split }: Branch, sets: number[]): number {
  if (split.kind === 'numeric') return split.cut;
  const first = sets.length;
  for (const word of split.set) sets.push(word);
  return first;
}

function columnOf({ split }: Branch): number {
  return 2 * split.feature + (split.kind === 'categorical' || split.missingGoesLeft ? 0 : 1);
}
