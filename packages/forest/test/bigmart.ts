/**
 * The real Big Mart data as ten numeric columns, read from the folder that DROPFOREST_BIGMART names. The preparation is
 * that of the recorded measurements: gaps filled from other columns, spellings unified, categories as ordinal codes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Columns and target, all with one value a row. */
export interface NumericTable {
  readonly columns: readonly Float64Array[];
  readonly target: Float64Array;
}

const SPELLINGS: Readonly<Record<string, string>> = { LF: 'Low Fat', 'low fat': 'Low Fat', reg: 'Regular' };
const TARGET = 'Item_Outlet_Sales';
const LEFT_OUT = new Set(['Item_Identifier', TARGET]);

/** @param folder holds `train.csv`, whose cells contain neither quotes nor line breaks */
export function readBigMart(folder: string): NumericTable {
  const [header = '', ...lines] = readFileSync(join(folder, 'train.csv'), 'utf8').trim().split(/\r?\n/);
  const cells = lines.map((line) => line.split(','));
  const raw = new Map(header.split(',').map((name, index) => [name, cells.map((row) => row[index] ?? '')]));
  fillWeights(raw);
  fillSizes(raw);
  raw.set('Item_Fat_Content', columnOf(raw, 'Item_Fat_Content').map((level) => SPELLINGS[level] ?? level));
  const features = [...raw.keys()].filter((name) => !LEFT_OUT.has(name));
  return {
    columns: features.map((name) => encode(columnOf(raw, name))),
    target: Float64Array.from(columnOf(raw, TARGET), Number),
  };
}

/** Rows of a table, in the order of `rows`. */
export function takeRows(table: NumericTable, rows: readonly number[]): NumericTable {
  const take = (column: Float64Array): Float64Array => Float64Array.from(rows, (row) => column[row] ?? NaN);
  return { columns: table.columns.map(take), target: take(table.target) };
}

function columnOf(raw: ReadonlyMap<string, string[]>, name: string): string[] {
  const column = raw.get(name);
  if (column === undefined) throw new Error(`train.csv: no column ${name}`);
  return column;
}

function fillWeights(raw: Map<string, string[]>): void {
  const types = columnOf(raw, 'Item_Type');
  const weights = columnOf(raw, 'Item_Weight');
  const groups = Map.groupBy(weights.keys().filter((row) => weights[row] !== ''), (row) => types[row] ?? '');
  const meanOf = (type: string): number => {
    const rows = groups.get(type) ?? [];
    return rows.reduce((sum, row) => sum + Number(weights[row]), 0) / rows.length;
  };
  raw.set('Item_Weight', weights.map((weight, row) => (weight === '' ? String(meanOf(types[row] ?? '')) : weight)));
}

function fillSizes(raw: Map<string, string[]>): void {
  const types = columnOf(raw, 'Outlet_Type');
  const sizeOf = (type: string | undefined): string => (type === 'Supermarket Type2' || type === 'Supermarket Type3' ? 'Medium' : 'Small');
  raw.set('Outlet_Size', columnOf(raw, 'Outlet_Size').map((size, row) => (size === '' ? sizeOf(types[row]) : size)));
}

function encode(column: readonly string[]): Float64Array {
  const numbers = Float64Array.from(column, Number);
  if (!numbers.some(Number.isNaN)) return numbers;
  const levels = [...new Set(column)].sort();
  return Float64Array.from(column, (level) => levels.indexOf(level));
}
