import { createColumnBuilder } from './column-builders.ts';
import type { ColumnBuilder } from './column-builders.ts';
import { scanDataRows } from './csv-text.ts';
import type { CsvText } from './csv-text.ts';
import { TabularError } from './errors.ts';
import { checkColumns } from './header.ts';
import { LineCounter } from './line-counter.ts';
import { describeRow } from './row-problem.ts';
import type { BadCell } from './row-problem.ts';
import type { RowProblem } from './problems.ts';
import type { ScannedRow } from './scan-rows.ts';
import type { Column, Table, TableSchema } from './table.ts';

/** A table whose bad rows are left out. */
export interface ReadTable {
  readonly table: Table;
  /** One entry for each row that was left out, in the order of the files and rows. */
  readonly problems: readonly RowProblem[];
}

/** A table in which every row of the file keeps its place: row `r` of the table is data row `r + 1` of the file. */
export interface ReadTableInPlace extends ReadTable {
  /** Bad rows are all missing values in the table. */
  readonly table: Table;
  /** Offsets in the file's text, two a row: start and end of the row's own characters, without its line ending. */
  readonly spans: Uint32Array;
}

export interface ReadOptions {
  /** Columns of the schema in which every row must have a value; a row without one is a bad row. */
  readonly required?: readonly string[];
}

/**
 * Reads files into one table: the first file's rows, then the second's. Columns are found by name and may stand in any
 * order; columns that the schema does not have are ignored. White space around a value does not count. A bad row (broken
 * quotes, a wrong number of fields, text in a numeric column) is left out and listed.
 * @throws TabularError `missing-column` naming the file and the column
 */
export function readTable(files: readonly CsvText[], schema: TableSchema, { required = [] }: ReadOptions = {}): ReadTable {
  const reader = new TableReader(schema, new Set(required));
  for (const file of files) reader.read(file, (good) => good);
  return { table: reader.finish(), problems: reader.problems };
}

/** As `readTable` for one file whose rows are to be answered one by one: bad rows keep their place. */
export function readTableInPlace(file: CsvText, schema: TableSchema): ReadTableInPlace {
  const reader = new TableReader(schema, new Set());
  let spans = new Uint32Array(2048);
  let length = 0;
  reader.read(file, (_good, { start, end }) => {
    if (length === spans.length) {
      const larger = new Uint32Array(2 * length);
      larger.set(spans);
      spans = larger;
    }
    spans[length++] = start;
    spans[length++] = end;
    return true;
  });
  return { table: reader.finish(), problems: reader.problems, spans: spans.slice(0, length) };
}

/** A column of the schema; its `position` in the rows is the file's affair. */
interface Slot {
  readonly name: string;
  readonly builder: ColumnBuilder;
  readonly required: boolean;
}

class TableReader {
  readonly problems: RowProblem[] = [];
  readonly #schema: TableSchema;
  /** Numbers go first: a row that they refuse adds no level to a categorical column. */
  readonly #slots: readonly Slot[];
  #rowCount = 0;

  constructor(schema: TableSchema, required: ReadonlySet<string>) {
    this.#schema = schema;
    const slots = schema.columns.map(({ name, kind }) => ({ kind, name, builder: createColumnBuilder(name, kind), required: required.has(name) }));
    this.#slots = [...slots.filter(({ kind }) => kind === 'numeric'), ...slots.filter(({ kind }) => kind === 'categorical')];
  }

  /** Reads all rows of a file; `keep` says whether a row, good or bad, gets a place in the table. */
  read(file: CsvText, keep: (good: boolean, row: ScannedRow) => boolean): void {
    const problem = checkColumns(file.header, this.#schema.columns.map(({ name }) => name));
    if (problem !== undefined) throw new TabularError(problem, file.name);
    const width = file.header.length;
    const positions = this.#slots.map(({ name }) => file.header.indexOf(name));
    const lines = new LineCounter(file.text);
    let row = 0;
    scanDataRows(file, (scanned) => {
      row++;
      const fits = scanned.fields.length === width;
      const badCell = fits ? this.#write(scanned.fields, positions) : undefined;
      const good = fits && badCell === undefined;
      if (!good) {
        for (const { builder } of this.#slots) builder.clear(this.#rowCount);
        this.problems.push(describeRow(scanned, { file, line: lines.lineAt(scanned.start), row }, badCell));
      }
      if (keep(good, scanned)) this.#rowCount++;
      return undefined;
    });
  }

  /** The table, its columns in the order of the schema. */
  finish(): Table {
    const built = new Map<string, Column>();
    for (const { name, builder } of this.#slots) built.set(name, builder.finish(this.#rowCount));
    return { rowCount: this.#rowCount, columns: this.#schema.columns.flatMap(({ name }) => built.get(name) ?? []) };
  }

  /** Writes the cells of the next row up to the first bad one, which is the answer. */
  #write(fields: readonly string[], positions: readonly number[]): BadCell | undefined {
    for (const [index, { name, builder, required }] of this.#slots.entries()) {
      const position = positions[index] ?? -1;
      const state = builder.set(this.#rowCount, fields[position] ?? '');
      if (state === 'invalid' || (state === 'missing' && required)) return { name, position, state };
    }
    return undefined;
  }
}
