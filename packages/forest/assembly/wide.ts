/** Sorted lists of the samples, one a wide feature: found once a tree, kept in order by stable partitions. */
import * as context from './context';
import { FEATURE_BYTES, featureTable, placeOf } from './context';
import { candidateAt, setScore, setSplit } from './emit';
import { goesLeft, lists, pairs, plainLists, scratch, stride, wideCodes } from './workspace';

/** Where the list of a wide feature begins. */
@inline
export function listOf(record: usize): usize {
  return lists + ((<usize>(plainLists + placeOf(record)) * stride) << 2);
}

/** Where the codes of a wide feature begin. */
@inline
export function wideCodesOf(record: usize): usize {
  return wideCodes + ((<usize>placeOf(record) * stride) << 2);
}

// The best border of the wide feature at hand.
let bestNumerator: f64 = -1;
let bestDenominator: f64 = 1;
let bestLeft: v128 = i64x2.splat(0);
let bestAt: usize = 0;

@inline
function consider(squares: f64, products: f64, left: v128, at: usize): void {
  if (squares * bestDenominator <= bestNumerator * products) return;
  bestNumerator = squares;
  bestDenominator = products;
  bestLeft = left;
  bestAt = at;
}

/** Whether the samples before and at a place of a list have different codes. */
@inline
function isBorder(codes: usize, at: usize): bool {
  return load<u32>(codes + (<usize>load<u32>(at - 4) << 2)) != load<u32>(codes + (<usize>load<u32>(at) << 2));
}

/**
 * Finds the best split of a wide feature by variance: see ../src/twin for what is computed, and in which order. Hot: it
 * goes once through the feature's samples of the node, two places at a time. That one of them is better than all before is
 * rare, so that codes, which lie anywhere, are looked at only then.
 * @param feature must vary in the node
 */
export function scanWide(feature: u32, start: u32, end: u32, weight: f64, middle: f64, rest: f64): void {
  const record = featureTable + <usize>feature * FEATURE_BYTES;
  const codes = wideCodesOf(record);
  const from = listOf(record) + (<usize>start << 2);
  const to = listOf(record) + (<usize>end << 2);
  const samplePairs = pairs;
  const least = (<usize>context.minSamplesLeaf << 2);
  const first = from + least;
  const last = to - least;
  const weights = f64x2.splat(weight);
  const middles = f64x2.splat(middle);
  const rests = f64x2.splat(rest);
  bestNumerator = -1;
  bestDenominator = 1;
  bestAt = from + 4;
  let sample = <usize>load<u32>(from);
  let left = f64x2.splat(0);
  let numerators = f64x2.splat(-1);
  let denominators = f64x2.splat(1);
  let at = from + 4;
  for (; at < last; at += 8) {
    const one = f64x2.add(left, v128.load(samplePairs + (sample << 4)));
    left = f64x2.add(one, v128.load(samplePairs + (<usize>load<u32>(at) << 4)));
    sample = <usize>load<u32>(at, 4);
    const leftWeights = v128.shuffle<f64>(one, left, 0, 2);
    const differences = f64x2.sub(
      f64x2.mul(f64x2.sub(v128.shuffle<f64>(one, left, 1, 3), f64x2.mul(middles, leftWeights)), weights), f64x2.mul(rests, leftWeights),
    );
    const squares = f64x2.mul(differences, differences);
    const products = f64x2.mul(leftWeights, f64x2.sub(weights, leftWeights));
    if (!v128.any_true(f64x2.gt(f64x2.mul(squares, denominators), f64x2.mul(numerators, products)))) continue;
    if (at >= first && isBorder(codes, at)) consider(f64x2.extract_lane(squares, 0), f64x2.extract_lane(products, 0), one, at);
    if (at + 4 >= first && isBorder(codes, at + 4)) consider(f64x2.extract_lane(squares, 1), f64x2.extract_lane(products, 1), left, at + 4);
    numerators = f64x2.splat(bestNumerator);
    denominators = f64x2.splat(bestDenominator);
  }
  if (at == last && at >= first && isBorder(codes, at)) {
    left = f64x2.add(left, v128.load(samplePairs + (sample << 4)));
    const leftWeight = f64x2.extract_lane(left, 0);
    const difference = (f64x2.extract_lane(left, 1) - middle * leftWeight) * weight - rest * leftWeight;
    consider(difference * difference, leftWeight * (weight - leftWeight), left, at);
  }
  keep(feature, start, bestNumerator / bestDenominator, f64x2.extract_lane(bestLeft, 0), f64x2.extract_lane(bestLeft, 1), <u32>((bestAt - from) >> 2));
}

/**
 * As `scanWide` for two features, which both must vary in the node, at once: each in a lane of the vectors. Hot.
 */
export function scanWidePair(feature: u32, other: u32, start: u32, end: u32, weight: f64, middle: f64, rest: f64): void {
  const record = featureTable + <usize>feature * FEATURE_BYTES;
  const otherRecord = featureTable + <usize>other * FEATURE_BYTES;
  const codes = wideCodesOf(record);
  const otherCodes = wideCodesOf(otherRecord);
  let at = listOf(record) + (<usize>start << 2);
  let otherAt = listOf(otherRecord) + (<usize>start << 2);
  const samplePairs = pairs;
  const weights = f64x2.splat(weight);
  const middles = f64x2.splat(middle);
  const rests = f64x2.splat(rest);
  const first = context.minSamplesLeaf;
  const last = end - start - first;
  let leftWeights = f64x2.splat(0);
  let leftSums = f64x2.splat(0);
  let numerators = f64x2.splat(-1);
  let denominators = f64x2.splat(1);
  let positions = i64x2.splat(1);
  let bestWeights = f64x2.splat(0);
  let bestSums = f64x2.splat(0);
  for (let position: u32 = 1; position <= last; position++) {
    const pair = v128.load(samplePairs + (<usize>load<u32>(at) << 4));
    const otherPair = v128.load(samplePairs + (<usize>load<u32>(otherAt) << 4));
    leftWeights = f64x2.add(leftWeights, v128.shuffle<f64>(pair, otherPair, 0, 2));
    leftSums = f64x2.add(leftSums, v128.shuffle<f64>(pair, otherPair, 1, 3));
    at += 4;
    otherAt += 4;
    const differences = f64x2.sub(f64x2.mul(f64x2.sub(leftSums, f64x2.mul(middles, leftWeights)), weights), f64x2.mul(rests, leftWeights));
    const squares = f64x2.mul(differences, differences);
    const products = f64x2.mul(leftWeights, f64x2.sub(weights, leftWeights));
    let isBetter = f64x2.gt(f64x2.mul(squares, denominators), f64x2.mul(numerators, products));
    if (!v128.any_true(isBetter) || position < first) continue;
    const areBorders = i64x2.replace_lane(i64x2.splat(-<i64>isBorder(codes, at)), 1, -<i64>isBorder(otherCodes, otherAt));
    isBetter = v128.and(isBetter, areBorders);
    numerators = v128.bitselect(squares, numerators, isBetter);
    denominators = v128.bitselect(products, denominators, isBetter);
    positions = v128.bitselect(i64x2.splat(position), positions, isBetter);
    bestWeights = v128.bitselect(leftWeights, bestWeights, isBetter);
    bestSums = v128.bitselect(leftSums, bestSums, isBetter);
  }
  const scores = f64x2.div(numerators, denominators);
  keep(feature, start, f64x2.extract_lane(scores, 0), f64x2.extract_lane(bestWeights, 0), f64x2.extract_lane(bestSums, 0), <u32>i64x2.extract_lane(positions, 0));
  keep(other, start, f64x2.extract_lane(scores, 1), f64x2.extract_lane(bestWeights, 1), f64x2.extract_lane(bestSums, 1), <u32>i64x2.extract_lane(positions, 1));
}

/** Whether a wide feature takes several values among the samples at [start, end) of its list. */
export function variesWide(feature: u32, start: u32, end: u32): bool {
  const record = featureTable + <usize>feature * FEATURE_BYTES;
  const codes = wideCodesOf(record);
  const list = listOf(record);
  return load<u32>(codes + (<usize>load<u32>(list + (<usize>start << 2)) << 2)) != load<u32>(codes + (<usize>load<u32>(list + (<usize>(end - 1) << 2)) << 2));
}

function keep(feature: u32, start: u32, score: f64, leftWeight: f64, leftSum: f64, leftCount: u32): void {
  const record = featureTable + <usize>feature * FEATURE_BYTES;
  const codes = wideCodesOf(record);
  const at = listOf(record) + (<usize>(start + leftCount) << 2);
  const low = load<u32>(codes + (<usize>load<u32>(at - 4) << 2));
  const high = load<u32>(codes + (<usize>load<u32>(at) << 2));
  const candidate = candidateAt(feature);
  setScore(candidate, score);
  setSplit(candidate, leftWeight, leftSum, low, high, leftCount);
}

/** Brings the samples that go left to the front of [start, end) of the first `count` lists but `sorted`, keeping their order. */
export function partition(start: u32, end: u32, sorted: u32, count: u32): void {
  for (let list: u32 = 0; list < count; list++) {
    if (list != sorted) partitionList(lists + ((<usize>list * stride) << 2), start, end);
  }
}

/** Hot: both sides are written at each step, so that there is nothing to predict. */
function partitionList(list: usize, start: u32, end: u32): void {
  let left = list + (<usize>start << 2);
  let right = scratch;
  const to = list + (<usize>end << 2);
  const flags = goesLeft;
  for (let at = left; at < to; at += 4) {
    const sample = load<u32>(at);
    const isLeft = <usize>load<u8>(flags + sample);
    store<u32>(left, sample);
    store<u32>(right, sample);
    left += isLeft << 2;
    right += 4 - (isLeft << 2);
  }
  memory.copy(left, scratch, right - scratch);
}
