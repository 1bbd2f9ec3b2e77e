/**
 * A finished tree as bytes, to be kept while a fit goes on. 32-bit words: magic, the fingerprint of data and settings
 * (two), number of the tree, then the lengths of nodes, sets, mixed and importances, then their contents in the order
 * importances, mixed, nodes, sets.
 */
import { ForestError } from './errors.ts';
import type { GrownTree } from './grown-tree.ts';
import type { FinishedTree } from './options.ts';

/** The bytes "DFRT". */
const MAGIC = 0x54524644;
const HEAD_WORDS = 8;

/** Ties a tree to what it was grown from. */
export type Fingerprint = readonly [number, number];

export function writeTreeBytes(index: number, tree: GrownTree, fingerprint: Fingerprint): FinishedTree {
  const { nodes, sets, mixed, importances } = tree;
  const head = Uint32Array.of(MAGIC, ...fingerprint, index, nodes.length, sets.length, mixed.length, importances.length);
  const bytes = new Uint8Array(byteLengthOf(head));
  let at = 0;
  for (const part of [head, importances, mixed, nodes, sets]) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return { index, bytes };
}

/**
 * @throws ForestError `invalid-buffer` for bytes that are no finished tree, `other-fit` for one that was grown from other
 *   data or with other settings
 */
export function readTreeBytes({ index, bytes }: FinishedTree, [first, second]: Fingerprint): GrownTree {
  // A copy: the views need alignment.
  const { buffer } = new Uint8Array(bytes);
  const head = new Uint32Array(buffer, 0, Math.min(HEAD_WORDS, Math.floor(bytes.length / 4)));
  const [magic, oneWord, otherWord, number, nodes = 0, sets = 0, mixed = 0, importances = 0] = head;
  if (magic !== MAGIC || head.length < HEAD_WORDS || byteLengthOf(head) !== bytes.length || number !== index) {
    throw new ForestError('invalid-buffer', `finishedTrees: got ${bytes.length} bytes for tree ${index} that are not what onTree gave for it: cut off or damaged`);
  }
  if (oneWord !== first || otherWord !== second) {
    throw new ForestError('other-fit', `finishedTrees: got tree ${index} of a fit of other data or with other options; start without finished trees`);
  }
  const doubles = 4 * HEAD_WORDS;
  const words = doubles + 8 * (importances + mixed);
  return {
    importances: new Float64Array(buffer, doubles, importances),
    mixed: new Float64Array(buffer, doubles + 8 * importances, mixed),
    nodes: new Uint32Array(buffer, words, nodes),
    sets: new Uint32Array(buffer, words + 4 * nodes, sets),
  };
}

function byteLengthOf(head: Uint32Array): number {
  const [nodes = 0, sets = 0, mixed = 0, importances = 0] = head.subarray(4);
  return 4 * (HEAD_WORDS + nodes + sets) + 8 * (mixed + importances);
}
