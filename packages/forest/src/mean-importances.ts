/**
 * The mean over the trees that have a split, in the trees' order, scaled to add up to 1.
 * @param shares by tree or, one after the other, of several trees: one share a feature
 */
export function meanImportances(shares: readonly Float64Array[], features: number): Float64Array {
  const sums = new Float64Array(features);
  for (const some of shares) {
    for (let at = 0; at < some.length; at++) sums[at % features] = (sums[at % features] ?? 0) + (some[at] ?? 0);
  }
  const total = sums.reduce((sum, value) => sum + value, 0);
  return total > 0 ? sums.map((value) => value / total) : sums;
}
