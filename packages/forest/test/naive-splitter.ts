/**
 * The oracle: tries every split of every feature, on real values, and computes each impurity from its definition. Slow,
 * and nothing in common with the engine's way.
 */

/** Rows of small data with their weights, 0 for rows not in the bag. */
export interface WeightedRows {
  readonly columns: readonly Float64Array[];
  readonly target: Float64Array;
  readonly weights: Float64Array;
  readonly categoricalFeatures: readonly number[];
}

/** The weighted impurity of some rows. */
export type Impurity = (data: WeightedRows, rows: readonly number[]) => number;

/** A split by the values that go left, and the weighted impurity that it removes. */
export interface NaiveSplit {
  readonly feature: number;
  readonly left: ReadonlySet<number>;
  readonly reduction: number;
}

/** All splits that leave both sides enough rows. */
export function allSplits(impurity: Impurity, data: WeightedRows, rows: readonly number[], minSamplesLeaf: number): NaiveSplit[] {
  return data.columns.flatMap((column, feature) => {
    const values = valuesOf(column, rows);
    const partitions = data.categoricalFeatures.includes(feature) ? subsets(values) : prefixes(values);
    return partitions.flatMap((left) => {
      const [onLeft, onRight] = sidesOf(column, rows, left);
      if (onLeft.length < minSamplesLeaf || onRight.length < minSamplesLeaf) return [];
      return [{ feature, left, reduction: reductionOf(impurity, data, onLeft, onRight) }];
    });
  });
}

/** What a split into these rows removes. */
export function reductionOf(impurity: Impurity, data: WeightedRows, left: readonly number[], right: readonly number[]): number {
  return impurity(data, [...left, ...right]) - impurity(data, left) - impurity(data, right);
}

/** The distinct values of some rows, ascending, `NaN` last where one is missing. */
export function valuesOf(column: Float64Array, rows: readonly number[]): number[] {
  return Float64Array.from(new Set(rows.map((row) => at(column, row)))).sort().values().toArray();
}

function sidesOf(column: Float64Array, rows: readonly number[], left: ReadonlySet<number>): [left: number[], right: number[]] {
  const goesLeft = (row: number): boolean => left.has(at(column, row));
  return [rows.filter(goesLeft), rows.filter((row) => !goesLeft(row))];
}

/** Numbers: all up to a threshold, with missing values on either side. */
function prefixes(values: readonly number[]): ReadonlySet<number>[] {
  const present = values.filter((value) => !Number.isNaN(value));
  const lower = present.slice(1).map((_, index) => present.slice(0, index + 1));
  if (present.length === values.length) return lower.map((left) => new Set(left));
  return [...lower, ...lower.map((left) => [...left, NaN]), ...(present.length === 0 ? [] : [present])].map((left) => new Set(left));
}

/** Levels: every set that has the first level and lacks another one, 2^(k − 1) − 1 of them. */
function subsets([first, ...others]: readonly number[]): ReadonlySet<number>[] {
  if (first === undefined) return [];
  return Array.from({ length: 2 ** others.length - 1 }, (_, bits) => new Set([first, ...others.filter((_level, bit) => (bits >>> bit) & 1)]));
}

/** Weighted mean of the target. */
export function meanOf(data: WeightedRows, rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + at(data.weights, row) * at(data.target, row), 0) / weightOf(data, rows);
}

/** Sum of the weights. */
export function weightOf({ weights }: WeightedRows, rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + at(weights, row), 0);
}

/** The share of each class that occurs. */
export function sharesOf(data: WeightedRows, rows: readonly number[]): Map<number, number> {
  const weight = weightOf(data, rows);
  const labels = Map.groupBy(rows, (row) => at(data.target, row));
  return new Map([...labels].map(([label, members]) => [label, weightOf(data, members) / weight]));
}

/** Weighted squares of the distances from the mean. */
export function squares(data: WeightedRows, rows: readonly number[]): number {
  const mean = meanOf(data, rows);
  return rows.reduce((sum, row) => sum + at(data.weights, row) * (at(data.target, row) - mean) ** 2, 0);
}

/** Weight × (1 − the sum of the squared class shares). */
export function gini(data: WeightedRows, rows: readonly number[]): number {
  return weightOf(data, rows) * (1 - [...sharesOf(data, rows).values()].reduce((sum, share) => sum + share * share, 0));
}

/** Weight × the bits that tell the class of a row. */
export function entropy(data: WeightedRows, rows: readonly number[]): number {
  return weightOf(data, rows) * [...sharesOf(data, rows).values()].reduce((sum, share) => sum - share * Math.log2(share), 0);
}

function at(column: Float64Array | undefined, row: number): number {
  return column?.[row] ?? NaN;
}
