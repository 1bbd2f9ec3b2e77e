/** Statistics of numbers and words that are there. None is −0, which JSON would store as 0: `+ 0` makes it 0. */

/** By running updates: exact for equal values, and it does not overflow where the sum would. */
export function mean(values: Iterable<number>): number {
  let mean = 0;
  let count = 0;
  for (const value of values) {
    count += 1;
    mean += value / count - mean / count;
  }
  return count === 0 ? Number.NaN : mean + 0;
}

/** Root of the mean squared distance from `center`. */
export function deviation(values: Float64Array, center: number): number {
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: ArrayLike<number>): number {
  return quantile(new Float64Array(values).sort(), 0.5);
}

/**
 * The value below which a share of the values lies, linear between neighbours as NumPy's default; `NaN` where there is none.
 * @param sorted in rising order
 */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  const weight = place - Math.floor(place);
  // Equal neighbours stay exact, and the difference of huge ones cannot overflow.
  return (below === above ? below : below * (1 - weight) + above * weight) + 0;
}

/** The most frequent value; among equally frequent ones the first in order. `undefined` where there is none. */
export function mode<T extends string | number>(values: Iterable<T>): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: T | undefined;
  let most = 0;
  for (const [value, count] of counts) {
    if (best !== undefined && (count < most || (count === most && value > best))) continue;
    best = value;
    most = count;
  }
  return best;
}

/** The values that are there. A loop: `filter` of a typed array takes ten times as long. */
export function present(values: Float64Array): Float64Array {
  const found = new Float64Array(values.length);
  let count = 0;
  for (const value of values) if (!Number.isNaN(value)) found[count++] = value;
  return found.subarray(0, count);
}
