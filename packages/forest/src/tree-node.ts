/** Nodes of a packed forest spelled out, for code that translates trees; walks read the bits themselves. */
import type { FlatForest } from './flat-forest.ts';

export interface LeafNode {
  readonly kind: 'leaf';
  /** Number of its value in `leafValues`. */
  readonly leaf: number;
}

export interface NumericNode {
  readonly kind: 'numeric';
  readonly feature: number;
  /** Rows with `x <= threshold` go left; Infinity where all rows but those of missing values do. */
  readonly threshold: number;
  readonly missingGoesLeft: boolean;
  /** The right child; the left one is the next node. */
  readonly right: number;
}

export interface CategoricalNode {
  readonly kind: 'categorical';
  readonly feature: number;
  /** Where its set begins in `sets`. */
  readonly set: number;
  /** The right child; the left one is the next node. */
  readonly right: number;
}

export type TreeNode = LeafNode | NumericNode | CategoricalNode;

/** Node number `node` of the forest, its children counted through the forest as well. */
export function readNode(forest: FlatForest, node: number): TreeNode {
  const word = forest.nodes[2 * node] ?? 0;
  const link = forest.nodes[2 * node + 1] ?? 0;
  const column = link & (2 ** forest.columnBits - 1);
  const distance = link >>> forest.columnBits;
  if (distance === 0) return { kind: 'leaf', leaf: word };
  const feature = column >>> 1;
  const right = node + distance;
  if ((forest.categoricalLevels[feature] ?? 0) > 0) return { kind: 'categorical', feature, set: word, right };
  return { kind: 'numeric', feature, threshold: thresholdOf(forest, feature, word), missingGoesLeft: (column & 1) === 0, right };
}

function thresholdOf({ cuts, cutStarts }: FlatForest, feature: number, cut: number): number {
  const at = (cutStarts[feature] ?? 0) + cut;
  return at < (cutStarts[feature + 1] ?? 0) ? (cuts[at] ?? Infinity) : Infinity;
}

/** Whether a set holds a code: a level, or the number of levels for missing and unknown values. */
export function isInSet(sets: Uint32Array, set: number, code: number): boolean {
  return (((sets[set + (code >>> 5)] ?? 0) >>> (code & 31)) & 1) === 1;
}

/** Adds what a leaf predicts, times `factor`, to the outputs that begin at `into[at]`: a number, or a share of each class. */
export function addLeaf({ classes, leafValues }: FlatForest, leaf: number, factor: number, into: Float64Array, at: number): void {
  if (classes === 0 || leaf < classes) {
    const output = classes === 0 ? at : at + leaf;
    into[output] = (into[output] ?? 0) + factor * (classes === 0 ? (leafValues[leaf] ?? 0) : 1);
    return;
  }
  const row = (leaf - classes) * classes;
  for (let label = 0; label < classes; label++) into[at + label] = (into[at + label] ?? 0) + factor * (leafValues[row + label] ?? 0);
}
