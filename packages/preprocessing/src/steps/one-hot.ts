import type { NumericColumn } from '@dropforest/tabular';
import { PreprocessingError } from '../errors.ts';
import type { FittedOneHot } from '../fitted.ts';
import { replaceColumn, requireFree, usedLevels, wordColumnOf } from '../frame.ts';
import type { Frame } from '../frame.ts';

/** More columns than this help no model, and a million rows of them would need 8 GB. */
const MAX_COLUMNS = 1000;

/**
 * `one-hot`: one column of zeros and ones for each level, named `<column>=<level>`.
 * @throws PreprocessingError `wrong-kind`, or `invalid-steps` where a new name is taken or the levels are too many
 */
export function fitOneHot(frame: Frame, name: string): FittedOneHot {
  const levels = usedLevels(wordColumnOf(frame, name));
  const names = levels.map((level) => `${name}=${level}`);
  const what = `one-hot encoding of ${JSON.stringify(name)}`;
  if (levels.length > MAX_COLUMNS) {
    throw new PreprocessingError('invalid-steps', `${what} would make ${levels.length} columns, at most ${MAX_COLUMNS} are allowed; use "ordinal-by-target" or "frequency"`);
  }
  requireFree(frame, names, what);
  return { step: 'one-hot', column: name, levels, names };
}

/** Policy: a missing value and an unseen level have 0 in every column. */
export function applyOneHot(fitted: FittedOneHot, frame: Frame): Frame {
  const { codes, levels } = wordColumnOf(frame, fitted.column);
  const columns = fitted.names.map((name): NumericColumn => ({ name, kind: 'numeric', values: new Float64Array(frame.rowCount) }));
  const placeOf = new Map(fitted.levels.map((level, place) => [level, place]));
  const ofLevel = levels.map((level) => columns[placeOf.get(level) ?? -1]);
  for (let row = 0; row < frame.rowCount; row++) {
    const column = ofLevel[codes[row] ?? -1];
    if (column !== undefined) column.values[row] = 1;
  }
  return replaceColumn(frame, fitted.column, columns);
}
