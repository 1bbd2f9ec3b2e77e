import type { ColumnUse } from '@dropforest/preprocessing';
import { isNumericColumn } from '@dropforest/tabular';
import type { Column, Table } from '@dropforest/tabular';

/** One column of the training files, for the report. */
export interface ColumnSummary extends ColumnUse {
  /** Rows without a value; unknown of a column that was not read. */
  readonly missing?: number;
  /** Of a numeric column; missing where it has no value. */
  readonly range?: { readonly min: number; readonly mean: number; readonly max: number };
  /** Different values of a categorical column. */
  readonly levels?: number;
}

/** What each column holds and how the model uses it. @param table all sound rows, those held out among them; of a column that was not read nothing is known */
export function summarise(table: Table, uses: readonly ColumnUse[]): ColumnSummary[] {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  return uses.map((use) => {
    const column = byName.get(use.name);
    return column === undefined ? { ...use } : { ...use, ...contentOf(column) };
  });
}

function contentOf(column: Column): Omit<ColumnSummary, keyof ColumnUse> {
  if (!isNumericColumn(column)) {
    return { missing: column.codes.filter((code) => code === -1).length, levels: new Set(column.codes.filter((code) => code !== -1)).size };
  }
  const values = column.values.filter((value) => !Number.isNaN(value));
  const missing = column.values.length - values.length;
  if (values.length === 0) return { missing };
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  return { missing, range: { min, mean: sum / values.length, max } };
}
