import { PreprocessingError } from '../errors.ts';
import type { FittedReplace } from '../fitted.ts';
import { categoricalOf, columnOf, replaceColumn, textReader } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { ReplaceStep } from '../schema.ts';

/**
 * Nothing is learned; the values are brought into the form in which they are looked up.
 * @throws PreprocessingError `unknown-column`, or `wrong-kind` for a word in a column of numbers
 */
export function fitReplace(step: ReplaceStep, frame: Frame): FittedReplace {
  const { kind } = columnOf(frame, step.column);
  const values = Object.entries(step.values).map(([from, to]): [string, string | number | null] => {
    if (kind === 'categorical') return [from.trim(), to === null ? null : String(to)];
    if (Number.isNaN(Number(from)) || typeof to === 'string') {
      throw new PreprocessingError('wrong-kind', `column ${JSON.stringify(step.column)} has numbers: ${JSON.stringify(from)} → ${JSON.stringify(to)} must be numbers too`);
    }
    return [String(Number(from) + 0), to === null ? null : to + 0];
  });
  return { step: 'replace', column: step.column, values };
}

/** Policy: values that are not listed, known or not, stay as they are; so do missing values. */
export function applyReplace(fitted: FittedReplace, frame: Frame): Frame {
  const column = columnOf(frame, fitted.column);
  const to = new Map(fitted.values);
  const text = textReader(column);
  if (column.kind === 'numeric') {
    const values = column.values.map((value, row) => {
      const replacement = to.get(text(row) ?? '');
      return replacement === undefined ? value : Number(replacement ?? Number.NaN);
    });
    return replaceColumn(frame, column.name, [{ ...column, values }]);
  }
  const replaced = categoricalOf(column.name, frame.rowCount, (row) => {
    const value = text(row);
    const replacement = value === undefined ? undefined : to.get(value);
    return replacement === undefined ? value : replacement === null ? undefined : String(replacement);
  });
  return replaceColumn(frame, column.name, [replaced]);
}
