import { checkPredictColumns } from './columns.ts';
import type { Column } from './columns.ts';
import { ForestError } from './errors.ts';
import type { FlatForest } from './flat-forest.ts';
import { RunningImportances, shuffle } from './permutation.ts';
import type { PermutationImportances } from './permutation.ts';
import { predictMeans } from './predict.ts';
import { RandomStream } from './random.ts';
import { scoreOf } from './score.ts';

export interface PermutationOptions {
  /** How often each feature is permuted, default 5. */
  readonly repeats?: number | undefined;
  /** Whole number from 0: decides the permutations. Default 0. */
  readonly seed?: number | undefined;
}

const MOST_REPEATS = 1_000_000;

/**
 * By how much the score falls when the values of one feature are permuted among the rows, so that they say nothing about
 * the target any more: Breiman's idea (2001) for any rows, as scikit-learn's `permutation_importance`. The score is R² for
 * regression and accuracy for classification. Rows that the forest has learned from show what it relies on, others what
 * it gains by it; features that say the same thing hide one another.
 * @param columns one typed array a feature, in the order of the fit
 * @param target what to predict: a number a row, or the code of its class
 * @returns mean and standard deviation over the repeats
 * @throws ForestError `invalid-data` for columns as `predict`, for no rows, or a target that does not match them; `invalid-option`
 */
export function permutationImportances(forest: FlatForest, columns: readonly Column[], target: Float64Array, options: PermutationOptions = {}): PermutationImportances {
  const rows = checkPredictColumns(columns, forest.features);
  checkTarget(forest, target, rows);
  const repeats = wholeNumber('repeats', options.repeats ?? 5, 1, MOST_REPEATS);
  const seed = wholeNumber('seed', options.seed ?? 0, 0, Number.MAX_SAFE_INTEGER);
  const score = (given: readonly Column[]): number => scoreOf(forest.classes, target, predictMeans(forest, given, rows));
  const unchanged = score(columns);
  const importances = new RunningImportances(forest.features);
  const measured = new Float64Array(forest.features);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const order = shuffledRows(rows, new RandomStream(seed, repeat));
    columns.forEach((column, feature) => {
      measured[feature] = unchanged - score(columns.with(feature, reordered(column, order)));
    });
    importances.add(measured);
  }
  return importances.result();
}

function shuffledRows(rows: number, random: RandomStream): Uint32Array {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  shuffle(order, random);
  return order;
}

function reordered(column: Column, order: Uint32Array): Float64Array {
  return Float64Array.from(order, (row) => column[row] ?? NaN);
}

function checkTarget({ classes }: FlatForest, target: Float64Array, rows: number): void {
  if (rows === 0) throw new ForestError('invalid-data', 'columns: got 0 rows, expected at least 1');
  if (target.length !== rows) throw new ForestError('invalid-data', `target: got ${target.length} rows, expected ${rows}, one for each row of the columns`);
  const wrong = target.findIndex((value) => !Number.isFinite(value) || (classes > 0 && !(Number.isInteger(value) && value >= 0 && value < classes)));
  if (wrong === -1) return;
  const expected = classes === 0 ? 'a finite number' : `a class code, a whole number from 0 to ${classes - 1}`;
  throw new ForestError('invalid-data', `target: got ${target[wrong]} at row ${wrong}, expected ${expected}`);
}

function wholeNumber(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ForestError('invalid-option', `${option}: got ${value}, expected a whole number from ${least} to ${most}`);
}
