import { MetricsError } from './errors.ts';

/** Refuses an empty column and the first value that is `NaN` or infinite, naming its row (counted from 0). */
export function checkColumn(name: string, values: Float64Array): void {
  if (values.length === 0) {
    throw new MetricsError('empty', `${name}: got no rows; a metric needs at least one`);
  }
  const row = values.findIndex((value) => !Number.isFinite(value));
  if (row !== -1) {
    throw new MetricsError('not-finite', `${name}: got ${values[row]} at row ${row}; leave out rows without a finite value first`);
  }
}

/** Refuses pairs of columns that cannot be compared row by row. */
export function checkPair(actual: Float64Array, predicted: Float64Array): void {
  if (actual.length !== predicted.length) {
    throw new MetricsError(
      'length-mismatch',
      `predicted: got ${predicted.length} rows, expected ${actual.length}, one for each row of actual`,
    );
  }
  checkColumn('actual', actual);
  checkColumn('predicted', predicted);
}
