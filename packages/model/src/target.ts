/** The column to predict, as numbers or as classes. */
import type { DatasetConfig } from '@dropforest/contracts';
import type { Column } from '@dropforest/tabular';
import { ModelError } from './errors.ts';

/** `values[row]` is the number to predict, or the class: `classes[values[row]]`. */
export type Target =
  | { readonly task: 'regression'; readonly name: string; readonly values: Float64Array }
  | { readonly task: 'classification'; readonly name: string; readonly values: Float64Array; readonly classes: readonly string[] };

/** Whole numbers with no more different values than this are taken for classes … */
const MOST_NUMERIC_CLASSES = 10;
/** … where each has this many rows on the average: ten ratings, not ten prices. */
const ROWS_PER_NUMERIC_CLASS = 20;
/** With more classes something else is wrong: a name, a text, a number with a unit. */
const MOST_CLASSES = 200;

/**
 * Decides the task, where dataset.json does not, and gives classes their codes: in the order of their numbers, else of
 * their names.
 * @param column has a value in every row
 * @returns the target, and in words how the task was inferred
 * @throws ModelError `target-not-numeric`, `too-many-classes`, `one-class`
 */
export function targetOf(column: Column, task: DatasetConfig['task']): { readonly target: Target; readonly note?: string } {
  const { name } = column;
  if ('values' in column) {
    const distinct = task === 'regression' ? undefined : fewWholeNumbers(column.values, task === 'classification');
    if (distinct === undefined) return { target: { task: 'regression', name, values: column.values } };
    const codeOf = new Map(distinct.map((value, code) => [value, code]));
    const target = classification(name, distinct.map(String), column.values.map((value) => codeOf.get(value) ?? 0));
    return task === 'auto' ? { target, note: `The target ${quote(name)} has ${distinct.length} different whole numbers, which are predicted as classes; set "task" to "regression" to predict a number.` } : { target };
  }
  if (task === 'regression') throw new ModelError('target-not-numeric', `the target ${quote(name)} is no number in most rows; set "target" to a column of numbers, or "task" to "classification"`);
  const { classes, values } = sortedClasses(column);
  const note = `The target ${quote(name)} has ${classes.length} different texts, which are predicted as classes.`;
  return { target: classification(name, classes, values), ...(task === 'auto' ? { note } : {}) };
}

/** The rows of a target, in the order given. */
export function selectTarget(target: Target, rows: Uint32Array): Target {
  return { ...target, values: Float64Array.from(rows, (row) => target.values[row] ?? Number.NaN) };
}

function classification(name: string, classes: readonly string[], values: Float64Array): Target {
  if (classes.length < 2) throw new ModelError('one-class', `the target ${quote(name)} is ${quote(classes[0] ?? '')} in every row: there is nothing to tell apart; drop rows of other classes too`);
  if (classes.length > MOST_CLASSES) {
    throw new ModelError('too-many-classes', `the target ${quote(name)} has ${classes.length} different values, at most ${MOST_CLASSES} classes can be predicted; set "target" to another column, or "task" to "regression" where it is a number`);
  }
  return { task: 'classification', name, classes, values };
}

/** The distinct values, rising; `undefined` where they are no classes. */
function fewWholeNumbers(values: Float64Array, anyNumber: boolean): readonly number[] | undefined {
  const distinct = new Set<number>();
  for (const value of values) {
    if (!anyNumber && !Number.isInteger(value)) return undefined;
    distinct.add(value);
    if (!anyNumber && distinct.size > MOST_NUMERIC_CLASSES) return undefined;
  }
  if (!anyNumber && (distinct.size < 2 || values.length < ROWS_PER_NUMERIC_CLASS * distinct.size)) return undefined;
  return [...distinct].sort((a, b) => a - b);
}

/** Classes by name, so that the order of the rows does not matter; levels that no row has are left out. */
function sortedClasses({ codes, levels }: Extract<Column, { readonly codes: Int32Array }>): { classes: readonly string[]; values: Float64Array } {
  const used = new Set(codes);
  const order = levels.map((_, code) => code).filter((code) => used.has(code)).sort((a, b) => ((levels[a] ?? '') < (levels[b] ?? '') ? -1 : 1));
  const codeOf = new Map(order.map((level, code) => [level, code]));
  return { classes: order.map((level) => levels[level] ?? ''), values: Float64Array.from(codes, (level) => codeOf.get(level) ?? 0) };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
