/** Forests of numeric splits, read back from their buffers into objects. */
import { openForest } from '../src/open-forest.ts';

export interface ReadNode {
  /** −1 for a leaf. */
  readonly feature: number;
  /** `NaN` for a leaf. */
  readonly threshold: number;
  /** Distance to the right child, 0 for a leaf. */
  readonly right: number;
  /** What a leaf says, one number or one a class; empty for an inner node. */
  readonly output: readonly number[];
}

/** The nodes of each tree. */
export function readForest(buffer: ArrayBuffer): ReadNode[][] {
  const { trees, treeStarts, nodes, columnBits, cuts, cutStarts, leafValues, classes, features } = openForest(buffer);
  const outputOf = (leaf: number): number[] => {
    if (classes === 0) return [leafValues[leaf] ?? NaN];
    return Array.from({ length: classes }, (_, label) => (leaf < classes ? Number(leaf === label) : (leafValues[(leaf - classes) * classes + label] ?? NaN)));
  };
  const read = (node: number): ReadNode => {
    const word = nodes[2 * node] ?? 0;
    const link = nodes[2 * node + 1] ?? 0;
    const feature = (link & (2 ** columnBits - 1)) >>> 1;
    if (feature === features) return { feature: -1, threshold: NaN, right: 0, output: outputOf(word) };
    // The cut behind the last one sends all numbers left.
    const cut = (cutStarts[feature] ?? 0) + word;
    const threshold = cut < (cutStarts[feature + 1] ?? 0) ? (cuts[cut] ?? NaN) : Infinity;
    return { feature, threshold, right: link >>> columnBits, output: [] };
  };
  return Array.from({ length: trees }, (_, tree) => {
    const start = treeStarts[tree] ?? 0;
    return Array.from({ length: (treeStarts[tree + 1] ?? 0) - start }, (_node, index) => read(start + index));
  });
}

/** Features and distances of all nodes: the trees without their numbers. */
export function shapeOf(buffer: ArrayBuffer): (readonly [number, number])[] {
  return readForest(buffer).flat().map(({ feature, right }) => [feature, right]);
}

/** What one tree says of each row without missing values. */
export function predictTree(tree: readonly ReadNode[], columns: readonly Float64Array[]): (readonly number[])[] {
  return Array.from(columns[0] ?? [], (_, row) => {
    let index = 0;
    for (let node = tree[0]; node !== undefined && node.right > 0; node = tree[index]) {
      index += (columns[node.feature]?.[row] ?? NaN) <= node.threshold ? 1 : node.right;
    }
    return tree[index]?.output ?? [];
  });
}
