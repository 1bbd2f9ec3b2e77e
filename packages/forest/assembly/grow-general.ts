/** Growth in its general form: any criterion and kind of feature, depth first or best first. */
import * as context from './context';
import { VARIANCE, featureAt, isCategorical, levelsOf } from './context';
import * as criteria from './criteria';
import { NO_LINK, addImportance, emitLeaf, emitMean, emitShares, emitSplit, isPure, link, nodeCount, takeSet } from './emit';
import * as found from './find';
import { STEP, depthOf, endOf, rightOfOf, setNode, startOf } from './pending';
import { sampleCount } from './samples';
import { partition } from './wide';
import { RECORD_BYTES, heap, listCount, lists, ranks, recordSets, records, sets, stack } from './workspace';

@inline
function listAt(position: u32): usize {
  return lists + (<usize>position << 2);
}

function isLeaf(start: u32, end: u32, depth: u32): bool {
  const count = end - start;
  return depth >= context.maxDepth || count < context.minSamplesSplit || count < 2 * context.minSamplesLeaf || isPure(listAt(start), listAt(end));
}

function emitLeafOf(start: u32, end: u32): void {
  if (isPure(listAt(start), listAt(end))) {
    emitLeaf(load<u32>(ranks + (<usize>load<u32>(listAt(start)) << 2)));
    return;
  }
  criteria.enter(listAt(start), listAt(end));
  if (context.criterion == VARIANCE) {
    emitMean(criteria.weight, criteria.sum);
  } else {
    emitShares(criteria.weight);
  }
}

function emitSplitOf(feature: u32, cut: u32, missingGoesLeft: bool, set: usize): void {
  const record = featureAt(feature);
  if (!isCategorical(record)) {
    emitSplit(cut, 2 * feature + (missingGoesLeft ? 0 : 1));
    return;
  }
  const words = (levelsOf(record) + 32) / 32;
  const at = takeSet(words);
  if (at != NO_LINK) memory.copy(sets + (<usize>at << 2), set, <usize>words << 2);
  emitSplit(at, 2 * feature);
}

/** In preorder: a node, all of its left branch, all of its right branch. */
export function growDepthFirst(): void {
  let top = stack;
  setNode(top, 0, sampleCount, 0, NO_LINK, 0, 0, 0);
  for (;;) {
    const start = startOf(top);
    const end = endOf(top);
    const depth = depthOf(top);
    link(rightOfOf(top));
    if (!isLeaf(start, end, depth) && found.find(start, end, recordSets)) {
      addImportance(found.feature, found.reduction);
      emitSplitOf(found.feature, found.cut, found.missingGoesLeft, recordSets);
      partition(start, end, NO_LINK, listCount);
      const middle = start + found.leftCount;
      setNode(top, middle, end, depth + 1, nodeCount - 1, 0, 0, 0);
      top += STEP;
      setNode(top, start, middle, depth + 1, NO_LINK, 0, 0, 0);
      continue;
    }
    emitLeafOf(start, end);
    if (top == stack) return;
    top -= STEP;
  }
}

// A node of best-first growth.
const START: usize = 0;
const END: usize = 4;
const DEPTH: usize = 8;
/** Number of the left child; the right one is the next. 0 for a leaf. */
const LEFT: usize = 12;
const FEATURE: usize = 16;
const CUT: usize = 20;
const MISSING_LEFT: usize = 24;
const LEFT_COUNT: usize = 28;
const REDUCTION: usize = 32;

let recordCount: u32 = 0;
let heapSize: u32 = 0;

@inline
function recordAt(number: u32): usize {
  return records + <usize>number * RECORD_BYTES;
}

@inline
function setOf(number: u32): usize {
  return recordSets + <usize>number * (<usize>context.mostSetWords << 2);
}

/** The leaf whose split takes most away is split next, until there are as many leaves as allowed. */
export function growBestFirst(): void {
  recordCount = 0;
  heapSize = 0;
  consider(0, sampleCount, 0);
  const mostLeaves = min(context.maxLeafNodes, sampleCount);
  for (let leaves: u32 = 1; leaves < mostLeaves && heapSize > 0; leaves++) split(takeBest());
  emitRecords();
}

/** Makes a node, and finds how it could be split. */
function consider(start: u32, end: u32, depth: u32): void {
  const number = recordCount++;
  const record = recordAt(number);
  store<u32>(record, start, START);
  store<u32>(record, end, END);
  store<u32>(record, depth, DEPTH);
  store<u32>(record, 0, LEFT);
  if (isLeaf(start, end, depth) || !found.find(start, end, setOf(number))) return;
  store<u32>(record, found.feature, FEATURE);
  store<u32>(record, found.cut, CUT);
  store<u32>(record, <u32>found.missingGoesLeft, MISSING_LEFT);
  store<u32>(record, found.leftCount, LEFT_COUNT);
  store<f64>(record, found.reduction, REDUCTION);
  addToHeap(number);
}

function split(number: u32): void {
  const record = recordAt(number);
  const start = load<u32>(record, START);
  const end = load<u32>(record, END);
  const depth = load<u32>(record, DEPTH) + 1;
  const feature = load<u32>(record, FEATURE);
  addImportance(feature, load<f64>(record, REDUCTION));
  found.mark(feature, load<u32>(record, CUT), load<u32>(record, MISSING_LEFT) != 0, setOf(number), start, end);
  partition(start, end, NO_LINK, listCount);
  store<u32>(record, recordCount, LEFT);
  const middle = start + load<u32>(record, LEFT_COUNT);
  consider(start, middle, depth);
  consider(middle, end, depth);
}

/** Writes the nodes in preorder; a pending node's start is its number. */
function emitRecords(): void {
  let top = stack;
  setNode(top, 0, 0, 0, NO_LINK, 0, 0, 0);
  for (;;) {
    const number = startOf(top);
    const record = recordAt(number);
    const left = load<u32>(record, LEFT);
    link(rightOfOf(top));
    if (left == 0) {
      emitLeafOf(load<u32>(record, START), load<u32>(record, END));
      if (top == stack) return;
      top -= STEP;
      continue;
    }
    emitSplitOf(load<u32>(record, FEATURE), load<u32>(record, CUT), load<u32>(record, MISSING_LEFT) != 0, setOf(number));
    setNode(top, left + 1, 0, 0, nodeCount - 1, 0, 0, 0);
    top += STEP;
    setNode(top, left, 0, 0, NO_LINK, 0, 0, 0);
  }
}

@inline
function inHeap(index: u32): u32 {
  return load<u32>(heap + (<usize>index << 2));
}

/** Whether a node is split before another: the one that takes more away, the earlier of equal ones. */
function isBefore(number: u32, other: u32): bool {
  const reduction = load<f64>(recordAt(number), REDUCTION);
  const otherReduction = load<f64>(recordAt(other), REDUCTION);
  return reduction > otherReduction || (reduction == otherReduction && number < other);
}

function addToHeap(number: u32): void {
  let index = heapSize;
  heapSize++;
  for (; index > 0 && isBefore(number, inHeap((index - 1) / 2)); index = (index - 1) / 2) store<u32>(heap + (<usize>index << 2), inHeap((index - 1) / 2));
  store<u32>(heap + (<usize>index << 2), number);
}

function takeBest(): u32 {
  const best = inHeap(0);
  heapSize--;
  const last = inHeap(heapSize);
  let index: u32 = 0;
  for (let child: u32 = 1; child < heapSize; child = 2 * index + 1) {
    if (child + 1 < heapSize && isBefore(inHeap(child + 1), inHeap(child))) child++;
    if (!isBefore(inHeap(child), last)) break;
    store<u32>(heap + (<usize>index << 2), inHeap(child));
    index = child;
  }
  store<u32>(heap + (<usize>index << 2), last);
  return best;
}
