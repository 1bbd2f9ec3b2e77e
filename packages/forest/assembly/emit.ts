/** Writes the nodes of the tree, in preorder. */
import * as context from './context';
import { CANDIDATE_BYTES, candidates, classTotals, importances, mixed, nodes, ranks, setCapacity, sets } from './workspace';

export let nodeCount: u32 = 0;
export let mixedCount: u32 = 0;
export let setWords: u32 = 0;
/** Whether a distance or the sets of the tree did not fit. */
export let isTooLarge: bool = false;

/** Instead of a parent: the root, and left children, which follow their parents. */
export const NO_LINK: u32 = 0xffffffff;

export function startTree(): void {
  nodeCount = 0;
  mixedCount = 0;
  setWords = 0;
  isTooLarge = false;
}

/** @param rightOf the node whose right child the next node is, or NO_LINK */
@inline
export function link(rightOf: u32): void {
  if (rightOf == NO_LINK) return;
  const distance = nodeCount - rightOf;
  const at = nodes + (<usize>rightOf << 3);
  if (<u64>distance << context.columnBits > 0xffffffff) isTooLarge = true;
  store<u32>(at, load<u32>(at, 4) | (distance << context.columnBits), 4);
}

/** @param value number of the leaf's value */
@inline
export function emitLeaf(value: u32): void {
  const at = nodes + (<usize>nodeCount << 3);
  store<u32>(at, value);
  store<u32>(at, 2 * context.features, 4);
  nodeCount++;
}

/** @param test the last code that goes left, or where the set begins */
@inline
export function emitSplit(test: u32, column: u32): void {
  const at = nodes + (<usize>nodeCount << 3);
  store<u32>(at, test);
  store<u32>(at, column, 4);
  nodeCount++;
}

/** A regression leaf whose targets differ. */
export function emitMean(weight: f64, sum: f64): void {
  // The caller turns S / W into the target's units.
  store<f64>(mixed + (<usize>mixedCount << 3), sum / weight);
  emitLeaf(context.targetLevels + mixedCount++);
}

/** A classification leaf of several classes, whose weights are in `classTotals`. */
export function emitShares(weight: f64): void {
  const classes = context.classes;
  const row = mixed + ((<usize>mixedCount * classes) << 3);
  for (let label: u32 = 0; label < classes; label++) {
    store<f64>(row + (<usize>label << 3), load<f64>(classTotals + (<usize>label << 3)) / weight);
  }
  emitLeaf(classes + mixedCount++);
}

/**
 * Takes room for a set of `words` cleared words.
 * @returns its offset; NO_LINK, and the tree is too large, where there is no room
 */
export function takeSet(words: u32): u32 {
  if (setWords + words > setCapacity) {
    isTooLarge = true;
    return NO_LINK;
  }
  const at = setWords;
  memory.fill(sets + (<usize>at << 2), 0, <usize>words << 2);
  setWords += words;
  return at;
}

@inline
export function addImportance(feature: u32, reduction: f64): void {
  const at = importances + (<usize>feature << 3);
  store<f64>(at, load<f64>(at) + reduction);
}

/** Makes shares of the importances. */
export function normaliseImportances(): void {
  let total: f64 = 0;
  const end = importances + (<usize>context.features << 3);
  for (let at = importances; at < end; at += 8) total += load<f64>(at);
  if (total <= 0) return;
  for (let at = importances; at < end; at += 8) store<f64>(at, load<f64>(at) / total);
}

/** Whether the targets of the samples at [from, to) of a list are all the same. */
@inline
export function isPure(from: usize, to: usize): bool {
  const first = load<u32>(ranks + (<usize>load<u32>(from) << 2));
  for (let at = to - 4; at > from; at -= 4) {
    if (load<u32>(ranks + (<usize>load<u32>(at) << 2)) != first) return false;
  }
  return true;
}

// A candidate: the best split of one feature in the node at hand.
const SCORE: usize = 0;
const LEFT_WEIGHT: usize = 8;
const LEFT_SUM: usize = 16;
const LOW: usize = 24;
const HIGH: usize = 28;
const LEFT_COUNT: usize = 32;
const PASS: usize = 36;

@inline export function candidateAt(feature: u32): usize { return candidates + <usize>feature * CANDIDATE_BYTES; }
/** Impurity removed, up to a factor common to the node; below 0 where the feature has no legal split. */
@inline export function scoreOf(candidate: usize): f64 { return load<f64>(candidate, SCORE); }
@inline export function setScore(candidate: usize, score: f64): void { store<f64>(candidate, score, SCORE); }
@inline export function leftWeightOf(candidate: usize): f64 { return load<f64>(candidate, LEFT_WEIGHT); }
@inline export function leftSumOf(candidate: usize): f64 { return load<f64>(candidate, LEFT_SUM); }
/** The largest code in the node that goes left. */
@inline export function lowOf(candidate: usize): u32 { return load<u32>(candidate, LOW); }
/** The smallest code in the node that goes right. */
@inline export function highOf(candidate: usize): u32 { return load<u32>(candidate, HIGH); }
/** Samples that go left. */
@inline export function leftCountOf(candidate: usize): u32 { return load<u32>(candidate, LEFT_COUNT); }
/** Whether missing values go left; only of nodes that have some. */
@inline export function passOf(candidate: usize): u32 { return load<u32>(candidate, PASS); }

@inline
export function setSplit(candidate: usize, leftWeight: f64, leftSum: f64, low: u32, high: u32, leftCount: u32): void {
  store<f64>(candidate, leftWeight, LEFT_WEIGHT);
  store<f64>(candidate, leftSum, LEFT_SUM);
  store<u32>(candidate, low, LOW);
  store<u32>(candidate, high, HIGH);
  store<u32>(candidate, leftCount, LEFT_COUNT);
}

@inline export function setPass(candidate: usize, pass: u32): void { store<u32>(candidate, pass, PASS); }
