/** A table in memory: one typed array a column. */

/** Kinds whose values are numbers: booleans are 0 and 1, dates are days since 1970-01-01 (UTC; the fraction is the time of day). */
export type NumberKind = 'numeric' | 'boolean' | 'date';
/** Kinds whose values are words. Identifiers, free text and constants are told apart because nothing can be learned from them as they are. */
export type LevelKind = 'categorical' | 'text' | 'identifier' | 'constant';
export type ColumnKind = NumberKind | LevelKind;

/** `NaN` stands for a missing value. */
export interface NumericColumn {
  readonly name: string;
  readonly kind: NumberKind;
  readonly values: Float64Array;
}

/** `levels[codes[row]]` is the value; the code −1 stands for a missing value. */
export interface CategoricalColumn {
  readonly name: string;
  readonly kind: LevelKind;
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

/** The mark between the thousands of a number. A space stands for every kind of space, an apostrophe for both kinds. */
export type Grouping = ' ' | ',' | '.' | "'";

/** What a column is and how its values are written, so that another file is read the same way. Plain JSON. */
export interface ColumnSchema {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Why it is of this kind, as a sentence for the report. */
  readonly explanation: string;
  /**
   * Spellings of "no value" besides the blank cell; case does not matter. Left out: NA, N/A, null, NaN, none, ?, - and –
   * in columns of numbers, dates and booleans, and nothing but the blank cell in columns of words.
   */
  readonly missing?: readonly string[];
  /** The decimal mark of its numbers; a point where it is left out. */
  readonly decimal?: '.' | ',';
  /** The mark between the thousands of its numbers, where it has one. */
  readonly grouping?: Grouping;
  /** The currency sign that may stand before or after its numbers. */
  readonly currency?: string;
  /** Every number is followed by a percent sign: 12 % is 12. */
  readonly percent?: boolean;
  /** How its dates are written, in the letters of Day.js. A time of day may follow a format that has none. */
  readonly dateFormat?: string;
}

/** What a table's columns are. Plain data: it can be stored and handed to `readTable` for another file. */
export interface TableSchema {
  readonly columns: readonly ColumnSchema[];
  /** Whether the files have a header line. */
  readonly header: boolean;
}

/** Whether the kind's values are numbers. */
export function isNumberKind(kind: ColumnKind): kind is NumberKind {
  return kind === 'numeric' || kind === 'boolean' || kind === 'date';
}

/** Whether the column has `values`, not `codes` and `levels`. */
export function isNumericColumn(column: Column): column is NumericColumn {
  return isNumberKind(column.kind);
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
  if (isNumericColumn(column)) {
    const values = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) values[i] = column.values[rows[i] ?? 0] ?? Number.NaN;
    return { ...column, values };
  }
  const codes = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) codes[i] = column.codes[rows[i] ?? 0] ?? -1;
  return { ...column, codes };
}
