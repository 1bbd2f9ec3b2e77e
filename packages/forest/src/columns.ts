/** What comes in at the door: columns, a target, weights. Checked here, trusted everywhere else. */
import { ForestError } from './errors.ts';

/** One feature: a typed array with one number a row. */
export type Column =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** What a forest learns from. */
export interface ForestData {
  /** One typed array a feature, all as long as `target`; every value finite. */
  readonly columns: readonly Column[];
  /** What to predict, one a row: a finite number, or for a classifier the code of the row's class. */
  readonly target: Float64Array;
  /** How much each row counts: finite, not negative, not all zero. A row of weight 0 is not learned from. */
  readonly weights?: Float64Array | undefined;
  /** Names of the columns, for messages only. */
  readonly names?: readonly string[] | undefined;
}

/** What a classifier learns from: `target` holds class codes, whole numbers from 0. */
export interface ClassificationData extends ForestData {
  /** Number of classes, 1 to 65,535; the largest code plus 1 where not given. A class need not have rows. */
  readonly classCount?: number | undefined;
}

/** The feature ids of the artifact are 16 bits wide. */
const MOST_FEATURES = 65_535;
const MOST_CLASSES = 65_535;
/** Row ids are 32 bits wide, and node ids of one tree, up to twice as many, as well. */
const MOST_ROWS = 2 ** 30;

/**
 * Checks that the data can be learned from.
 * @throws ForestError `invalid-data` naming the argument, what was got and what is expected
 */
export function checkData(data: ForestData): void {
  const { columns, target, weights, names } = data;
  const rows = target.length;
  if (rows === 0 || rows > MOST_ROWS) throw refusal('target', `${rows} rows`, `from 1 to ${MOST_ROWS}`);
  if (columns.length === 0 || columns.length > MOST_FEATURES) {
    throw refusal('columns', `${columns.length} columns`, `from 1 to ${MOST_FEATURES}`);
  }
  checkFinite('target', target);
  columns.forEach((column, index) => {
    const label = labelOf(index, names);
    checkLength(label, column, rows, 'one value for each row of target');
    checkFinite(label, column);
  });
  if (weights !== undefined) checkWeights(weights, rows);
}

/**
 * Checks the class codes of checked data and returns the number of classes.
 * @throws ForestError `invalid-data`
 */
export function checkClasses({ target, classCount }: ClassificationData): number {
  const most = classCount ?? target.reduce((largest, code) => Math.max(largest, code), 0) + 1;
  if (classCount !== undefined && !(Number.isInteger(classCount) && classCount >= 1 && classCount <= MOST_CLASSES)) {
    throw refusal('classCount', String(classCount), `a whole number from 1 to ${MOST_CLASSES}`);
  }
  const wrong = firstRow(target, (code) => !Number.isInteger(code) || code < 0 || code >= Math.min(most, MOST_CLASSES));
  if (wrong !== -1) throw refusal('target', `${target[wrong]} at row ${wrong}`, `a class code, a whole number from 0 to ${Math.min(most, MOST_CLASSES) - 1}`);
  return most;
}

/**
 * Checks columns to predict for and returns their number of rows.
 * @throws ForestError `invalid-data` for another number of columns than learned from, uneven lengths or `NaN`
 */
export function checkPredictColumns(columns: readonly Column[], features: number): number {
  if (columns.length !== features) {
    throw refusal('columns', `${columns.length} columns`, `${features}, in the order of the fit`);
  }
  const rows = columns[0]?.length ?? 0;
  columns.forEach((column, index) => {
    checkLength(labelOf(index), column, rows, 'as many rows as columns[0]');
    const missing = firstRow(column, Number.isNaN);
    if (missing !== -1) throw refusal(labelOf(index), `NaN at row ${missing}`, 'a number; fill missing values first');
  });
  return rows;
}

function checkWeights(weights: Float64Array, rows: number): void {
  checkLength('weights', weights, rows, 'one weight for each row of target');
  checkFinite('weights', weights);
  const negative = firstRow(weights, (weight) => weight < 0);
  if (negative !== -1) throw refusal('weights', `${weights[negative]} at row ${negative}`, '0 or more');
  if (weights.every((weight) => weight === 0)) throw refusal('weights', 'only zeros', 'at least one above 0');
}

function checkLength(label: string, column: Column, rows: number, why: string): void {
  if (column.length !== rows) throw refusal(label, `${column.length} rows`, `${rows}, ${why}`);
}

function checkFinite(label: string, column: Column): void {
  const row = firstRow(column, (value) => !Number.isFinite(value));
  if (row !== -1) throw refusal(label, `${column[row]} at row ${row}`, 'a finite number; fill missing values first');
}

function firstRow(column: Column, isWrong: (value: number) => boolean): number {
  for (let row = 0; row < column.length; row++) {
    if (isWrong(column[row] ?? NaN)) return row;
  }
  return -1;
}

function labelOf(index: number, names?: readonly string[]): string {
  const name = names?.[index];
  return name === undefined ? `columns[${index}]` : `columns[${index}] (${JSON.stringify(name)})`;
}

function refusal(argument: string, got: string, expected: string): ForestError {
  return new ForestError('invalid-data', `${argument}: got ${got}, expected ${expected}`);
}
