/** Thresholds between a feature's values: between all neighbours, or between bins with about as many rows each. */
import type { DistinctValues } from './distinct-values.ts';

/** The thresholds between ascending numbers. */
export function cutsBetween(values: Float64Array): Float64Array {
  return values.subarray(1).map((value, before) => between(values[before] ?? 0, value));
}

/** Halfway between two numbers a < b; a where no double lies between them, so that `a <= cut < b` always. */
function between(a: number, b: number): number {
  const middle = a / 2 + b / 2;
  return middle >= a && middle < b ? middle : a;
}

/**
 * The thresholds between at most `maxBins` bins, of the least capacity at which so many suffice. A bin is filled with
 * neighbouring values as long as their rows fit; a value of more rows has a bin to itself. So no value is divided, and
 * frequent values use up bins only where they stand.
 */
export function cutsBetweenBins({ values, ends }: DistinctValues, maxBins: number): Float64Array {
  if (values.length <= maxBins) return cutsBetween(values);
  let low = 1;
  let high = ends[ends.length - 1] ?? 0;
  while (low < high) {
    const capacity = Math.floor((low + high) / 2);
    if (fillBins(ends, capacity).length > maxBins) low = capacity + 1;
    else high = capacity;
  }
  const lasts = fillBins(ends, low).slice(0, -1);
  return Float64Array.from(lasts, (last) => between(values[last] ?? 0, values[last + 1] ?? 0));
}

/** Which value is the last of each bin. */
function fillBins(ends: Uint32Array, capacity: number): number[] {
  const lasts: number[] = [];
  for (let next = 0, before = 0; next < ends.length; ) {
    const last = Math.max(next, countUpTo(ends, before + capacity) - 1);
    lasts.push(last);
    before = ends[last] ?? 0;
    next = last + 1;
  }
  return lasts;
}

/** How many of the ascending numbers are at most `limit`. */
function countUpTo(ascending: Uint32Array, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
