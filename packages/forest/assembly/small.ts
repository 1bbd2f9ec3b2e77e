/**
 * Whole subtrees of small nodes. Most nodes of a fully grown tree have few samples, and there the work around the scans
 * costs more than the scans. So a node of at most SMALL samples is grown on its own: the codes of all features are
 * copied once, and at each node the keys (code, place of the sample) of four features at a time are sorted by a network
 * of minima and maxima, then two features at a time are scanned without a branch.
 *
 * The splits are those of the general way, in the same order of random numbers: ../src/twin says what they are.
 */
import * as context from './context';
import { FEATURE_BYTES, VARIANCE, featureTable, isWide, placeOf, slotOf } from './context';
import { NO_FEATURE, addDrawn, choose, clearDrawn, drawFeature, drawnAt, drawnCount } from './choose';
import { addImportance, candidateAt, emitLeaf, emitMean, emitSplit, link, NO_LINK, lowOf, nodeCount, scoreOf, setLow, setScore } from './emit';
import { below } from './random';
import { totalWeight } from './samples';
import { SMALL, cells, keys, lists, pairs, ranks, smallCentered, smallOrder, smallPairs, smallRanks, smallSorted, smallStack, sorted } from './workspace';
import { STEP, depthOf, endOf, rightOfOf, setNode, startOf, sumOf, weightOf } from './pending';
import { wideCodesOf } from './wide';

/** Keys hold the sample's place in the low bits. */
const PLACE_BITS: u32 = 4;
const PLACE: u32 = 15;
const GROUP_BYTES: usize = 16 * 16;

/** Groups of four features. */
let groupCount: u32 = 0;

/** Whether small nodes of this fit may be grown here. */
export function isSmallEnabled(): bool {
  return context.criterion == VARIANCE && !context.isRandomSplitter && !context.hasMissing && !context.hasCategorical && context.maxLeafNodes == 0
    && context.mostCodes < 1 << (32 - PLACE_BITS);
}

/** Grows the subtree of the node with the samples at [start, end) of the first list. */
export function growSmall(start: u32, end: u32, depth: u32, rightOf: u32, weight: f64, sum: f64): void {
  gather(start, end);
  let top = smallStack;
  setNode(top, 0, end - start, depth, rightOf, weight, sum, 0);
  for (;;) {
    const from = startOf(top);
    const to = endOf(top);
    const nodeDepth = depthOf(top);
    const nodeWeight = weightOf(top);
    const nodeSum = sumOf(top);
    link(rightOfOf(top));
    const pure = isPureHere(from, to);
    const isSplit = !pure && !isLimited(to - from, nodeDepth) && (to - from == 2 ? splitPair(from, nodeWeight, nodeSum) : split(from, to, nodeWeight, nodeSum));
    if (isSplit) {
      const middle = from + leftCount;
      const node = nodeCount - 1;
      setNode(top, middle, to, nodeDepth + 1, node, nodeWeight - leftWeight, nodeSum - leftSum, 0);
      top += STEP;
      setNode(top, from, middle, nodeDepth + 1, NO_LINK, leftWeight, leftSum, 0);
      continue;
    }
    if (pure) {
      emitLeaf(load<u32>(smallRanks + (<usize>load<u8>(smallOrder + from) << 2)));
    } else {
      emitMean(nodeWeight, nodeSum);
    }
    if (top == smallStack) return;
    top -= STEP;
  }
}

// The split found last.
let leftCount: u32 = 0;
let leftWeight: f64 = 0;
let leftSum: f64 = 0;

/** Copies codes, weights and sums of the samples; the places are numbered as the samples stand in the list. */
function gather(start: u32, end: u32): void {
  const features = context.features;
  groupCount = (features + 3) / 4;
  const from = lists + (<usize>start << 2);
  const count = end - start;
  for (let place: u32 = 0; place < count; place++) {
    const sample = <usize>load<u32>(from + (<usize>place << 2));
    v128.store(smallPairs + (<usize>place << 4), v128.load(pairs + (sample << 4)));
    store<u8>(smallOrder + place, <u8>place);
    store<u32>(smallRanks + (<usize>place << 2), load<u32>(ranks + (sample << 2)));
  }
  for (let feature: u32 = 0; feature < features; feature++) {
    const record = featureTable + <usize>feature * FEATURE_BYTES;
    let into = keys + <usize>(feature >> 2) * GROUP_BYTES + (<usize>(feature & 3) << 2);
    if (isWide(record)) {
      const codes = wideCodesOf(record);
      for (let place: u32 = 0; place < count; place++, into += 16) {
        const sample = <usize>load<u32>(from + (<usize>place << 2));
        store<u32>(into, (load<u32>(codes + (sample << 2)) << PLACE_BITS) | place);
      }
    } else {
      const step = <usize>context.narrowCount << 1;
      const codes = cells + (<usize>slotOf(record) << 1);
      const first = placeOf(record);
      for (let place: u32 = 0; place < count; place++, into += 16) {
        const sample = <usize>load<u32>(from + (<usize>place << 2));
        store<u32>(into, ((<u32>load<u16>(codes + sample * step) - first) << PLACE_BITS) | place);
      }
    }
  }
}

@inline
function isLimited(count: u32, depth: u32): bool {
  return depth >= context.maxDepth || count < context.minSamplesSplit || count < 2 * context.minSamplesLeaf;
}

function isPureHere(from: u32, to: u32): bool {
  const first = load<u32>(smallRanks + (<usize>load<u8>(smallOrder + from) << 2));
  for (let place = to - 1; place > from; place--) {
    if (load<u32>(smallRanks + (<usize>load<u8>(smallOrder + place) << 2)) != first) return false;
  }
  return true;
}

@inline
function keyOf(feature: u32, place: usize): usize {
  return keys + <usize>(feature >> 2) * GROUP_BYTES + (place << 4) + (<usize>(feature & 3) << 2);
}

/**
 * Two samples: every feature in which they differ divides them equally well, so one is drawn and only that one scored.
 * @returns whether there is a split
 */
function splitPair(from: u32, weight: f64, sum: f64): bool {
  const first = <usize>load<u8>(smallOrder + from);
  const second = <usize>load<u8>(smallOrder + from + 1);
  const feature = context.maxFeatures >= context.features ? pickOfAll(first, second) : pickOfDrawn(first, second);
  if (feature == NO_FEATURE) return false;
  const one = load<u32>(keyOf(feature, first));
  const other = load<u32>(keyOf(feature, second));
  const isFirstLeft = one < other;
  const left = smallPairs + ((isFirstLeft ? first : second) << 4);
  leftCount = 1;
  leftWeight = load<f64>(left);
  leftSum = load<f64>(left, 8);
  const middle = floor(sum / weight + 0.5);
  const difference = (leftSum - middle * leftWeight) * weight - (sum - middle * weight) * leftWeight;
  const score = difference * difference / (leftWeight * (weight - leftWeight));
  if (!isWorth(score, weight)) return false;
  addImportance(feature, score / weight);
  const low = min(one, other) >> PLACE_BITS;
  const high = max(one, other) >> PLACE_BITS;
  emitSplit((low + high - 1) >> 1, 2 * feature + 1);
  if (!isFirstLeft) {
    store<u8>(smallOrder + from, <u8>second);
    store<u8>(smallOrder + from + 1, <u8>first);
  }
  return true;
}

/** Whether a split removes as much impurity as it must. */
@inline
function isWorth(score: f64, weight: f64): bool {
  return score / weight / totalWeight >= context.minImpurityDecrease;
}

@inline
function differingLanes(group: u32, first: usize, second: usize): i32 {
  const at = keys + <usize>group * GROUP_BYTES;
  const mask = i32x4.bitmask(i32x4.ne(i32x4.shr_u(v128.load(at + (first << 4)), PLACE_BITS), i32x4.shr_u(v128.load(at + (second << 4)), PLACE_BITS)));
  const lanes = min<u32>(4, context.features - 4 * group);
  return mask & ((1 << lanes) - 1);
}

function pickOfAll(first: usize, second: usize): u32 {
  let count: u32 = 0;
  for (let group: u32 = 0; group < groupCount; group++) count += popcnt(differingLanes(group, first, second));
  if (count == 0) return NO_FEATURE;
  let place: u32 = count == 1 ? 0 : below(count);
  for (let group: u32 = 0; ; group++) {
    let mask = differingLanes(group, first, second);
    const here = <u32>popcnt(mask);
    if (place >= here) {
      place -= here;
      continue;
    }
    for (; place > 0; place--) mask &= mask - 1;
    return 4 * group + <u32>ctz(mask);
  }
}

function pickOfDrawn(first: usize, second: usize): u32 {
  clearDrawn();
  for (let index: u32 = 0; index < context.features && (index < context.maxFeatures || drawnCount == 0); index++) {
    const feature = drawFeature(index);
    if (load<u32>(keyOf(feature, first)) >> PLACE_BITS != load<u32>(keyOf(feature, second)) >> PLACE_BITS) addDrawn(feature);
  }
  if (drawnCount == 0) return NO_FEATURE;
  return drawnAt(drawnCount == 1 ? 0 : below(drawnCount));
}

/** @returns whether there is a split */
function split(from: u32, to: u32, weight: f64, sum: f64): bool {
  const count = to - from;
  center(from, to, floor(sum / weight + 0.5));
  const rest = sum - floor(sum / weight + 0.5) * weight;
  const features = context.features;
  clearDrawn();
  if (context.maxFeatures >= features) {
    for (let group: u32 = 0; group < groupCount; group++) sortGroup(group, from, count);
    for (let feature: u32 = 0; feature < features; feature += 2) {
      const isFirst = varies(feature, count);
      const isSecond = feature + 1 < features && varies(feature + 1, count);
      if (!isFirst && !isSecond) continue;
      scanPair(feature, count, weight, rest);
      if (isFirst) addDrawn(feature);
      if (isSecond) addDrawn(feature + 1);
    }
  } else {
    memory.fill(smallSorted, 0, groupCount);
    for (let index: u32 = 0; index < features && (index < context.maxFeatures || drawnCount == 0); index++) {
      const feature = drawFeature(index);
      if (load<u8>(smallSorted + (feature >> 2)) == 0) {
        sortGroup(feature >> 2, from, count);
        store<u8>(smallSorted + (feature >> 2), 1);
      }
      if (!varies(feature, count)) continue;
      scanPair(feature & ~1, count, weight, rest);
      addDrawn(feature);
    }
  }
  const feature = choose();
  if (feature == NO_FEATURE) return false;
  const candidate = candidateAt(feature);
  if (!isWorth(scoreOf(candidate), weight)) return false;
  addImportance(feature, scoreOf(candidate) / weight);
  divide(feature, lowOf(candidate), from, count);
  return true;
}

/** Sums relative to the mean's whole part: exact, and without cancellation in the scans. */
function center(from: u32, to: u32, middle: f64): void {
  for (let index = from; index < to; index++) {
    const place = <usize>load<u8>(smallOrder + index) << 4;
    const pair = v128.load(smallPairs + place);
    // One store of 16 bytes: two of 8 would hold up the loads of 16 that follow.
    v128.store(smallCentered + place, f64x2.sub(pair, f64x2.replace_lane(f64x2.splat(0), 1, middle * f64x2.extract_lane(pair, 0))));
  }
}

@inline
function laneOf(feature: u32): usize {
  return sorted + <usize>(feature >> 2) * GROUP_BYTES + (<usize>(feature & 3) << 2);
}

@inline
function varies(feature: u32, count: u32): bool {
  const lane = laneOf(feature);
  return load<u32>(lane) >> PLACE_BITS != load<u32>(lane + (<usize>(count - 1) << 4)) >> PLACE_BITS;
}

/** Sorts the keys of four features, each in its lane. */
function sortGroup(group: u32, from: u32, count: u32): void {
  const source = keys + <usize>group * GROUP_BYTES;
  const into = sorted + <usize>group * GROUP_BYTES;
  for (let index: u32 = 0; index < count; index++) {
    v128.store(into + (<usize>index << 4), v128.load(source + (<usize>load<u8>(smallOrder + from + index) << 4)));
  }
  const size: u32 = count <= 4 ? 4 : count <= 8 ? 8 : 16;
  for (let index = count; index < size; index++) v128.store(into + (<usize>index << 4), i32x4.splat(-1));
  if (size == 4) {
    sort4(into);
  } else if (size == 8) {
    sort8(into);
  } else {
    sort16(into);
  }
}

/** Puts the smaller keys of two rows into the first of them. */
@inline
function exchange(rows: usize, low: usize, high: usize): void {
  const one = v128.load(rows + (low << 4));
  const other = v128.load(rows + (high << 4));
  v128.store(rows + (low << 4), i32x4.min_u(one, other));
  v128.store(rows + (high << 4), i32x4.max_u(one, other));
}

/** Batcher's odd-even merge sort (1968), written out: 5 exchanges for 4 rows. */
function sort4(rows: usize): void {
  exchange(rows, 0, 1);
  exchange(rows, 2, 3);
  exchange(rows, 0, 2);
  exchange(rows, 1, 3);
  exchange(rows, 1, 2);
}

/** 19 exchanges. */
function sort8(rows: usize): void {
  sort4(rows);
  sort4(rows + 64);
  merge8(rows);
}

/** 63 exchanges. */
function sort16(rows: usize): void {
  sort8(rows);
  sort8(rows + 128);
  exchange(rows, 0, 8);
  exchange(rows, 1, 9);
  exchange(rows, 2, 10);
  exchange(rows, 3, 11);
  exchange(rows, 4, 12);
  exchange(rows, 5, 13);
  exchange(rows, 6, 14);
  exchange(rows, 7, 15);
  exchange(rows, 4, 8);
  exchange(rows, 5, 9);
  exchange(rows, 6, 10);
  exchange(rows, 7, 11);
  exchange(rows, 2, 4);
  exchange(rows, 3, 5);
  exchange(rows, 6, 8);
  exchange(rows, 7, 9);
  exchange(rows, 10, 12);
  exchange(rows, 11, 13);
  exchange(rows, 1, 2);
  exchange(rows, 3, 4);
  exchange(rows, 5, 6);
  exchange(rows, 7, 8);
  exchange(rows, 9, 10);
  exchange(rows, 11, 12);
  exchange(rows, 13, 14);
}

function merge8(rows: usize): void {
  exchange(rows, 0, 4);
  exchange(rows, 1, 5);
  exchange(rows, 2, 6);
  exchange(rows, 3, 7);
  exchange(rows, 2, 4);
  exchange(rows, 3, 5);
  exchange(rows, 1, 2);
  exchange(rows, 3, 4);
  exchange(rows, 5, 6);
}

/**
 * Finds the best splits of the features `feature` and `feature + 1`, each in a lane, without branches: which of the
 * borders is best is different for both. A feature that does not vary comes out with a score below 0.
 */
function scanPair(feature: u32, count: u32, weight: f64, rest: f64): void {
  const lane = laneOf(feature);
  const weights = f64x2.splat(weight);
  const rests = f64x2.splat(rest);
  const first = context.minSamplesLeaf - 1;
  const last = count - context.minSamplesLeaf;
  let leftWeights = f64x2.splat(0);
  let leftSums = f64x2.splat(0);
  let numerators = f64x2.splat(-1);
  let denominators = f64x2.splat(1);
  let positions = i64x2.splat(0);
  let row = v128.load64_zero(lane);
  for (let position: u32 = 0; position < last; position++) {
    const next = v128.load64_zero(lane + (<usize>(position + 1) << 4));
    const one = v128.load(smallCentered + (<usize>(i32x4.extract_lane(row, 0) & PLACE) << 4));
    const other = v128.load(smallCentered + (<usize>(i32x4.extract_lane(row, 1) & PLACE) << 4));
    leftWeights = f64x2.add(leftWeights, v128.shuffle<f64>(one, other, 0, 2));
    leftSums = f64x2.add(leftSums, v128.shuffle<f64>(one, other, 1, 3));
    const isBorder = i64x2.extend_low_i32x4_s(i32x4.ne(i32x4.shr_u(row, PLACE_BITS), i32x4.shr_u(next, PLACE_BITS)));
    row = next;
    if (position < first) continue;
    const differences = f64x2.sub(f64x2.mul(leftSums, weights), f64x2.mul(rests, leftWeights));
    const squares = f64x2.mul(differences, differences);
    const products = f64x2.mul(leftWeights, f64x2.sub(weights, leftWeights));
    const isBetter = v128.and(isBorder, f64x2.gt(f64x2.mul(squares, denominators), f64x2.mul(numerators, products)));
    numerators = v128.bitselect(squares, numerators, isBetter);
    denominators = v128.bitselect(products, denominators, isBetter);
    positions = v128.bitselect(i64x2.splat(position), positions, isBetter);
  }
  const scores = f64x2.div(numerators, denominators);
  const candidate = candidateAt(feature);
  setScore(candidate, f64x2.extract_lane(scores, 0));
  setLow(candidate, <u32>i64x2.extract_lane(positions, 0));
  if (feature + 1 == context.features) return;
  const neighbour = candidateAt(feature + 1);
  setScore(neighbour, f64x2.extract_lane(scores, 1));
  setLow(neighbour, <u32>i64x2.extract_lane(positions, 1));
}

/** Emits the split of [from, from + count) behind the sample at `position` of the feature's order, and divides the places. */
function divide(feature: u32, position: u32, from: u32, count: u32): void {
  const lane = laneOf(feature);
  leftCount = position + 1;
  leftWeight = 0;
  leftSum = 0;
  let goesLeft: u32 = 0;
  for (let index: u32 = 0; index <= position; index++) {
    const place = load<u32>(lane + (<usize>index << 4)) & PLACE;
    goesLeft |= 1 << place;
    leftWeight += load<f64>(smallPairs + (<usize>place << 4));
    leftSum += load<f64>(smallPairs + (<usize>place << 4), 8);
  }
  const low = load<u32>(lane + (<usize>position << 4)) >> PLACE_BITS;
  const high = load<u32>(lane + (<usize>(position + 1) << 4)) >> PLACE_BITS;
  emitSplit((low + high - 1) >> 1, 2 * feature + (leftCount > count - leftCount ? 0 : 1));
  dividePlaces(from, count, goesLeft);
}

/** Brings the places of a mask to the front, branch-free; the others follow in their order. */
function dividePlaces(from: u32, count: u32, goesLeft: u32): void {
  let left = smallOrder + from;
  let right: u64 = 0;
  for (let index: u32 = 0, read = smallOrder + from; index < count; index++, read++) {
    const place = load<u8>(read);
    const isLeft = (goesLeft >> place) & 1;
    store<u8>(left, place);
    left += isLeft;
    right = isLeft != 0 ? right : (right << 4) | place;
  }
  for (let at = smallOrder + from + count; at > left;) {
    store<u8>(--at, <u8>(right & 15));
    right >>= 4;
  }
}
