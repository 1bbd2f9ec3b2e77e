/** Tables for the tests, made the way the container makes them: from CSV text. */
import fc from 'fast-check';
import { inferSchema, openCsv, readTable } from '@dropforest/tabular';
import type { Column, ColumnKind, Table } from '@dropforest/tabular';

export function tableOf(csv: string, kinds: Readonly<Record<string, ColumnKind>> = {}): Table {
  const file = openCsv({ bytes: new TextEncoder().encode(csv) });
  return readTable([file], inferSchema([file], new Map(Object.entries(kinds)))).table;
}

/** A column's values, `null` for missing ones. */
export function valuesOf(column: Column | undefined): (number | string | null)[] {
  if (column === undefined) return [];
  if (column.kind === 'numeric') return Array.from(column.values, (value) => (Number.isNaN(value) ? null : value));
  return Array.from(column.codes, (code) => column.levels[code] ?? null);
}

const numbers = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { nil: null });
const words = fc.option(fc.constantFrom('red', 'green', 'blue', 'navy'), { nil: null });

export type Row = readonly [size: number | null, weight: number | null, colour: string | null, shop: string | null, target: number];
export const COLUMNS = ['size', 'weight', 'colour', 'shop', 'y'] as const;

/** Rows of two numeric and two categorical columns with gaps, and a target. */
export const rows: fc.Arbitrary<Row[]> = fc.array(fc.tuple(numbers, numbers, words, words, fc.double({ noNaN: true, min: -1000, max: 1000 })), { minLength: 8, maxLength: 40 });

export function tableOfRows(data: readonly Row[], order: readonly number[] = [0, 1, 2, 3, 4]): Table {
  const lines = [order.map((place) => COLUMNS[place] ?? ''), ...data.map((row) => order.map((place) => String(row[place] ?? '')))];
  const kinds = { size: 'numeric', weight: 'numeric', colour: 'categorical', shop: 'categorical', y: 'numeric' } as const;
  return tableOf(lines.map((line) => line.join(',')).join('\n'), kinds);
}
