/**
 * The oracle: tries every threshold of every feature and computes each impurity from its definition. Slow, and nothing
 * in common with the engine's way.
 */

/** Rows of small data with their weights, 0 for rows not in the bag. */
export interface WeightedRows {
  readonly columns: readonly Float64Array[];
  readonly target: Float64Array;
  readonly weights: Float64Array;
}

/** The weighted impurity of some rows. */
export type Impurity = (data: WeightedRows, rows: readonly number[]) => number;

/** A split and the weighted impurity that it removes. */
export interface NaiveSplit {
  readonly feature: number;
  readonly threshold: number;
  readonly reduction: number;
}

/** Weighted mean of the target. */
export function meanOf(data: WeightedRows, rows: readonly number[]): number {
  const weight = rows.reduce((sum, row) => sum + at(data.weights, row), 0);
  return rows.reduce((sum, row) => sum + at(data.weights, row) * at(data.target, row), 0) / weight;
}

/** What a split of `rows` by `column <= threshold` removes; `undefined` where a side has too few rows. */
export function reductionOf(impurity: Impurity, data: WeightedRows, rows: readonly number[], feature: number, threshold: number, minSamplesLeaf: number): number | undefined {
  const { left, right } = sides(data, rows, feature, threshold);
  if (left.length < minSamplesLeaf || right.length < minSamplesLeaf) return undefined;
  return impurity(data, rows) - impurity(data, left) - impurity(data, right);
}

/** The rows that go left and right. */
export function sides(data: WeightedRows, rows: readonly number[], feature: number, threshold: number): { left: number[]; right: number[] } {
  const goesLeft = (row: number): boolean => at(data.columns[feature], row) <= threshold;
  return { left: rows.filter(goesLeft), right: rows.filter((row) => !goesLeft(row)) };
}

/** All legal splits, with thresholds halfway between neighbouring values. */
export function allSplits(impurity: Impurity, data: WeightedRows, rows: readonly number[], minSamplesLeaf: number): NaiveSplit[] {
  return data.columns.flatMap((column, feature) => {
    const values = [...new Set(rows.map((row) => at(column, row)))].sort((a, b) => a - b);
    return values.slice(1).flatMap((above, index) => {
      const threshold = ((values[index] ?? NaN) + above) / 2;
      const reduction = reductionOf(impurity, data, rows, feature, threshold, minSamplesLeaf);
      return reduction === undefined ? [] : [{ feature, threshold, reduction }];
    });
  });
}

/** The share of each class that occurs. */
export function sharesOf(data: WeightedRows, rows: readonly number[]): Map<number, number> {
  const weight = rows.reduce((sum, row) => sum + at(data.weights, row), 0);
  const labels = Map.groupBy(rows, (row) => at(data.target, row));
  return new Map([...labels].map(([label, members]) => [label, members.reduce((sum, row) => sum + at(data.weights, row), 0) / weight]));
}

/** Weight × (1 − the sum of the squared class shares). */
export function gini(data: WeightedRows, rows: readonly number[]): number {
  const weight = rows.reduce((sum, row) => sum + at(data.weights, row), 0);
  return weight * (1 - [...sharesOf(data, rows).values()].reduce((sum, share) => sum + share * share, 0));
}

/** Weighted squares of the distances from the mean. */
export function squares(data: WeightedRows, rows: readonly number[]): number {
  const mean = meanOf(data, rows);
  return rows.reduce((sum, row) => sum + at(data.weights, row) * (at(data.target, row) - mean) ** 2, 0);
}

function at(column: Float64Array | undefined, row: number): number {
  return column?.[row] ?? NaN;
}
