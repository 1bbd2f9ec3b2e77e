/** Growth depth first where nothing is missing, no feature is categorical and the criterion is the variance. */
import * as context from './context';
import { FEATURE_BYTES, featureTable, isWide, placeOf, slotOf } from './context';
import { NO_FEATURE, addDrawn, choose, clearDrawn, drawFeature, drawnCount } from './choose';
import { NO_LINK, addImportance, candidateAt, emitLeaf, emitMean, emitSplit, highOf, isPure, leftCountOf, leftSumOf, leftWeightOf, link, lowOf, nodeCount, scoreOf } from './emit';
import * as histograms from './histograms';
import { NO_SLOT } from './histograms';
import { STEP, depthOf, endOf, rightOfOf, setNode, slotOf as histogramSlotOf, startOf, sumOf, weightOf } from './pending';
import { sampleCount, totalSum, totalWeight } from './samples';
import { growSmall, isSmallEnabled } from './small';
import { listOf, partition, scanWide, scanWidePair, variesWide } from './wide';
import {
  SMALL, cells, goesLeft, innerBlock, innerCapacity, listCount, lists, outerBlock, outerCapacity, plainLists, ranks, stack, storage, stride, useStorage,
} from './workspace';
import { enterBlock } from './block';

/** Nodes of at most so many samples are grown as small subtrees. */
let small: u32 = 0;
/** Whether every node tries all features. */
let triesAll: bool = true;

/** Grows the tree of the samples. */
export function growFast(): void {
  small = isSmallEnabled() ? SMALL : 0;
  triesAll = context.maxFeatures >= context.features;
  histograms.startHistograms();
  setNode(stack, 0, sampleCount, 0, NO_LINK, totalWeight, totalSum, NO_SLOT);
  growFrom(stack, storage, stride);
}

/** Grows the node at `base` of the stack, whose samples are in the storage given; subtrees that fit one in a block. */
function growFrom(base: usize, inUse: usize, capacity: u32): void {
  const isOuter = inUse == storage && outerCapacity > 0;
  const block = isOuter ? outerBlock : innerBlock;
  const limit = isOuter ? outerCapacity : inUse == innerBlock ? 0 : innerCapacity;
  let top = base;
  for (;;) {
    const start = startOf(top);
    const count = endOf(top) - start;
    if (count <= limit && count > small) {
      enterBlock(block, limit, start, count);
      setNode(top, 0, count, depthOf(top), rightOfOf(top), weightOf(top), sumOf(top), histogramSlotOf(top));
      growFrom(top, block, limit);
      useStorage(inUse, capacity);
    } else if (growNode(top)) {
      top += STEP;
      continue;
    }
    if (top == base) return;
    top -= STEP;
  }
}

/**
 * Emits a node. Where it is split its right child takes its place on the stack and its left child the place above.
 * @returns whether it was split
 */
function growNode(top: usize): bool {
  const start = startOf(top);
  const end = endOf(top);
  const depth = depthOf(top);
  const weight = weightOf(top);
  const sum = sumOf(top);
  const slot = histogramSlotOf(top);
  const count = end - start;
  const from = lists + (<usize>start << 2);
  const to = lists + (<usize>end << 2);
  if (count <= small) {
    histograms.freeSlot(slot);
    growSmall(start, end, depth, rightOfOf(top), weight, sum);
    return false;
  }
  link(rightOfOf(top));
  const pure = isPure(from, to);
  if (!pure && depth < context.maxDepth && count >= context.minSamplesSplit && count >= 2 * context.minSamplesLeaf) {
    const used = find(start, end, weight, sum, slot);
    const feature = choose();
    if (feature != NO_FEATURE && scoreOf(candidateAt(feature)) / weight / totalWeight >= context.minImpurityDecrease) {
      divide(top, feature, used);
      return true;
    }
    histograms.freeSlot(used);
  } else {
    histograms.freeSlot(slot);
  }
  if (pure) {
    emitLeaf(load<u32>(ranks + (<usize>load<u32>(from) << 2)));
  } else {
    emitMean(weight, sum);
  }
  return false;
}

/**
 * Finds the best split of each feature to try.
 * @returns the slot of the node's histogram, if it has one by now
 */
function find(start: u32, end: u32, weight: f64, sum: f64, given: u32): u32 {
  const middle = floor(sum / weight + 0.5);
  const rest = sum - middle * weight;
  clearDrawn();
  histograms.beginScans(end - start, weight, middle, rest);
  if (!triesAll) {
    findAmongDrawn(start, end, weight, middle, rest);
    return NO_SLOT;
  }
  let slot = given;
  if (context.narrowCount > 0 && slot == NO_SLOT) {
    if (histograms.isDense(end - start)) slot = histograms.takeSlot();
    if (slot == NO_SLOT) {
      histograms.countSparse(start, end);
    } else {
      histograms.count(slot, start, end);
    }
  }
  const histogram = slot == NO_SLOT ? <usize>0 : histograms.histogramOf(slot);
  let waiting = NO_FEATURE;
  for (let feature: u32 = 0, features = context.features; feature < features; feature++) {
    if (!isWide(featureTable + <usize>feature * FEATURE_BYTES)) {
      if (slot == NO_SLOT ? histograms.scanSparse(feature) : histograms.scanDense(feature, histogram)) addDrawn(feature);
      continue;
    }
    if (!variesWide(feature, start, end)) continue;
    addDrawn(feature);
    if (waiting == NO_FEATURE) {
      waiting = feature;
      continue;
    }
    scanWidePair(waiting, feature, start, end, weight, middle, rest);
    waiting = NO_FEATURE;
  }
  if (waiting != NO_FEATURE) scanWide(waiting, start, end, weight, middle, rest);
  if (slot == NO_SLOT && context.narrowCount > 0) histograms.clearSparse();
  return slot;
}

function findAmongDrawn(start: u32, end: u32, weight: f64, middle: f64, rest: f64): void {
  const count = end - start;
  for (let index: u32 = 0; index < context.features && (index < context.maxFeatures || drawnCount == 0); index++) {
    const feature = drawFeature(index);
    const record = featureTable + <usize>feature * FEATURE_BYTES;
    let varies = false;
    if (isWide(record)) {
      varies = variesWide(feature, start, end);
      if (varies) scanWide(feature, start, end, weight, middle, rest);
    } else {
      const dense: bool = count * 2 >= context.levelsOf(record);
      histograms.countFeature(feature, start, end, dense);
      varies = dense ? histograms.scanDense(feature, histograms.alone()) : histograms.scanSparse(feature);
      histograms.clearFeature(feature, dense);
    }
    if (varies) addDrawn(feature);
  }
}

/** Splits the node at the top of the stack by a feature's candidate. */
function divide(top: usize, feature: u32, slot: u32): void {
  const start = startOf(top);
  const end = endOf(top);
  const weight = weightOf(top);
  const sum = sumOf(top);
  const candidate = candidateAt(feature);
  const leftWeight = leftWeightOf(candidate);
  const leftSum = leftSumOf(candidate);
  const test = (lowOf(candidate) + highOf(candidate) - 1) >> 1;
  addImportance(feature, scoreOf(candidate) / weight);
  const leftCount = markLeft(feature, start, end, test, leftCountOf(candidate));
  emitSplit(test, 2 * feature + (leftCount > end - start - leftCount ? 0 : 1));
  const middle = start + leftCount;
  let leftSlot = NO_SLOT;
  let rightSlot = NO_SLOT;
  if (slot != NO_SLOT) {
    const isLeftLarger = middle - start > end - middle;
    const larger = isLeftLarger ? middle - start : end - middle;
    const other = larger > small && histograms.isDense(larger) ? histograms.takeSlot() : NO_SLOT;
    if (other == NO_SLOT) {
      histograms.freeSlot(slot);
    } else {
      const smaller = end - start - larger;
      histograms.count(other, isLeftLarger ? middle : start, isLeftLarger ? end : middle);
      histograms.subtract(slot, other);
      const keepsOther = smaller > small && histograms.isDense(smaller);
      if (!keepsOther) histograms.freeSlot(other);
      const smallerSlot = keepsOther ? other : NO_SLOT;
      leftSlot = isLeftLarger ? slot : smallerSlot;
      rightSlot = isLeftLarger ? smallerSlot : slot;
    }
  }
  const depth = depthOf(top) + 1;
  const node = nodeCount - 1;
  setNode(top, middle, end, depth, node, weight - leftWeight, sum - leftSum, rightSlot);
  setNode(top + STEP, start, middle, depth, NO_LINK, leftWeight, leftSum, leftSlot);
}

/** Divides every list; returns the number of samples that go left. */
function markLeft(feature: u32, start: u32, end: u32, test: u32, sortedCount: u32): u32 {
  const record = featureTable + <usize>feature * FEATURE_BYTES;
  if (isWide(record)) {
    const from = listOf(record) + (<usize>start << 2);
    const middle = from + (<usize>sortedCount << 2);
    const to = listOf(record) + (<usize>end << 2);
    for (let at = from; at < middle; at += 4) store<u8>(goesLeft + load<u32>(at), 1);
    for (let at = middle; at < to; at += 4) store<u8>(goesLeft + load<u32>(at), 0);
    partition(start, end, plainLists + placeOf(record), listsFor(max(sortedCount, end - start - sortedCount)));
    return sortedCount;
  }
  const rowBytes = <usize>context.narrowCount << 1;
  const column = cells + (<usize>slotOf(record) << 1);
  const limit = placeOf(record) + test;
  const to = lists + (<usize>end << 2);
  let leftCount: u32 = 0;
  for (let at = lists + (<usize>start << 2); at < to; at += 4) {
    const sample = <usize>load<u32>(at);
    const isLeft = <u32>(<u32>load<u16>(column + sample * rowBytes) <= limit);
    store<u8>(goesLeft + sample, <u8>isLeft);
    leftCount += isLeft;
  }
  partition(start, end, NO_LINK, listsFor(max(leftCount, end - start - leftCount)));
  return leftCount;
}

/** Small nodes need no order: one list says which samples they have. */
function listsFor(larger: u32): u32 {
  return larger <= small ? 1 : listCount;
}
