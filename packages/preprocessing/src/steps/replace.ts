import { isNumericColumn } from '@dropforest/tabular';
import type { FittedReplace } from '../fitted.ts';
import { columnOf, replaceColumn, replaceNumbers } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { ReplaceStep } from '../schema.ts';
import { suited, suitedKey } from '../step-value.ts';
import { rewriteWords } from '../words.ts';

/**
 * Nothing is learned; the values are brought into the form in which they are looked up.
 * @throws PreprocessingError `unknown-column`, or `wrong-kind` for a word in a column of numbers
 */
export function fitReplace(step: ReplaceStep, frame: Frame): FittedReplace {
  const column = columnOf(frame, step.column);
  const values = Object.entries(step.values).map(([from, to]): [string, string | number | null] => [suitedKey(from, column), to === null ? null : suited(to, column)]);
  return { step: 'replace', column: step.column, values };
}

/** Policy: values that are not listed, known or not, stay as they are; so do missing values. */
export function applyReplace(fitted: FittedReplace, frame: Frame): Frame {
  const column = columnOf(frame, fitted.column);
  if (isNumericColumn(column)) {
    const to = new Map(fitted.values.map(([from, value]) => [Number(from), Number(value ?? Number.NaN)]));
    return replaceNumbers(frame, column, column.values.map((value) => to.get(value) ?? value));
  }
  const to = new Map(fitted.values);
  const rewrite = (level: string): string | undefined => {
    const replacement = to.get(level);
    return replacement === undefined ? level : (replacement?.toString() ?? undefined);
  };
  return replaceColumn(frame, column.name, [rewriteWords(column, rewrite, () => undefined)]);
}
