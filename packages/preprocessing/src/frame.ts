import { closestName, isNumericColumn } from '@dropforest/tabular';
import type { CategoricalColumn, Column, NumericColumn, Table } from '@dropforest/tabular';
import { PreprocessingError } from './errors.ts';

/** The columns that a step finds: name → column, in order. Steps make a new frame and share what they leave alone. */
export interface Frame {
  readonly rowCount: number;
  readonly columns: ReadonlyMap<string, Column>;
  /** Columns of the file that no step can use, name → reason. */
  readonly leftOut: ReadonlyMap<string, string>;
}

export function frameOf({ rowCount, columns }: Table, leftOut: ReadonlyMap<string, string> = new Map()): Frame {
  const used = columns.filter(({ name }) => !leftOut.has(name));
  return { rowCount, columns: new Map(used.map((column) => [column.name, column])), leftOut };
}

/** @throws PreprocessingError `unknown-column` saying why it is left out, or naming the nearest column */
export function columnOf(frame: Frame, name: string): Column {
  const column = frame.columns.get(name);
  if (column !== undefined) return column;
  const reason = frame.leftOut.get(name);
  if (reason !== undefined) throw new PreprocessingError('unknown-column', `no step can use column ${JSON.stringify(name)}: ${reason}`);
  const names = [...frame.columns.keys()];
  const meant = closestName(name, names);
  throw new PreprocessingError(
    'unknown-column',
    `there is no column ${JSON.stringify(name)} here${meant === undefined ? '' : `, did you mean ${JSON.stringify(meant)}?`} The columns at this step are ${names.map((each) => JSON.stringify(each)).join(', ')}`,
  );
}

/** @throws PreprocessingError `unknown-column`, or `wrong-kind` where the column holds words */
export function numericColumnOf(frame: Frame, name: string, what: string): NumericColumn {
  const column = columnOf(frame, name);
  if (isNumericColumn(column)) return column;
  const example = column.levels[0];
  throw new PreprocessingError('wrong-kind', `${what} needs numbers, but column ${JSON.stringify(name)} has words${example === undefined ? '' : ` such as ${JSON.stringify(example)}`}`);
}

/** @throws PreprocessingError `unknown-column`, or `wrong-kind` where the column holds numbers */
export function wordColumnOf(frame: Frame, name: string): CategoricalColumn {
  const column = columnOf(frame, name);
  if (!isNumericColumn(column)) return column;
  throw new PreprocessingError('wrong-kind', `column ${JSON.stringify(name)} has numbers already: remove it from the columns to encode, or declare it categorical under "columns"`);
}

/** The frame with one column replaced by others, in its place. A column that has the name of a new one gives way. */
export function replaceColumn(frame: Frame, name: string, by: readonly Column[]): Frame {
  const names = new Set(by.map((column) => column.name));
  const columns = [...frame.columns].flatMap(([key, column]): [string, Column][] => {
    if (key === name) return by.map((next) => [next.name, next]);
    return names.has(key) ? [] : [[key, column]];
  });
  return { ...frame, columns: new Map(columns) };
}

/** The frame with the numbers of one column changed; `kind` stays unless another is given. */
export function replaceNumbers(frame: Frame, column: NumericColumn, values: Float64Array, kind = column.kind): Frame {
  return replaceColumn(frame, column.name, [{ name: column.name, kind, values }]);
}

export function dropColumns(frame: Frame, names: readonly string[]): Frame {
  const dropped = new Set(names);
  return { ...frame, columns: new Map([...frame.columns].filter(([name]) => !dropped.has(name))) };
}

/** @throws PreprocessingError `invalid-steps` where a step would make a column that is there already */
export function requireFree(frame: Frame, names: readonly string[], what: string): void {
  const taken = names.find((name) => frame.columns.has(name));
  if (taken === undefined) return;
  throw new PreprocessingError('invalid-steps', `${what} makes a column ${JSON.stringify(taken)}, but there is one already; rename or drop that one first`);
}

/** The distinct values of a column as text, and the place of each row's in them; −1 where it is missing. */
export interface Distinct {
  readonly codes: Int32Array;
  readonly levels: readonly string[];
}

/** Numbers are written in their shortest form. Some levels may have no row. */
export function distinctOf(column: Column): Distinct {
  if (!isNumericColumn(column)) return column;
  const codeOf = new Map<number, number>();
  const codes = new Int32Array(column.values.length).fill(-1);
  for (const [row, value] of column.values.entries()) {
    if (Number.isNaN(value)) continue;
    const code = codeOf.get(value) ?? codeOf.size;
    codeOf.set(value, code);
    codes[row] = code;
  }
  return { codes, levels: [...codeOf.keys()].map((value) => String(value + 0)) };
}

/** Levels that some row has, in alphabetical (code unit) order: neither the order of the rows nor other rows' levels play a part. */
export function usedLevels({ codes, levels }: Distinct): string[] {
  const used = new Uint8Array(levels.length);
  for (const code of codes) if (code !== -1) used[code] = 1;
  return levels.filter((_, code) => used[code] === 1).sort();
}
