import { MetricsError } from './errors.ts';

/** Probabilities made in single precision add up to 1 with an error of about 1e-7 a class. */
const SUM_TOLERANCE = 1e-4;

/** Refuses an empty column and the first value that is `NaN` or infinite, naming its row (counted from 0). */
export function checkColumn(name: string, values: Float64Array): void {
  checkRows(name, values);
  const row = values.findIndex((value) => !Number.isFinite(value));
  if (row !== -1) {
    throw new MetricsError('not-finite', `${name}: got ${values[row]} at row ${row}; leave out rows without a finite value first`);
  }
}

/** Refuses pairs of columns that cannot be compared row by row. */
export function checkPair(actual: Float64Array, predicted: Float64Array): void {
  checkLength('predicted', predicted, actual.length);
  checkColumn('actual', actual);
  checkColumn('predicted', predicted);
}

export function checkLength(name: string, values: ArrayLike<number>, rows: number): void {
  if (values.length === rows) return;
  throw new MetricsError('length-mismatch', `${name}: got ${values.length} rows, expected ${rows}, one for each row of actual`);
}

/** Refuses no rows, and the first code that is none of the classes. */
export function checkCodes(name: string, codes: ArrayLike<number>, classCount: number): void {
  checkRows(name, codes);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? -1;
    if (Number.isInteger(code) && code >= 0 && code < classCount) continue;
    throw new MetricsError('unknown-class', `${name}: got class ${code} at row ${row}, expected a whole number from 0 to ${classCount - 1}; leave out rows of other classes first`);
  }
}

/** Refuses probabilities that are not `classCount` to a row, each from 0 to 1, together 1. */
export function checkProbabilities(probabilities: Float64Array, rows: number, classCount: number): void {
  if (probabilities.length !== rows * classCount) {
    throw new MetricsError('length-mismatch', `probabilities: got ${probabilities.length}, expected ${rows} rows × ${classCount} classes = ${rows * classCount}, row after row`);
  }
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let at = row * classCount; at < (row + 1) * classCount; at++) {
      const probability = probabilities[at] ?? Number.NaN;
      if (!(probability >= 0 && probability <= 1)) {
        throw new MetricsError('not-a-probability', `probabilities: got ${probability} at row ${row}, class ${at - row * classCount}, expected a number from 0 to 1`);
      }
      sum += probability;
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      throw new MetricsError('not-a-probability', `probabilities: those of row ${row} add up to ${sum}, expected 1; divide each by their sum`);
    }
  }
}

function checkRows(name: string, values: ArrayLike<number>): void {
  if (values.length === 0) throw new MetricsError('empty', `${name}: got no rows; a metric needs at least one`);
}
