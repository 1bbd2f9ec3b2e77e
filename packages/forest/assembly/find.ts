/** The search for a node's split in its general form: any criterion, missing values, categorical features, random cuts. */
import * as context from './context';
import { featureAt, isCategorical, isWide, levelsOf, placeOf, slotOf } from './context';
import { NO_FEATURE, addDrawn, choose, clearDrawn, drawFeature, drawnAt, drawnCount } from './choose';
import * as criteria from './criteria';
import { candidateAt, highOf, leftCountOf, lowOf, passOf, setPass, setScore, setSplit } from './emit';
import { group, groupCode, groupCount, groupStart, grouped, orderGroups, varies } from './groups';
import { below } from './random';
import { totalWeight } from './samples';
import { cells, goesLeft, lists } from './workspace';
import { wideCodesOf } from './wide';

// The split found last.
export let feature: u32 = 0;
/** The last code that goes left; of no use for a set. */
export let cut: u32 = 0;
export let missingGoesLeft: bool = false;
export let leftCount: u32 = 0;
/** Weighted impurity taken away. */
export let reduction: f64 = 0;

/**
 * Finds the split of the node with the samples at [start, end) of the lists, and marks those that go left.
 * @param set where to write the codes that go left, if it is a split by a set
 * @returns whether there is a split
 */
export function find(start: u32, end: u32, set: usize): bool {
  criteria.enter(lists + (<usize>start << 2), lists + (<usize>end << 2));
  drawFeatures(start, end);
  for (let index: u32 = 0; index < drawnCount; index++) evaluate(drawnAt(index), start, end);
  feature = choose();
  if (feature == NO_FEATURE) return false;
  const candidate = candidateAt(feature);
  cut = highOf(candidate);
  missingGoesLeft = passOf(candidate) != 0;
  leftCount = leftCountOf(candidate);
  if (isCategorical(featureAt(feature))) writeSet(lowOf(candidate), start, end, set);
  mark(feature, cut, missingGoesLeft, set, start, end);
  addMarked(start, end);
  reduction = criteria.reduction();
  return reduction / totalWeight >= context.minImpurityDecrease;
}

/** Draws the features to try; only those that vary are kept. */
function drawFeatures(start: u32, end: u32): void {
  const features = context.features;
  clearDrawn();
  if (context.maxFeatures >= features) {
    for (let index: u32 = 0; index < features; index++) {
      if (varies(index, start, end)) addDrawn(index);
    }
    return;
  }
  for (let index: u32 = 0; index < features && (index < context.maxFeatures || drawnCount == 0); index++) {
    const drawnFeature = drawFeature(index);
    if (varies(drawnFeature, start, end)) addDrawn(drawnFeature);
  }
}

// The best border of the feature at hand.
let bestNumerator: f64 = -1;
let bestDenominator: f64 = 1;
let bestGroups: u32 = 0;
let bestCount: u32 = 0;
let bestMissingFirst: bool = false;

function evaluate(drawnFeature: u32, start: u32, end: u32): void {
  const record = featureAt(drawnFeature);
  const categorical = isCategorical(record);
  const levels = levelsOf(record);
  group(drawnFeature, start, end);
  if (categorical) orderGroups();
  bestNumerator = -1;
  bestDenominator = 1;
  bestMissingFirst = false;
  const isSomeMissing = !categorical && groupCode(groupCount - 1) == levels;
  const count = end - start;
  let test: u32 = 0;
  if (context.isRandomSplitter) {
    test = scoreDrawn(categorical, isSomeMissing, levels, count);
  } else {
    scan(count, false);
    if (isSomeMissing) scan(count, true);
    if (bestNumerator >= 0 && !categorical) test = cutAt(bestGroups, levels);
  }
  const candidate = candidateAt(drawnFeature);
  setScore(candidate, bestNumerator / bestDenominator);
  if (bestNumerator < 0) return;
  setSplit(candidate, 0, 0, bestGroups, test, bestCount);
  setPass(candidate, <u32>(isSomeMissing ? bestMissingFirst : bestCount > count - bestCount));
}

/** Halfway in rank between the codes on both sides of a border. */
function cutAt(groups: u32, levels: u32): u32 {
  const above = groupCode(groups);
  return above == levels ? levels - 1 : (groupCode(groups - 1) + above - 1) >> 1;
}

@inline
function sequenceAt(groups: u32): usize {
  return grouped + (<usize>groupStart(groups) << 2);
}

/** Scores every border, with the last group, of missing values, to the left of all others or in its place. */
function scan(count: u32, missingFirst: bool): void {
  const others = missingFirst ? groupCount - 1 : groupCount;
  let samples: u32 = 0;
  criteria.clear();
  if (missingFirst) {
    criteria.add(sequenceAt(others), sequenceAt(groupCount));
    samples = count - groupStart(others);
  }
  for (let border: u32 = 1; border < others; border++) {
    criteria.add(sequenceAt(border - 1), sequenceAt(border));
    samples += groupStart(border) - groupStart(border - 1);
    if (samples < context.minSamplesLeaf) continue;
    if (count - samples < context.minSamplesLeaf) break;
    criteria.score();
    if (criteria.numerator * bestDenominator > bestNumerator * criteria.denominator) keep(border, samples, missingFirst);
  }
}

function keep(border: u32, samples: u32, missingFirst: bool): void {
  bestNumerator = criteria.numerator;
  bestDenominator = criteria.denominator;
  bestGroups = border;
  bestCount = samples;
  bestMissingFirst = missingFirst;
}

/** Draws one border and scores it; returns the cut. */
function scoreDrawn(categorical: bool, isSomeMissing: bool, levels: u32, count: u32): u32 {
  const others = isSomeMissing ? groupCount - 1 : groupCount;
  let border: u32 = 1;
  let test = levels - 1;
  let missingFirst = false;
  if (categorical) {
    border = 1 + below(groupCount - 1);
  } else if (others > 1) {
    const lowest = groupCode(0);
    test = lowest + below(groupCode(others - 1) - lowest);
    missingFirst = isSomeMissing && below(2) == 1;
    while (groupCode(border) <= test) border++;
  }
  const samples = groupStart(border) + (missingFirst ? count - groupStart(others) : 0);
  if (samples < context.minSamplesLeaf || count - samples < context.minSamplesLeaf) return test;
  criteria.clear();
  criteria.add(sequenceAt(0), sequenceAt(border));
  if (missingFirst) criteria.add(sequenceAt(others), sequenceAt(groupCount));
  criteria.score();
  keep(border, samples, missingFirst);
  return test;
}

/** Writes the set of the codes that go left; those that the node has not seen go with the larger side. */
function writeSet(border: u32, start: u32, end: u32, set: usize): void {
  group(feature, start, end);
  orderGroups();
  const codes = levelsOf(featureAt(feature)) + 1;
  const isLeftLarger = leftCount > end - start - leftCount;
  memory.fill(set, 0, <usize>((codes + 31) / 32) << 2);
  if (isLeftLarger) {
    for (let code: u32 = 0; code < codes; code++) flip(set, code);
    for (let index = border; index < groupCount; index++) flip(set, groupCode(index));
  } else {
    for (let index: u32 = 0; index < border; index++) flip(set, groupCode(index));
  }
}

@inline
function flip(set: usize, code: u32): void {
  const at = set + (<usize>(code >> 5) << 2);
  store<u32>(at, load<u32>(at) ^ (1 << (code & 31)));
}

/** Marks the samples at [start, end) that go left. */
export function mark(by: u32, test: u32, missingLeft: bool, set: usize, start: u32, end: u32): void {
  const record = featureAt(by);
  const levels = levelsOf(record);
  const categorical = isCategorical(record);
  const wide = isWide(record);
  const codes = wide ? wideCodesOf(record) : cells + (<usize>slotOf(record) << 1);
  const rowBytes = <usize>context.narrowCount << 1;
  const first = placeOf(record);
  for (let at = lists + (<usize>start << 2), to = lists + (<usize>end << 2); at < to; at += 4) {
    const sample = <usize>load<u32>(at);
    const code = wide ? load<u32>(codes + (sample << 2)) : <u32>load<u16>(codes + sample * rowBytes) - first;
    const isLeft = categorical ? ((load<u32>(set + (<usize>(code >> 5) << 2)) >> (code & 31)) & 1) != 0
      : code == levels ? missingLeft : code <= test;
    store<u8>(goesLeft + sample, <u8>isLeft);
  }
}

/** Moves the marked samples to the left side. */
function addMarked(start: u32, end: u32): void {
  criteria.clear();
  for (let at = lists + (<usize>start << 2), to = lists + (<usize>end << 2); at < to; at += 4) {
    if (load<u8>(goesLeft + load<u32>(at)) != 0) criteria.add(at, at + 4);
  }
}
