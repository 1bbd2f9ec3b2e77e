import type { CategoricalColumn, Column } from '@dropforest/tabular';
import { PreprocessingError } from '../errors.ts';
import type { FittedOneHot, FittedOrdinal } from '../fitted.ts';
import { columnOf, replaceColumn, textReader } from '../frame.ts';
import type { Frame } from '../frame.ts';

/** `ordinal`: 0, 1, 2 … in alphabetical order. Policy: a missing value and an unseen level are −1. */
export function fitOrdinal(frame: Frame, name: string): FittedOrdinal {
  const levels = usedLevels(categoricalColumnOf(frame, name));
  return { step: 'ordinal', column: name, values: levels.map((level, index) => [level, index]), missing: -1, unseen: -1 };
}

/**
 * `ordinal-by-target`: 0, 1, 2 … in the order of the target's mean over the training rows. Policy: a missing value is a
 * level like the others where the training rows have one; an unseen level, and a missing value that was never seen,
 * stands where the mean of all rows does, between two levels.
 * @param target one number a row
 */
export function fitOrdinalByTarget(frame: Frame, name: string, target: Float64Array): FittedOrdinal {
  const column = categoricalColumnOf(frame, name);
  // The last place is for missing values: their code is −1.
  const sums = new Float64Array(column.levels.length + 1);
  const counts = new Float64Array(column.levels.length + 1);
  let total = 0;
  for (let row = 0; row < frame.rowCount; row++) {
    const code = column.codes[row] ?? -1;
    const place = code === -1 ? column.levels.length : code;
    const value = target[row] ?? 0;
    sums[place] = (sums[place] ?? 0) + value;
    counts[place] = (counts[place] ?? 0) + 1;
    total += value;
  }
  const means = [...column.levels, undefined].flatMap((level, place) => {
    const count = counts[place] ?? 0;
    return count === 0 ? [] : [{ level, mean: (sums[place] ?? 0) / count }];
  });
  means.sort((a, b) => a.mean - b.mean || ((a.level ?? '') < (b.level ?? '') ? -1 : 1));
  const overall = total / frame.rowCount;
  const unseen = means.filter(({ mean }) => mean < overall).length - 0.5;
  const missing = means.findIndex(({ level }) => level === undefined);
  const values = means.flatMap(({ level }, rank): [string, number][] => (level === undefined ? [] : [[level, rank]]));
  return { step: 'ordinal', column: name, values, missing: missing === -1 ? unseen : missing, unseen };
}

export function applyOrdinal(fitted: FittedOrdinal, frame: Frame): Frame {
  const column = categoricalColumnOf(frame, fitted.column);
  const numberOf = new Map(fitted.values);
  const ofLevel = column.levels.map((level) => numberOf.get(level) ?? fitted.unseen);
  const values = Float64Array.from(column.codes, (code) => (code === -1 ? fitted.missing : (ofLevel[code] ?? fitted.unseen)));
  return replaceColumn(frame, column.name, [{ name: column.name, kind: 'numeric', values }]);
}

/**
 * `one-hot`: one column of zeros and ones for each level, named `<column>=<level>`.
 * @throws PreprocessingError `wrong-kind`, or `invalid-steps` where a new name is taken
 */
export function fitOneHot(frame: Frame, name: string): FittedOneHot {
  const levels = usedLevels(categoricalColumnOf(frame, name));
  const names = levels.map((level) => `${name}=${level}`);
  const taken = names.find((each) => frame.columns.has(each));
  if (taken !== undefined) {
    throw new PreprocessingError('invalid-steps', `one-hot encoding of ${JSON.stringify(name)} makes a column ${JSON.stringify(taken)}, but there is one already; rename or drop that one first`);
  }
  return { step: 'one-hot', column: name, levels, names };
}

/** Policy: a missing value and an unseen level have 0 in every column. */
export function applyOneHot(fitted: FittedOneHot, frame: Frame): Frame {
  const text = textReader(columnOf(frame, fitted.column));
  const values = fitted.levels.map(() => new Float64Array(frame.rowCount));
  const placeOf = new Map(fitted.levels.map((level, place) => [level, place]));
  for (let row = 0; row < frame.rowCount; row++) {
    const ones = values[placeOf.get(text(row) ?? '') ?? -1];
    if (ones !== undefined) ones[row] = 1;
  }
  const columns = fitted.names.map((name, place): Column => ({ name, kind: 'numeric', values: values[place] ?? new Float64Array(frame.rowCount) }));
  return replaceColumn(frame, fitted.column, columns);
}

/** Levels that some row has, in alphabetical (code unit) order: the order of the rows plays no part. */
export function usedLevels(column: CategoricalColumn): string[] {
  const used = new Uint8Array(column.levels.length);
  for (const code of column.codes) if (code !== -1) used[code] = 1;
  return column.levels.filter((_, code) => used[code] === 1).sort();
}

function categoricalColumnOf(frame: Frame, name: string): CategoricalColumn {
  const column = columnOf(frame, name);
  if (column.kind === 'categorical') return column;
  throw new PreprocessingError('wrong-kind', `column ${JSON.stringify(name)} has numbers already: remove it from the columns to encode, or declare it categorical under "columns"`);
}
