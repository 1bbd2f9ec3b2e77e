import { closestName } from '@dropforest/tabular';
import type { Column, NumericColumn, Table } from '@dropforest/tabular';
import { PreprocessingError } from './errors.ts';

/** The columns that a step finds: name → column, in order. Steps make a new frame and share what they leave alone. */
export interface Frame {
  readonly rowCount: number;
  readonly columns: ReadonlyMap<string, Column>;
}

export function frameOf(table: Table): Frame {
  return { rowCount: table.rowCount, columns: new Map(table.columns.map((column) => [column.name, column])) };
}

/** @throws PreprocessingError `unknown-column` naming the nearest column */
export function columnOf(frame: Frame, name: string): Column {
  const column = frame.columns.get(name);
  if (column !== undefined) return column;
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
  if (column.kind === 'numeric') return column;
  const example = column.levels[0];
  throw new PreprocessingError('wrong-kind', `${what} needs numbers, but column ${JSON.stringify(name)} has words${example === undefined ? '' : ` such as ${JSON.stringify(example)}`}`);
}

/** The frame with one column replaced by others, in its place. */
export function replaceColumn(frame: Frame, name: string, by: readonly Column[]): Frame {
  const columns = [...frame.columns].flatMap(([key, column]): [string, Column][] => (key === name ? by.map((next) => [next.name, next]) : [[key, column]]));
  return { rowCount: frame.rowCount, columns: new Map(columns) };
}

export function dropColumns(frame: Frame, names: readonly string[]): Frame {
  const dropped = new Set(names);
  return { rowCount: frame.rowCount, columns: new Map([...frame.columns].filter(([name]) => !dropped.has(name))) };
}

/** The value of a cell as text, `undefined` where it is missing. Numbers are written in their shortest form. */
export function textReader(column: Column): (row: number) => string | undefined {
  if (column.kind === 'categorical') return (row) => column.levels[column.codes[row] ?? -1];
  return (row) => {
    const value = column.values[row] ?? Number.NaN;
    return Number.isNaN(value) ? undefined : String(value + 0);
  };
}

/** A categorical column of the texts given, `undefined` for missing ones. */
export function categoricalOf(name: string, rowCount: number, textOf: (row: number) => string | undefined): Column {
  const codeOf = new Map<string, number>();
  const codes = new Int32Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const text = textOf(row);
    if (text !== undefined && !codeOf.has(text)) codeOf.set(text, codeOf.size);
    codes[row] = text === undefined ? -1 : (codeOf.get(text) ?? -1);
  }
  return { name, kind: 'categorical', codes, levels: [...codeOf.keys()] };
}
