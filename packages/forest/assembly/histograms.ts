/**
 * Histograms of the narrow features: weight and sum (and, where leaves must have several rows, number) of a node's
 * samples by cell, a cell for each code of each feature. A large node counts the smaller of its children and gets the
 * larger one by subtraction, which is exact because weights and sums are whole numbers.
 */
import * as context from './context';
import { FEATURE_BYTES, featureTable, levelsOf, placeOf, slotOf } from './context';
import { candidateAt, setScore, setSplit } from './emit';
import { cells, histogramBytes, histograms, lists, pairs, slotCount, slotStack, sparse, sparseBits, sparseBytes } from './workspace';

export const NO_SLOT: u32 = 0xffffffff;

let free: u32 = 0;
/** Bytes from a histogram's first pair to its first number. */
let numbersAt: usize = 0;
let slotBytes: usize = 0;
let countsRows: bool = false;

/** Makes all slots free and the sparse histogram empty. */
export function startHistograms(): void {
  countsRows = context.minSamplesLeaf > 1;
  numbersAt = <usize>context.cellCount << 4;
  slotBytes = <usize>((histogramBytes() + 15) & ~15);
  free = min(slotCount, <u32>((<u64>histogramBytes() * slotCount) / <u64>slotBytes));
  for (let slot: u32 = 0; slot < free; slot++) store<u32>(slotStack + (<usize>slot << 2), slot);
  memory.fill(sparse, 0, <usize>histogramBytes());
  memory.fill(sparseBits, 0, sparseBytes());
}

/** Whether a node of so many samples is better counted into all cells than into those in use. */
@inline
export function isDense(count: u32): bool {
  return <u64>count * context.narrowCount * 2 >= <u64>context.cellCount;
}

export function takeSlot(): u32 {
  if (free == 0) return NO_SLOT;
  free--;
  return load<u32>(slotStack + (<usize>free << 2));
}

export function freeSlot(slot: u32): void {
  if (slot == NO_SLOT) return;
  store<u32>(slotStack + (<usize>free << 2), slot);
  free++;
}

@inline
export function histogramOf(slot: u32): usize {
  return histograms + <usize>slot * slotBytes;
}

/** Counts the samples at [start, end) of the first list. */
export function count(slot: u32, start: u32, end: u32): void {
  const histogram = histogramOf(slot);
  memory.fill(histogram, 0, countsRows ? numbersAt + (<usize>context.cellCount << 2) : numbersAt);
  if (countsRows) {
    addNumbered(histogram, start, end);
  } else {
    add(histogram, start, end);
  }
}

/** Hot. */
function add(histogram: usize, start: u32, end: u32): void {
  const rowBytes = <usize>context.narrowCount << 1;
  const to = lists + (<usize>end << 2);
  const samplePairs = pairs;
  const sampleCells = cells;
  for (let at = lists + (<usize>start << 2); at < to; at += 4) {
    const sample = <usize>load<u32>(at);
    const pair = v128.load(samplePairs + (sample << 4));
    const row = sampleCells + sample * rowBytes;
    for (let cell = row, rowEnd = row + rowBytes; cell < rowEnd; cell += 2) {
      const into = histogram + (<usize>load<u16>(cell) << 4);
      v128.store(into, f64x2.add(v128.load(into), pair));
    }
  }
}

/** Hot. */
function addNumbered(histogram: usize, start: u32, end: u32): void {
  const rowBytes = <usize>context.narrowCount << 1;
  const to = lists + (<usize>end << 2);
  const samplePairs = pairs;
  const sampleCells = cells;
  const numbers = histogram + numbersAt;
  for (let at = lists + (<usize>start << 2); at < to; at += 4) {
    const sample = <usize>load<u32>(at);
    const pair = v128.load(samplePairs + (sample << 4));
    const row = sampleCells + sample * rowBytes;
    for (let cell = row, rowEnd = row + rowBytes; cell < rowEnd; cell += 2) {
      const place = <usize>load<u16>(cell);
      const into = histogram + (place << 4);
      v128.store(into, f64x2.add(v128.load(into), pair));
      const number = numbers + (place << 2);
      store<u32>(number, load<u32>(number) + 1);
    }
  }
}

/** Counts into the sparse histogram and marks the cells in use. Hot. */
export function countSparse(start: u32, end: u32): void {
  const rowBytes = <usize>context.narrowCount << 1;
  const to = lists + (<usize>end << 2);
  const histogram = sparse;
  const bits = sparseBits;
  const numbers = histogram + numbersAt;
  const numbered = countsRows;
  for (let at = lists + (<usize>start << 2); at < to; at += 4) {
    const sample = <usize>load<u32>(at);
    const pair = v128.load(pairs + (sample << 4));
    const row = cells + sample * rowBytes;
    for (let cell = row, rowEnd = row + rowBytes; cell < rowEnd; cell += 2) {
      const place = <usize>load<u16>(cell);
      const into = histogram + (place << 4);
      v128.store(into, f64x2.add(v128.load(into), pair));
      const word = bits + ((place >> 6) << 3);
      store<u64>(word, load<u64>(word) | (<u64>1 << (<u64>place & 63)));
      if (numbered) {
        const number = numbers + (place << 2);
        store<u32>(number, load<u32>(number) + 1);
      }
    }
  }
}

/** Counts one feature alone: into all its cells where `dense`, else into those it marks. */
export function countFeature(feature: u32, start: u32, end: u32, dense: bool): void {
  const record = featureTable + <usize>feature * FEATURE_BYTES;
  const rowBytes = <usize>context.narrowCount << 1;
  const column = cells + (<usize>slotOf(record) << 1);
  const to = lists + (<usize>end << 2);
  const numbered = countsRows;
  for (let at = lists + (<usize>start << 2); at < to; at += 4) {
    const sample = <usize>load<u32>(at);
    const place = <usize>load<u16>(column + sample * rowBytes);
    const into = sparse + (place << 4);
    v128.store(into, f64x2.add(v128.load(into), v128.load(pairs + (sample << 4))));
    if (!dense) {
      const word = sparseBits + ((place >> 6) << 3);
      store<u64>(word, load<u64>(word) | (<u64>1 << (<u64>place & 63)));
    }
    if (numbered) {
      const number = sparse + numbersAt + (place << 2);
      store<u32>(number, load<u32>(number) + 1);
    }
  }
}

/** Empties what `countFeature` has filled. */
export function clearFeature(feature: u32, dense: bool): void {
  const record = featureTable + <usize>feature * FEATURE_BYTES;
  const first = <usize>placeOf(record);
  const end = first + <usize>levelsOf(record);
  if (dense) {
    memory.fill(sparse + (first << 4), 0, (end - first) << 4);
    if (countsRows) memory.fill(sparse + numbersAt + (first << 2), 0, (end - first) << 2);
    return;
  }
  for (let place = nextUsed(first, end); place < end; place = nextUsed(place + 1, end)) {
    v128.store(sparse + (place << 4), i64x2.splat(0));
    if (countsRows) store<u32>(sparse + numbersAt + (place << 2), 0);
    const word = sparseBits + ((place >> 6) << 3);
    store<u64>(word, load<u64>(word) & ~(<u64>1 << (<u64>place & 63)));
  }
}

/** Empties the cells in use. */
export function clearSparse(): void {
  const numbered = countsRows;
  for (let word = sparseBits, end = sparseBits + sparseBytes(); word < end; word += 8) {
    let bits = load<u64>(word);
    if (bits == 0) continue;
    store<u64>(word, 0);
    const first = ((word - sparseBits) >> 3) << 6;
    for (; bits != 0; bits &= bits - 1) {
      const place = first + <usize>ctz(bits);
      v128.store(sparse + (place << 4), i64x2.splat(0));
      if (numbered) store<u32>(sparse + numbersAt + (place << 2), 0);
    }
  }
}

/** Takes the cells of one histogram away from another. */
export function subtract(from: u32, what: u32): void {
  let at = histogramOf(from);
  let other = histogramOf(what);
  for (const end = at + numbersAt; at < end; at += 16, other += 16) v128.store(at, f64x2.sub(v128.load(at), v128.load(other)));
  if (!countsRows) return;
  for (const end = at + (<usize>context.cellCount << 2); at < end; at += 4, other += 4) store<u32>(at, load<u32>(at) - load<u32>(other));
}

// The scan at hand: the node, the best split of the feature so far and the running sums of its left side.
let samples: u32 = 0;
let weight: f64 = 0;
let middle: f64 = 0;
let rest: f64 = 0;

/** Sets the node whose histogram is scanned next. */
@inline
export function beginScans(sampleCount: u32, nodeWeight: f64, nodeMiddle: f64, nodeRest: f64): void {
  samples = sampleCount;
  weight = nodeWeight;
  middle = nodeMiddle;
  rest = nodeRest;
}

/**
 * Finds the best split of a narrow feature by variance: see ../src/twin for what is computed, and in which order.
 * @returns whether the feature varies in the node
 */
export function scanDense(feature: u32, histogram: usize): bool {
  const record = featureTable + <usize>feature * FEATURE_BYTES;
  const first = <usize>placeOf(record);
  const from = histogram + (first << 4);
  const to = from + (<usize>levelsOf(record) << 4);
  let at = from;
  while (at < to && load<f64>(at) == 0) at += 16;
  let low = at;
  let left = v128.load(at);
  let best = left;
  // Globals are looked up at every use.
  const nodeWeight = weight;
  const nodeMiddle = middle;
  const nodeRest = rest;
  const nodeSamples = samples;
  const numbered = countsRows;
  const numbers = histogram + numbersAt + (first << 2);
  let leftCount: u32 = numbered ? load<u32>(numbers + ((at - from) >> 2)) : 0;
  const least = context.minSamplesLeaf;
  let bestNumerator: f64 = -1;
  let bestDenominator: f64 = 1;
  let bestLow: usize = 0;
  let bestHigh: usize = 0;
  let bestCount: u32 = 0;
  let varies = false;
  for (at += 16; at < to; at += 16) {
    const cell = v128.load(at);
    if (f64x2.extract_lane(cell, 0) == 0) continue;
    varies = true;
    const leftWeight = f64x2.extract_lane(left, 0);
    const difference = (f64x2.extract_lane(left, 1) - nodeMiddle * leftWeight) * nodeWeight - nodeRest * leftWeight;
    const numerator = difference * difference;
    const denominator = leftWeight * (nodeWeight - leftWeight);
    if (numerator * bestDenominator > bestNumerator * denominator && (!numbered || (leftCount >= least && nodeSamples - leftCount >= least))) {
      bestNumerator = numerator;
      bestDenominator = denominator;
      best = left;
      bestLow = low;
      bestHigh = at;
      bestCount = leftCount;
    }
    left = f64x2.add(left, cell);
    if (numbered) leftCount += load<u32>(numbers + ((at - from) >> 2));
    low = at;
  }
  if (!varies) return false;
  const candidate = candidateAt(feature);
  setScore(candidate, bestNumerator / bestDenominator);
  setSplit(candidate, f64x2.extract_lane(best, 0), f64x2.extract_lane(best, 1), <u32>((bestLow - from) >> 4), <u32>((bestHigh - from) >> 4), bestCount);
  return true;
}

/** As `scanDense`, over the marked cells of the sparse histogram. */
export function scanSparse(feature: u32): bool {
  const record = featureTable + <usize>feature * FEATURE_BYTES;
  const first = <usize>placeOf(record);
  const end = first + <usize>levelsOf(record);
  const numbered = countsRows;
  const least = context.minSamplesLeaf;
  let place = nextUsed(first, end);
  let low = place;
  let leftWeight = load<f64>(sparse + (place << 4));
  let leftSum = load<f64>(sparse + (place << 4), 8);
  let leftCount: u32 = numbered ? load<u32>(sparse + numbersAt + (place << 2)) : 0;
  let bestNumerator: f64 = -1;
  let bestDenominator: f64 = 1;
  let bestWeight: f64 = 0;
  let bestSum: f64 = 0;
  let bestLow: usize = 0;
  let bestHigh: usize = 0;
  let bestCount: u32 = 0;
  let varies = false;
  for (place = nextUsed(place + 1, end); place < end; place = nextUsed(place + 1, end)) {
    varies = true;
    const difference = (leftSum - middle * leftWeight) * weight - rest * leftWeight;
    const numerator = difference * difference;
    const denominator = leftWeight * (weight - leftWeight);
    if (numerator * bestDenominator > bestNumerator * denominator && (!numbered || (leftCount >= least && samples - leftCount >= least))) {
      bestNumerator = numerator;
      bestDenominator = denominator;
      bestWeight = leftWeight;
      bestSum = leftSum;
      bestLow = low;
      bestHigh = place;
      bestCount = leftCount;
    }
    leftWeight += load<f64>(sparse + (place << 4));
    leftSum += load<f64>(sparse + (place << 4), 8);
    if (numbered) leftCount += load<u32>(sparse + numbersAt + (place << 2));
    low = place;
  }
  const candidate = candidateAt(feature);
  setScore(candidate, bestNumerator / bestDenominator);
  setSplit(candidate, bestWeight, bestSum, <u32>(bestLow - first), <u32>(bestHigh - first), bestCount);
  return varies;
}

/** The first marked cell from `place` on, or `end`. */
@inline
function nextUsed(place: usize, end: usize): usize {
  let word = sparseBits + ((place >> 6) << 3);
  let bits = load<u64>(word) & (<u64>-1 << (<u64>place & 63));
  let base = place & ~63;
  while (bits == 0 && base < end) {
    base += 64;
    word += 8;
    bits = load<u64>(word);
  }
  return bits == 0 ? end : min(end, base + <usize>ctz(bits));
}

/** The histogram that `countFeature` fills. */
@inline
export function alone(): usize {
  return sparse;
}
