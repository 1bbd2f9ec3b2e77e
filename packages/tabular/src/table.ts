/** A table in memory: one typed array a column. */

export type ColumnKind = 'numeric' | 'categorical';

/** `NaN` stands for a missing value. */
export interface NumericColumn {
  readonly name: string;
  readonly kind: 'numeric';
  readonly values: Float64Array;
}

/** `levels[codes[row]]` is the value; the code −1 stands for a missing value. */
export interface CategoricalColumn {
  readonly name: string;
  readonly kind: 'categorical';
  readonly codes: Int32Array;
  /** Distinct values in the order of their first appearance. */
  readonly levels: readonly string[];
}

export type Column = NumericColumn | CategoricalColumn;

/** All columns have `rowCount` entries; their names are distinct. */
export interface Table {
  readonly rowCount: number;
  readonly columns: readonly Column[];
}

/** What a table's columns are. Plain data: it can be stored and handed to `readTable` for another file. */
export interface TableSchema {
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind }[];
}

/** The column of that name, `undefined` where the table has none. */
export function findColumn(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/** A table of some of the rows, in the order given. Levels stay as they are, so that codes keep their meaning. */
export function selectRows(table: Table, rows: Uint32Array): Table {
  return { rowCount: rows.length, columns: table.columns.map((column) => selectFrom(column, rows)) };
}

function selectFrom(column: Column, rows: Uint32Array): Column {
  if (column.kind === 'numeric') {
    const values = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) values[i] = column.values[rows[i] ?? 0] ?? Number.NaN;
    return { ...column, values };
  }
  const codes = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) codes[i] = column.codes[rows[i] ?? 0] ?? -1;
  return { ...column, codes };
}
