/** Reads a grown tree back from its words. */
import { columnBitsOf } from '../src/grown-tree.ts';
import type { GrownTree } from '../src/grown-tree.ts';
import type { CodedFeature, TrainingSet } from '../src/training-set.ts';

export interface DecodedLeaf {
  readonly kind: 'leaf';
  readonly number: number;
}

export interface DecodedSplit {
  readonly kind: 'numeric' | 'categorical';
  readonly feature: number;
  /** The cut, or where the set begins. */
  readonly word: number;
  readonly missingGoesLeft: boolean;
  /** Distance to the right child. */
  readonly right: number;
}

export type DecodedNode = DecodedLeaf | DecodedSplit;

/** The nodes of a tree, in its order. */
export function decodeTree({ nodes }: GrownTree, { features }: TrainingSet): DecodedNode[] {
  const columnBits = columnBitsOf(features.length);
  return Array.from({ length: nodes.length / 2 }, (_, id) => {
    const word = nodes[2 * id] ?? 0;
    const link = nodes[2 * id + 1] ?? 0;
    const column = link & (2 ** columnBits - 1);
    if (column === 2 * features.length) return { kind: 'leaf', number: word };
    const feature = column >>> 1;
    const kind = features[feature]?.isCategorical ? 'categorical' : 'numeric';
    return { kind, feature, word, missingGoesLeft: (column & 1) === 0, right: link >>> columnBits };
  });
}

/** Whether a row with this code goes left. */
export function codeGoesLeft({ sets }: GrownTree, node: DecodedSplit, { levels }: CodedFeature, code: number): boolean {
  if (node.kind === 'categorical') return (((sets[node.word + Math.floor(code / 32)] ?? 0) >>> (code % 32)) & 1) === 1;
  return code === levels ? node.missingGoesLeft : code <= node.word;
}

/** Whether a row with this real value goes left. */
export function valueGoesLeft(tree: GrownTree, node: DecodedSplit, feature: CodedFeature, value: number): boolean {
  if (node.kind === 'categorical') return codeGoesLeft(tree, node, feature, Number.isNaN(value) ? feature.levels : value);
  return Number.isNaN(value) ? node.missingGoesLeft : value <= (feature.cuts[node.word] ?? Infinity);
}
