/** Tables for the tests, from text that quotes nothing. */
import fc from 'fast-check';
import { findColumn, isNumberKind, isNumericColumn, selectRows } from '@dropforest/tabular';
import type { Column, ColumnKind, Table } from '@dropforest/tabular';
import type { Target } from '../src/index.ts';

export type Kinds = Readonly<Record<string, ColumnKind>>;

/** Columns without a kind are numeric where every value is a number, else categorical. */
export function tableOf(csv: string, kinds: Kinds = {}): Table {
  const [header = [], ...lines] = csv.replace(/\n$/, '').split('\n').map((line) => line.split(','));
  const columns = header.map((name, place) => {
    const cells = lines.map((line) => line[place] ?? '');
    return columnOf(name, kinds[name] ?? (cells.some(Boolean) && cells.every((cell) => !Number.isNaN(Number(cell))) ? 'numeric' : 'categorical'), cells);
  });
  return { rowCount: lines.length, columns };
}

export function columnOf(name: string, kind: ColumnKind, cells: readonly string[]): Column {
  if (isNumberKind(kind)) return { name, kind, values: Float64Array.from(cells, (cell) => numberOf(cell, kind)) };
  const levels = [...new Set(cells.filter(Boolean))];
  return { name, kind, codes: Int32Array.from(cells, (cell) => levels.indexOf(cell)), levels };
}

function numberOf(cell: string, kind: ColumnKind): number {
  if (cell === '') return Number.NaN;
  if (kind === 'date') return Date.parse(cell.includes('T') ? `${cell}Z` : cell) / 86_400_000;
  return kind === 'boolean' ? Number(cell === 'true') : Number(cell);
}

export function targetOf(table: Table, task: Target['task'] = 'regression', name = 'y'): Target {
  const column = findColumn(table, name);
  return { name, task, values: column !== undefined && isNumericColumn(column) ? column.values : new Float64Array(table.rowCount) };
}

export const kindsOf = (table: Table): Kinds => Object.fromEntries(table.columns.map(({ name, kind }) => [name, kind]));

/** The rows of a table for which `flags` is true. */
export function rowsWhere(table: Table, flags: readonly boolean[]): Table {
  return selectRows(table, Uint32Array.from(flags.flatMap((flag, row) => (flag ? [row] : []))));
}

const numbers = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { nil: null });
const words = fc.option(fc.constantFrom('red', 'green', 'blue', 'navy'), { nil: null });
const dates = fc.option(fc.date({ min: new Date('1960-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 19)), { nil: null });
const booleans = fc.option(fc.boolean(), { nil: null });

export type Row = readonly [size: number | null, weight: number | null, colour: string | null, shop: string | null, since: string | null, open: boolean | null, target: number];
export const COLUMNS = ['size', 'weight', 'colour', 'shop', 'since', 'open', 'y'] as const;
export const IN_ORDER: readonly number[] = COLUMNS.map((_, place) => place);
const KINDS = { size: 'numeric', weight: 'numeric', colour: 'categorical', shop: 'categorical', since: 'date', open: 'boolean', y: 'numeric' } as const;

export const row: fc.Arbitrary<Row> = fc.tuple(numbers, numbers, words, words, dates, booleans, fc.double({ noNaN: true, min: -1000, max: 1000 }));
/** Rows with gaps, of every kind of column that something is learned from, and a target. */
export const rows: fc.Arbitrary<Row[]> = fc.array(row, { minLength: 8, maxLength: 40 });

export function tableOfRows(data: readonly Row[], order: readonly number[] = IN_ORDER): Table {
  const lines = [order.map((place) => COLUMNS[place] ?? ''), ...data.map((each) => order.map((place) => String(each[place] ?? '')))];
  return tableOf(lines.map((line) => line.join(',')).join('\n'), KINDS);
}
