/** The samples of a node in ascending order of a feature's codes, in groups of equal codes. */
import * as context from './context';
import { featureAt, isWide, levelsOf, placeOf, slotOf } from './context';
import { rankOf } from './criteria';
import { bucketStarts, cells, groupCodes, groupOrder, groupOtherOrder, groupRanks, groupStarts, lists, sequence, sequenceCodes, spareSequence } from './workspace';
import { listOf, wideCodesOf } from './wide';

/** Number of groups. */
export let groupCount: u32 = 0;
/** Sample ids, as the groups have them. */
export let grouped: usize = 0;

/** Up to so many samples an insertion sort is faster than counting. */
const FEW: u32 = 24;

@inline
export function groupStart(group: u32): u32 {
  return load<u32>(groupStarts + (<usize>group << 2));
}

@inline
export function groupCode(group: u32): u32 {
  return load<u32>(groupCodes + (<usize>group << 2));
}

/** Whether a feature has several codes among the samples at [start, end) of the lists. */
export function varies(feature: u32, start: u32, end: u32): bool {
  const record = featureAt(feature);
  if (isWide(record)) {
    const codes = wideCodesOf(record);
    const list = listOf(record);
    return codeAt(codes, load<u32>(list + (<usize>start << 2))) != codeAt(codes, load<u32>(list + (<usize>(end - 1) << 2)));
  }
  const column = cells + (<usize>slotOf(record) << 1);
  const rowBytes = <usize>context.narrowCount << 1;
  const first = load<u16>(column + <usize>load<u32>(lists + (<usize>start << 2)) * rowBytes);
  for (let at = lists + (<usize>(start + 1) << 2), to = lists + (<usize>end << 2); at < to; at += 4) {
    if (load<u16>(column + <usize>load<u32>(at) * rowBytes) != first) return true;
  }
  return false;
}

/** Groups the samples at [start, end) of the lists by a feature. */
export function group(feature: u32, start: u32, end: u32): void {
  const record = featureAt(feature);
  if (isWide(record)) {
    copyWide(record, start, end);
  } else if (end - start <= FEW) {
    insertNarrow(record, start, end);
  } else {
    countNarrow(record, start, end);
  }
  grouped = sequence;
  findGroups(end - start);
}

@inline
function codeAt(codes: usize, sample: u32): u32 {
  return load<u32>(codes + (<usize>sample << 2));
}

@inline
function put(index: u32, sample: u32, code: u32): void {
  store<u32>(sequence + (<usize>index << 2), sample);
  store<u32>(sequenceCodes + (<usize>index << 2), code);
}

function copyWide(record: usize, start: u32, end: u32): void {
  const codes = wideCodesOf(record);
  const list = listOf(record) + (<usize>start << 2);
  for (let index: u32 = 0; index < end - start; index++) {
    const sample = load<u32>(list + (<usize>index << 2));
    put(index, sample, codeAt(codes, sample));
  }
}

@inline
function narrowCode(column: usize, sample: u32, first: u32): u32 {
  return <u32>load<u16>(column + <usize>sample * (<usize>context.narrowCount << 1)) - first;
}

function insertNarrow(record: usize, start: u32, end: u32): void {
  const column = cells + (<usize>slotOf(record) << 1);
  const first = placeOf(record);
  for (let index: u32 = 0; index < end - start; index++) {
    const sample = load<u32>(lists + (<usize>(start + index) << 2));
    const code = narrowCode(column, sample, first);
    let hole = index;
    for (; hole > 0 && load<u32>(sequenceCodes + (<usize>(hole - 1) << 2)) > code; hole--) {
      put(hole, load<u32>(sequence + (<usize>(hole - 1) << 2)), load<u32>(sequenceCodes + (<usize>(hole - 1) << 2)));
    }
    put(hole, sample, code);
  }
}

function countNarrow(record: usize, start: u32, end: u32): void {
  const column = cells + (<usize>slotOf(record) << 1);
  const first = placeOf(record);
  const codes = levelsOf(record) + 1;
  memory.fill(bucketStarts, 0, <usize>(codes + 1) << 2);
  for (let index = start; index < end; index++) {
    const at = bucketStarts + (<usize>(narrowCode(column, load<u32>(lists + (<usize>index << 2)), first) + 1) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  for (let code: u32 = 1; code < codes; code++) {
    const at = bucketStarts + (<usize>code << 2);
    store<u32>(at, load<u32>(at) + load<u32>(at - 4));
  }
  for (let index = start; index < end; index++) {
    const sample = load<u32>(lists + (<usize>index << 2));
    const code = narrowCode(column, sample, first);
    const at = bucketStarts + (<usize>code << 2);
    const position = load<u32>(at);
    store<u32>(at, position + 1);
    put(position, sample, code);
  }
}

function findGroups(count: u32): void {
  groupCount = 0;
  for (let index: u32 = 0; index < count; index++) {
    const code = load<u32>(sequenceCodes + (<usize>index << 2));
    if (groupCount > 0 && groupCode(groupCount - 1) == code) continue;
    store<u32>(groupStarts + (<usize>groupCount << 2), index);
    store<u32>(groupCodes + (<usize>groupCount << 2), code);
    groupCount++;
  }
  store<u32>(groupStarts + (<usize>groupCount << 2), count);
}

/** Puts the groups in ascending order of their ranks, equal ones in that of their codes. */
export function orderGroups(): void {
  for (let index: u32 = 0; index < groupCount; index++) {
    store<u32>(groupOrder + (<usize>index << 2), index);
    store<f64>(groupRanks + (<usize>index << 3), rankOf(sequence + (<usize>groupStart(index) << 2), sequence + (<usize>groupStart(index + 1) << 2)));
  }
  const order = sortByRank();
  let filled: u32 = 0;
  // The codes of the sequence are of no use any more: their memory takes the new starts and codes.
  for (let index: u32 = 0; index < groupCount; index++) {
    const old = load<u32>(order + (<usize>index << 2));
    const from = groupStart(old);
    const size = groupStart(old + 1) - from;
    memory.copy(spareSequence + (<usize>filled << 2), sequence + (<usize>from << 2), <usize>size << 2);
    filled += size;
    store<u32>(sequenceCodes + (<usize>index << 2), groupCode(old));
    store<f64>(groupRanks + (<usize>index << 3), <f64>filled);
  }
  for (let index: u32 = 0; index < groupCount; index++) {
    store<u32>(groupCodes + (<usize>index << 2), load<u32>(sequenceCodes + (<usize>index << 2)));
    store<u32>(groupStarts + (<usize>(index + 1) << 2), <u32>load<f64>(groupRanks + (<usize>index << 3)));
  }
  grouped = spareSequence;
}

/** A merge sort from runs of one up: stable. Returns where the order is. */
function sortByRank(): usize {
  let from = groupOrder;
  let to = groupOtherOrder;
  for (let run: u32 = 1; run < groupCount; run *= 2) {
    for (let start: u32 = 0; start < groupCount; start += 2 * run) merge(from, to, start, min(start + run, groupCount), min(start + 2 * run, groupCount));
    const other = from;
    from = to;
    to = other;
  }
  return from;
}

function merge(from: usize, to: usize, start: u32, middle: u32, end: u32): void {
  let left = start;
  let right = middle;
  for (let index = start; index < end; index++) {
    const takesLeft = left < middle && (right >= end || rankAt(from, left) <= rankAt(from, right));
    store<u32>(to + (<usize>index << 2), load<u32>(from + (<usize>(takesLeft ? left : right) << 2)));
    if (takesLeft) {
      left++;
    } else {
      right++;
    }
  }
}

@inline
function rankAt(order: usize, index: u32): f64 {
  return load<f64>(groupRanks + (<usize>load<u32>(order + (<usize>index << 2)) << 3));
}
