import { checkColumn, checkLength } from './check.ts';
import { MetricsError } from './errors.ts';

/**
 * Share of rows whose truth lies in its interval, ends included.
 * @param lower lower ends, one a row; −∞ is allowed
 * @param upper upper ends, one a row; ∞ is allowed
 * @throws MetricsError `length-mismatch`, `empty`, or `not-finite` for a truth that is no finite number or an end that is `NaN`
 */
export function intervalCoverage(actual: Float64Array, lower: Float64Array, upper: Float64Array): { readonly share: number; readonly rows: number } {
  checkColumn('actual', actual);
  checkEnds('lower', lower, actual.length);
  checkEnds('upper', upper, actual.length);
  const rows = actual.length;
  let covered = 0;
  for (let row = 0; row < rows; row++) {
    const value = actual[row] ?? 0;
    if (value >= (lower[row] ?? 0) && value <= (upper[row] ?? 0)) covered++;
  }
  return { share: covered / rows, rows };
}

function checkEnds(name: string, ends: Float64Array, rows: number): void {
  checkLength(name, ends, rows);
  const row = ends.findIndex((end) => Number.isNaN(end));
  if (row !== -1) throw new MetricsError('not-finite', `${name}: got NaN at row ${row}; leave out rows without an interval first`);
}
