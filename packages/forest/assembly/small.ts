/**
 * Whole subtrees of small nodes. Most nodes of a fully grown tree have few samples, and there the work around the scans
 * costs more than the scans. So a node of at most SMALL samples is grown on its own. Each feature that varies in it gets a
 * lane: its keys (code, place of the sample) stand in a column of 32-bit words, four lanes side by side in a vector. At
 * each node the keys of four lanes at a time are sorted by a network of minima and maxima, then two lanes at a time are
 * scanned without a branch.
 *
 * The splits are those of the general way, in the same order of random numbers: ../src/twin says what they are.
 */
import * as context from './context';
import { FEATURE_BYTES, featureTable, isWide, placeOf, slotOf } from './context';
import { TIED, addDrawn, clearDrawn, drawFeature, drawnAt, drawnCount } from './choose';
import { NO_LINK, addImportance, emitLeaf, emitMean, emitSplit, link, nodeCount } from './emit';
import { STEP, depthOf, endOf, rightOfOf, setNode, startOf, sumOf, weightOf } from './pending';
import { below } from './random';
import { totalWeight } from './samples';
import {
  cells, featureLanes, keys, laneFeatures, lists, pairs, positions, ranks, scores, smallCentered, smallOrder, smallPairs, smallRanks, smallSorted, smallStack, sorted,
} from './workspace';
import { rowAt, sort16, sort3, sort4, sort6, sort8 } from './sorting-networks';
import { wideCodesOf } from './wide';

/** Keys hold the sample's place in the low bits. */
const PLACE_BITS: u32 = 4;
const PLACE: u32 = 15;
const GROUP_BYTES: usize = 16 * 16;
const NO_LANE: u32 = 0xffffffff;
/** A set of lanes is a 64-bit word. */
const MOST_LANES: u32 = 64;

/** Lanes in use, those of features in ascending order, and groups of four of them. */
let lanes: u32 = 0;
let groupCount: u32 = 0;

/** Whether small nodes of a fit that `growFast` is for may be grown here. */
export function isSmallEnabled(): bool {
  return context.features <= MOST_LANES && context.mostCodes < 1 << (32 - PLACE_BITS);
}

/**
 * Grows the subtree of the node with the samples at [start, end) of the first list. Only right children wait on the stack;
 * the node at hand is in the variables.
 */
export function growSmall(start: u32, end: u32, depth: u32, rightOf: u32, weight: f64, sum: f64): void {
  gather(start, end);
  let top = smallStack;
  let from: u32 = 0;
  let to = end - start;
  let level = depth;
  let parent = rightOf;
  let nodeWeight = weight;
  let nodeSum = sum;
  for (;;) {
    link(parent);
    const count = to - from;
    if (count == 1 || isPureHere(from, to)) {
      emitLeaf(rankAt(from));
    } else if (isLimited(count, level)) {
      emitMean(nodeWeight, nodeSum);
    } else if (count == 2) {
      growPair(from, nodeWeight, nodeSum);
    } else if (split(from, to, nodeWeight, nodeSum)) {
      level++;
      setNode(top, from + leftCount, to, level, nodeCount - 1, nodeWeight - leftWeight, nodeSum - leftSum, 0);
      top += STEP;
      to = from + leftCount;
      parent = NO_LINK;
      nodeWeight = leftWeight;
      nodeSum = leftSum;
      continue;
    } else {
      emitMean(nodeWeight, nodeSum);
    }
    if (top == smallStack) return;
    top -= STEP;
    from = startOf(top);
    to = endOf(top);
    level = depthOf(top);
    parent = rightOfOf(top);
    nodeWeight = weightOf(top);
    nodeSum = sumOf(top);
  }
}

/** The rank of the target of the sample at an index of the order. */
@inline
function rankAt(index: u32): u32 {
  return load<u32>(smallRanks + (<usize>load<u8>(smallOrder + index) << 2));
}

// The split found last.
let leftCount: u32 = 0;
let leftWeight: f64 = 0;
let leftSum: f64 = 0;

/** Copies codes, weights and sums of the samples; the places are numbered as the samples stand in the list. */
function gather(start: u32, end: u32): void {
  const from = lists + (<usize>start << 2);
  const count = end - start;
  for (let place: u32 = 0; place < count; place++) {
    const sample = <usize>load<u32>(from + (<usize>place << 2));
    v128.store(smallPairs + (<usize>place << 4), v128.load(pairs + (sample << 4)));
    store<u8>(smallOrder + place, <u8>place);
    store<u32>(smallRanks + (<usize>place << 2), load<u32>(ranks + (sample << 2)));
  }
  lanes = 0;
  for (let feature: u32 = 0; feature < context.features; feature++) {
    const record = featureTable + <usize>feature * FEATURE_BYTES;
    const varies = isWide(record) ? gatherWide(record, from, count) : gatherNarrow(record, from, count);
    store<u32>(featureLanes + (<usize>feature << 2), varies ? lanes : NO_LANE);
    // A feature without a lane leaves it to the next one.
    store<u32>(laneFeatures + (<usize>lanes << 2), feature);
    lanes += <u32>varies;
  }
  groupCount = (lanes + 3) / 4;
}

@inline
function laneIn(vectors: usize, lane: u32): usize {
  return vectors + <usize>(lane >> 2) * GROUP_BYTES + (<usize>(lane & 3) << 2);
}

/** @returns whether the feature varies */
function gatherWide(record: usize, from: usize, count: u32): bool {
  const codes = wideCodesOf(record);
  const first = load<u32>(codes + (<usize>load<u32>(from) << 2));
  let into = laneIn(keys, lanes);
  let difference: u32 = 0;
  for (let place: u32 = 0; place < count; place++, into += 16) {
    const code = load<u32>(codes + (<usize>load<u32>(from + (<usize>place << 2)) << 2));
    difference |= code ^ first;
    store<u32>(into, (code << PLACE_BITS) | place);
  }
  return difference != 0;
}

/** @returns whether the feature varies */
function gatherNarrow(record: usize, from: usize, count: u32): bool {
  const step = <usize>context.narrowCount << 1;
  const column = cells + (<usize>slotOf(record) << 1);
  const base = placeOf(record);
  const first = <u32>load<u16>(column + <usize>load<u32>(from) * step);
  let into = laneIn(keys, lanes);
  let difference: u32 = 0;
  for (let place: u32 = 0; place < count; place++, into += 16) {
    const cell = <u32>load<u16>(column + <usize>load<u32>(from + (<usize>place << 2)) * step);
    difference |= cell ^ first;
    store<u32>(into, ((cell - base) << PLACE_BITS) | place);
  }
  return difference != 0;
}

@inline
function isLimited(count: u32, depth: u32): bool {
  return depth >= context.maxDepth || count < context.minSamplesSplit || count < 2 * context.minSamplesLeaf;
}

function isPureHere(from: u32, to: u32): bool {
  const placeRanks = smallRanks;
  const start = smallOrder + from;
  const first = load<u32>(placeRanks + (<usize>load<u8>(start) << 2));
  for (let at = smallOrder + to - 1; at > start; at--) {
    if (load<u32>(placeRanks + (<usize>load<u8>(at) << 2)) != first) return false;
  }
  return true;
}

/** Whether a split removes as much impurity as it must. */
@inline
function isWorth(score: f64, weight: f64): bool {
  return score / weight / totalWeight >= context.minImpurityDecrease;
}

@inline
function featureOf(lane: u32): u32 {
  return load<u32>(laneFeatures + (<usize>lane << 2));
}

@inline
function laneOf(feature: u32): u32 {
  return load<u32>(featureLanes + (<usize>feature << 2));
}

/** The set without its `count` lowest members. */
@inline
function without(set: u64, count: u32): u64 {
  for (; count > 0; count--) set &= set - 1;
  return set;
}

/**
 * Two samples of different targets: every feature in which they differ divides them equally well, so one is drawn and only
 * that one scored. Emits both leaves as well.
 */
function growPair(from: u32, weight: f64, sum: f64): void {
  const first = <usize>load<u8>(smallOrder + from);
  const second = <usize>load<u8>(smallOrder + from + 1);
  const lane = context.maxFeatures >= context.features ? pickOfAll(first, second) : pickOfDrawn(first, second);
  if (lane == NO_LANE) {
    emitMean(weight, sum);
    return;
  }
  const key = laneIn(keys, lane);
  const one = load<u32>(key + (first << 4));
  const other = load<u32>(key + (second << 4));
  const left = one < other ? first : second;
  const pairWeight = load<f64>(smallPairs + (left << 4));
  const middle = floor(sum / weight + 0.5);
  const difference = (load<f64>(smallPairs + (left << 4), 8) - middle * pairWeight) * weight - (sum - middle * weight) * pairWeight;
  const score = difference * difference / (pairWeight * (weight - pairWeight));
  if (!isWorth(score, weight)) {
    emitMean(weight, sum);
    return;
  }
  const feature = featureOf(lane);
  addImportance(feature, score / weight);
  const node = nodeCount;
  emitSplit(((min(one, other) >> PLACE_BITS) + (max(one, other) >> PLACE_BITS) - 1) >> 1, 2 * feature + 1);
  emitLeaf(load<u32>(smallRanks + (left << 2)));
  link(node);
  emitLeaf(load<u32>(smallRanks + ((first + second - left) << 2)));
}

function pickOfAll(first: usize, second: usize): u32 {
  let set: u64 = 0;
  for (let group: u32 = 0, at = keys; group < groupCount; group++, at += GROUP_BYTES) {
    const differ = i32x4.ne(i32x4.shr_u(v128.load(at + (first << 4)), PLACE_BITS), i32x4.shr_u(v128.load(at + (second << 4)), PLACE_BITS));
    set |= <u64>i32x4.bitmask(differ) << (4 * group);
  }
  set &= lastLanes();
  if (set == 0) return NO_LANE;
  const count = <u32>popcnt(set);
  return <u32>ctz(count == 1 ? set : without(set, below(count)));
}

/** The set of all lanes in use. */
@inline
function lastLanes(): u64 {
  return lanes == MOST_LANES ? <u64>-1 : (<u64>1 << lanes) - 1;
}

function pickOfDrawn(first: usize, second: usize): u32 {
  clearDrawn();
  for (let index: u32 = 0; index < context.features && (index < context.maxFeatures || drawnCount == 0); index++) {
    const lane = laneOf(drawFeature(index));
    if (lane == NO_LANE) continue;
    const key = laneIn(keys, lane);
    if (load<u32>(key + (first << 4)) >> PLACE_BITS != load<u32>(key + (second << 4)) >> PLACE_BITS) addDrawn(lane);
  }
  if (drawnCount == 0) return NO_LANE;
  return drawnAt(drawnCount == 1 ? 0 : below(drawnCount));
}

/** @returns whether there is a split */
function split(from: u32, to: u32, weight: f64, sum: f64): bool {
  const middle = floor(sum / weight + 0.5);
  center(from, to, middle);
  const lane = context.maxFeatures >= context.features ? findOfAll(from, to - from, weight, sum - middle * weight)
    : findOfDrawn(from, to - from, weight, sum - middle * weight);
  if (lane == NO_LANE) return false;
  const score = load<f64>(scores + (<usize>lane << 3));
  if (!isWorth(score, weight)) return false;
  addImportance(featureOf(lane), score / weight);
  divide(lane, load<u32>(positions + (<usize>lane << 3)), from, to - from);
  return true;
}

/** Sums relative to the mean's whole part: exact, and without cancellation in the scans. */
function center(from: u32, to: u32, middle: f64): void {
  const source = smallPairs;
  const centered = smallCentered;
  for (let at = smallOrder + from, end = smallOrder + to; at < end; at++) {
    const place = <usize>load<u8>(at) << 4;
    const pair = v128.load(source + place);
    // One store of 16 bytes: two of 8 would hold up the loads of 16 that follow.
    v128.store(centered + place, f64x2.sub(pair, f64x2.replace_lane(f64x2.splat(0), 1, middle * f64x2.extract_lane(pair, 0))));
  }
}

/** The best lane, by chance among ties. */
function findOfAll(from: u32, count: u32, weight: f64, rest: f64): u32 {
  for (let group: u32 = 0; group < groupCount; group++) sortGroup(group, from, count);
  let bests = f64x2.splat(-1);
  const at = scores;
  const used = lanes;
  for (let lane: u32 = 0; lane < used; lane += 2) {
    if (varying(lane, count) != 0) {
      scanPair(lane, count, weight, rest);
    } else {
      v128.store(at + (<usize>lane << 3), f64x2.splat(-1));
    }
    // The lane behind the last one holds what nobody put there.
    if (lane + 1 == used) store<f64>(at + (<usize>used << 3), -1);
    bests = f64x2.pmax(bests, v128.load(at + (<usize>lane << 3)));
  }
  const best = max(f64x2.extract_lane(bests, 0), f64x2.extract_lane(bests, 1));
  if (best < 0) return NO_LANE;
  const least = f64x2.splat(best * TIED);
  let tied: u64 = 0;
  for (let lane: u32 = 0; lane < used; lane += 2) tied |= <u64>i64x2.bitmask(f64x2.ge(v128.load(at + (<usize>lane << 3)), least)) << lane;
  const ties = <u32>popcnt(tied);
  return <u32>ctz(ties == 1 ? tied : without(tied, below(ties)));
}

/** The best of the drawn lanes, by chance among ties. */
function findOfDrawn(from: u32, count: u32, weight: f64, rest: f64): u32 {
  memory.fill(smallSorted, 0, groupCount);
  clearDrawn();
  for (let index: u32 = 0; index < context.features && (index < context.maxFeatures || drawnCount == 0); index++) {
    const lane = laneOf(drawFeature(index));
    if (lane == NO_LANE) continue;
    if (load<u8>(smallSorted + (lane >> 2)) == 0) {
      sortGroup(lane >> 2, from, count);
      store<u8>(smallSorted + (lane >> 2), 1);
    }
    if ((varying(lane & ~1, count) & (1 << (lane & 1))) == 0) continue;
    scanPair(lane & ~1, count, weight, rest);
    addDrawn(lane);
  }
  let best: f64 = -1;
  for (let index: u32 = 0; index < drawnCount; index++) best = max(best, scoreOfDrawn(index));
  if (best < 0) return NO_LANE;
  const least = best * TIED;
  let tied: u32 = 0;
  for (let index: u32 = 0; index < drawnCount; index++) tied += <u32>(scoreOfDrawn(index) >= least);
  let skipped: u32 = tied == 1 ? 0 : below(tied);
  let index: u32 = 0;
  while (scoreOfDrawn(index) < least || skipped > 0) {
    skipped -= <u32>(scoreOfDrawn(index) >= least);
    index++;
  }
  return drawnAt(index);
}

@inline
function scoreOfDrawn(index: u32): f64 {
  return load<f64>(scores + (<usize>drawnAt(index) << 3));
}

/** Which of two neighbouring lanes vary among the sorted keys, a bit each. */
@inline
function varying(lane: u32, count: u32): i32 {
  const at = laneIn(sorted, lane);
  const differ = i32x4.ne(i32x4.shr_u(v128.load64_zero(at), PLACE_BITS), i32x4.shr_u(v128.load64_zero(at + (<usize>(count - 1) << 4)), PLACE_BITS));
  return i32x4.bitmask(differ);
}

/** Sorts the keys of four lanes. */
function sortGroup(group: u32, from: u32, count: u32): void {
  const source = keys + <usize>group * GROUP_BYTES;
  const into = sorted + <usize>group * GROUP_BYTES;
  const order = smallOrder + from;
  if (count == 3) {
    sort3(source, order, into);
    return;
  }
  if (count == 4) {
    sort4(source, order, into);
    return;
  }
  for (let index: u32 = 0; index < count; index++) v128.store(into + (<usize>index << 4), rowAt(source, order + index));
  const size: u32 = count <= 6 ? 6 : count <= 8 ? 8 : 16;
  for (let index = count; index < size; index++) v128.store(into + (<usize>index << 4), i32x4.splat(-1));
  if (size == 6) {
    sort6(into);
  } else if (size == 8) {
    sort8(into);
  } else {
    sort16(into);
  }
}

/**
 * Finds the best splits of the lanes `lane` and `lane + 1` without branches: which of the borders is best is different for
 * both. One that does not vary comes out with a score below 0.
 */
function scanPair(lane: u32, count: u32, weight: f64, rest: f64): void {
  const column = laneIn(sorted, lane);
  const weights = f64x2.splat(weight);
  const rests = f64x2.splat(rest);
  const first = context.minSamplesLeaf - 1;
  const last = count - context.minSamplesLeaf;
  const centered = smallCentered;
  let leftWeights = f64x2.splat(0);
  let leftSums = f64x2.splat(0);
  let numerators = f64x2.splat(-1);
  let denominators = f64x2.splat(1);
  let best = i64x2.splat(0);
  let row = v128.load64_zero(column);
  for (let position: u32 = 0; position < last; position++) {
    const next = v128.load64_zero(column + (<usize>(position + 1) << 4));
    const one = v128.load(centered + (<usize>(i32x4.extract_lane(row, 0) & PLACE) << 4));
    const other = v128.load(centered + (<usize>(i32x4.extract_lane(row, 1) & PLACE) << 4));
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
    best = v128.bitselect(i64x2.splat(position), best, isBetter);
  }
  v128.store(scores + (<usize>lane << 3), f64x2.div(numerators, denominators));
  v128.store(positions + (<usize>lane << 3), best);
}

/** Emits the split of [from, from + count) behind the sample at `position` of the lane's order, and divides the places. */
function divide(lane: u32, position: u32, from: u32, count: u32): void {
  const column = laneIn(sorted, lane);
  const source = smallPairs;
  let left = f64x2.splat(0);
  let goesLeft: u32 = 0;
  for (let index: u32 = 0; index <= position; index++) {
    const place = load<u32>(column + (<usize>index << 4)) & PLACE;
    goesLeft |= 1 << place;
    left = f64x2.add(left, v128.load(source + (<usize>place << 4)));
  }
  leftCount = position + 1;
  leftWeight = f64x2.extract_lane(left, 0);
  leftSum = f64x2.extract_lane(left, 1);
  const low = load<u32>(column + (<usize>position << 4)) >> PLACE_BITS;
  const high = load<u32>(column + (<usize>(position + 1) << 4)) >> PLACE_BITS;
  emitSplit((low + high - 1) >> 1, 2 * featureOf(lane) + (leftCount > count - leftCount ? 0 : 1));
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
