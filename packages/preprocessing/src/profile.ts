/** What the training rows were like: a few figures a column, to hold later files against. */
import type { ColumnProfile } from '@dropforest/contracts';
import { isNumericColumn } from '@dropforest/tabular';
import type { CategoricalColumn, Column, Table } from '@dropforest/tabular';
import { present, quantile } from './statistics.ts';

const QUANTILES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;
const TOP_LEVELS = 20;
/** Significant digits: enough for any comparison, and without the noise of the last bits. */
const DIGITS = 9;

/**
 * A profile of each column, in the order of the table: numbers (booleans as 0 and 1, dates as days since 1970-01-01) by
 * their quantiles, linear between neighbours; categories by the 20 most frequent and their shares of all rows, among
 * equals in alphabetical order. Free text and identifiers have neither: their values would be a copy of the data.
 */
export function profileOf({ columns, rowCount }: Table): ColumnProfile[] {
  return columns.map((column) => {
    const { name, kind } = column;
    const missing = share(missingRows(column), rowCount);
    if (isNumericColumn(column)) return { name, kind, missing, ...quantilesOf(column.values) };
    if (kind === 'text' || kind === 'identifier') return { name, kind, missing };
    return { name, kind, missing, levels: topLevels(column, rowCount) };
  });
}

function missingRows(column: Column): number {
  if (isNumericColumn(column)) return column.values.reduce((count, value) => (Number.isNaN(value) ? count + 1 : count), 0);
  return column.codes.reduce((count, code) => (code === -1 ? count + 1 : count), 0);
}

function quantilesOf(values: Float64Array): { readonly quantiles?: number[] } {
  const sorted = present(values).sort();
  return sorted.length === 0 ? {} : { quantiles: QUANTILES.map((each) => rounded(quantile(sorted, each))) };
}

function topLevels({ codes, levels }: CategoricalColumn, rowCount: number): { value: string; share: number }[] {
  const counts = new Float64Array(levels.length);
  for (const code of codes) if (code !== -1) counts[code] = (counts[code] ?? 0) + 1;
  const found = levels.map((value, code) => ({ value, count: counts[code] ?? 0 })).filter(({ count }) => count > 0);
  found.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return found.slice(0, TOP_LEVELS).map(({ value, count }) => ({ value, share: share(count, rowCount) }));
}

const share = (count: number, rowCount: number): number => (rowCount === 0 ? 0 : rounded(count / rowCount));

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));
