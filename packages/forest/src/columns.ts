/** What comes in at the door: columns, a target, weights. Checked here, trusted everywhere else. */
import { ForestError } from './errors.ts';

/** One feature: a typed array with one number a row; `NaN` where the value is missing. */
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
  /** One typed array a feature, all as long as `target`; finite numbers, or `NaN` where a value is missing. */
  readonly columns: readonly Column[];
  /** What to predict, one a row: a finite number, or for a classifier the code of the row's class. */
  readonly target: Float64Array;
  /** How much each row counts: finite, not negative, not all zero. A row of weight 0 is not learned from. */
  readonly weights?: Float64Array | undefined;
  /** Names of the columns, for messages only. */
  readonly names?: readonly string[] | undefined;
  /** Which columns hold levels without an order, by index: codes from 0 to 65,535, or `NaN`. */
  readonly categoricalFeatures?: readonly number[] | undefined;
}

/** What a classifier learns from: `target` holds class codes, whole numbers from 0. */
export interface ClassificationData extends ForestData {
  /** Number of classes, 1 to 65,535; the largest code plus 1 where not given. A class need not have rows. */
  readonly classCount?: number | undefined;
}

/** A node has 32 bits for its feature and the distance to its right child. */
const MOST_FEATURES = 65_535;
const MOST_CLASSES = 65_535;
const LARGEST_LEVEL = 65_535;
/** Row ids are 32 bits wide, and node ids of one tree, up to twice as many, as well. */
const MOST_ROWS = 2 ** 30;
const COLUMN_KINDS = ['Float64Array', 'Float32Array', 'Int32Array', 'Uint32Array', 'Int16Array', 'Uint16Array', 'Int8Array', 'Uint8Array'];
const INFINITE = [Infinity, -Infinity];
const NOT_FINITE = [NaN, ...INFINITE];

/**
 * Checks that the data can be learned from.
 * @throws ForestError `invalid-data` naming the argument, what was got and what is expected
 */
export function checkData(data: ForestData): void {
  const { columns, target, weights, names, categoricalFeatures } = data;
  checkKind('target', target, ['Float64Array']);
  const rows = target.length;
  if (rows === 0 || rows > MOST_ROWS) throw refusal('target', `${rows} rows`, `from 1 to ${MOST_ROWS}`);
  checkValues('target', target, NOT_FINITE, 'a finite number');
  checkKind('columns', columns, ['Array']);
  if (columns.length === 0 || columns.length > MOST_FEATURES) {
    throw refusal('columns', `${columns.length} columns`, `from 1 to ${MOST_FEATURES}`);
  }
  columns.forEach((column, index) => {
    const label = labelOf(index, names);
    checkKind(label, column, COLUMN_KINDS);
    checkLength(label, column, rows, 'one value for each row of target');
    checkValues(label, column, INFINITE, 'a finite number, or NaN where the value is missing');
  });
  if (weights !== undefined) checkWeights(weights, rows);
  if (categoricalFeatures !== undefined) checkCategorical(data, categoricalFeatures);
}

/**
 * Checks the class codes of checked data and returns the number of classes.
 * @throws ForestError `invalid-data`
 */
export function checkClasses({ target, classCount }: ClassificationData): number {
  const most = classCount ?? Math.floor(target.reduce((largest, code) => Math.max(largest, code), 0)) + 1;
  if (classCount !== undefined && !(Number.isInteger(classCount) && classCount >= 1 && classCount <= MOST_CLASSES)) {
    throw refusal('classCount', String(classCount), `a whole number from 1 to ${MOST_CLASSES}`);
  }
  const wrong = firstRow(target, (code) => !Number.isInteger(code) || code < 0 || code >= Math.min(most, MOST_CLASSES));
  if (wrong !== -1) throw refusal('target', `${target[wrong]} at row ${wrong}`, `a class code, a whole number from 0 to ${Math.min(most, MOST_CLASSES) - 1}`);
  return most;
}

/**
 * Checks columns to predict for and returns their number of rows. Every number can be predicted for: `NaN` is missing, and
 * the infinite ones lie beyond all thresholds.
 * @throws ForestError `invalid-data` for another number of columns than learned from, or uneven lengths
 */
export function checkPredictColumns(columns: readonly Column[], features: number): number {
  checkKind('columns', columns, ['Array']);
  if (columns.length !== features) {
    throw refusal('columns', `${columns.length} columns`, `${features}, in the order of the fit`);
  }
  const rows = columns[0]?.length ?? 0;
  columns.forEach((column, index) => {
    checkKind(labelOf(index), column, COLUMN_KINDS);
    checkLength(labelOf(index), column, rows, 'as many rows as columns[0]');
  });
  return rows;
}

function checkWeights(weights: Float64Array, rows: number): void {
  checkKind('weights', weights, ['Float64Array']);
  checkLength('weights', weights, rows, 'one weight for each row of target');
  checkValues('weights', weights, NOT_FINITE, 'a finite number');
  const negative = firstRow(weights, (weight) => weight < 0);
  if (negative !== -1) throw refusal('weights', `${weights[negative]} at row ${negative}`, '0 or more');
  if (weights.every((weight) => weight === 0)) throw refusal('weights', 'only zeros', 'at least one above 0');
}

function checkCategorical({ columns, names }: ForestData, categorical: readonly number[]): void {
  checkKind('categoricalFeatures', categorical, ['Array']);
  categorical.forEach((feature, at) => {
    const column = columns[feature];
    if (column === undefined) throw refusal(`categoricalFeatures[${at}]`, String(feature), `the index of a column, a whole number from 0 to ${columns.length - 1}`);
    if (categorical.indexOf(feature) !== at) throw refusal(`categoricalFeatures[${at}]`, `${feature} again`, 'each feature once');
    const wrong = firstRow(column, (level) => !Number.isNaN(level) && !(Number.isInteger(level) && level >= 0 && level <= LARGEST_LEVEL));
    if (wrong !== -1) {
      throw refusal(labelOf(feature, names), `${column[wrong]} at row ${wrong}`, `the code of a level, a whole number from 0 to ${LARGEST_LEVEL}, or NaN where it is missing`);
    }
  });
}

/** @param kinds names of classes: those who call from JavaScript may pass anything */
function checkKind(label: string, value: unknown, kinds: readonly string[]): void {
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (!kinds.includes(kind)) throw refusal(label, kind, kinds.length === 1 ? (kinds[0] ?? '') : `one of ${kinds.join(', ')}`);
}

function checkLength(label: string, column: Column, rows: number, why: string): void {
  if (column.length !== rows) throw refusal(label, `${column.length} rows`, `${rows}, ${why}`);
}

function checkValues(label: string, column: Column, refused: readonly number[], expected: string): void {
  // Searching for a value is a built-in, several times as fast as calling a function for each row.
  const found = refused.find((value) => column.includes(value));
  if (found !== undefined) throw refusal(label, `${found} at row ${firstRow(column, (value) => Object.is(value, found))}`, expected);
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
