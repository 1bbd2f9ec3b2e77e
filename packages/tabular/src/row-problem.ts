import type { RowProblem, RowReason } from './problems.ts';
import type { Row } from './row.ts';
import type { ColumnSchema, NumberKind } from './table.ts';
import { isNumberKind } from './table.ts';

const SHOWN_CHARACTERS = 100;

/** Where a row stands. */
export interface Place {
  readonly file: string | undefined;
  /** Fields that a row should have. */
  readonly width: number;
  /** Counted from 1. */
  readonly row: number;
}

/** A cell that is not what its column needs. */
export interface BadCell {
  readonly column: ColumnSchema;
  readonly position: number;
  readonly state: 'missing' | 'invalid';
}

const REASONS: Readonly<Record<NumberKind, RowReason>> = { numeric: 'not-a-number', date: 'not-a-date', boolean: 'not-a-boolean' };

/** Says what is wrong with a row; `cell` is given if one of its values is what is wrong. */
export function describeRow(row: Row, { file, width, row: number }: Place, cell?: BadCell): RowProblem {
  const place = { ...(file === undefined ? {} : { file }), line: row.line, row: number, fields: row.count };
  if (row.broken === 'unclosed-quote') return { ...place, reason: 'unclosed-quote', message: 'a quoted field is never closed' };
  if (row.broken === 'misplaced-quote') {
    return { ...place, reason: 'misplaced-quote', message: 'a closing quote is followed by more text; double the quotes inside a quoted field' };
  }
  if (cell !== undefined) return { ...place, ...describeCell(row, cell) };
  if (row.count === width) return { ...place, reason: 'type-row', message: 'the row names types instead of values' };
  return { ...place, reason: row.count < width ? 'too-few-fields' : 'too-many-fields', message: `${row.count} ${row.count === 1 ? 'field' : 'fields'} where ${width} are expected` };
}

function describeCell(row: Row, { column, position, state }: BadCell): Pick<RowProblem, 'column' | 'value' | 'reason' | 'message'> {
  const value = row.cell(position).slice(0, SHOWN_CHARACTERS);
  const name = JSON.stringify(column.name);
  if (state === 'missing' || !isNumberKind(column.kind)) return { column: column.name, value, reason: 'missing-value', message: `column ${name} has no value` };
  // The value comes last: a message never begins with what a file says, which a spreadsheet might run.
  return { column: column.name, value, reason: REASONS[column.kind], message: `column ${name} needs ${needs(column)}, not ${JSON.stringify(value)}` };
}

function needs({ kind, decimal = '.', grouping, percent = false, dateFormat = 'YYYY-MM-DD' }: ColumnSchema): string {
  if (kind === 'date') return `a date written ${dateFormat}`;
  if (kind === 'boolean') return 'true or false';
  if (percent) return 'a number in percent';
  if (decimal === ',') return 'a number with a decimal comma';
  return grouping === undefined ? 'a number' : 'a number with a decimal point';
}
