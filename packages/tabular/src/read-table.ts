import { streamRows } from './csv-stream.ts';
import { scanDataRows } from './csv-text.ts';
import type { CsvText } from './csv-text.ts';
import type { ReadingOptions } from './layout.ts';
import type { RowProblem, RowReason } from './problems.ts';
import { RowHasher } from './row-hash.ts';
import { GrowingFloats, GrowingIntegers } from './growing.ts';
import type { CsvSource } from './sources.ts';
import { TableReader } from './table-reader.ts';
import type { Table, TableSchema } from './table.ts';

export interface ReadOptions {
  /** Columns in which every row must have a value; a row without one is a bad row. */
  readonly required?: readonly string[];
  /** The columns to read, all of the schema without it. What is not read costs no memory and makes no row bad. */
  readonly columns?: readonly string[];
}

export interface ReadTableOptions extends ReadOptions {
  /** Spreads the row hashes; 0 without it. */
  readonly seed?: number;
  /** Names of the columns of files without a header, if not the schema's own. */
  readonly reading?: ReadingOptions;
}

/** What was wrong with rows. */
export interface RowProblems {
  /** The first 10,000 bad rows, in the order of the files and rows. */
  readonly problems: readonly RowProblem[];
  /** All bad rows, by reason. */
  readonly problemCounts: ReadonlyMap<RowReason, number>;
}

/** A table whose bad rows are left out. */
export interface ReadTable extends RowProblems {
  readonly table: Table;
  /** A fraction in [0, 1) for each row of the table, by the texts of all cells of the file's row and the seed alone. */
  readonly rowHash: Float64Array;
}

/** A table in which every row of the file keeps its place: row `r` of the table is data row `r + 1` of the file. */
export interface ReadTableInPlace extends RowProblems {
  /** Bad rows are all missing values in the table. */
  readonly table: Table;
  /** Offsets in the file's text, two a row: start and end of the row's own characters, without its line ending. */
  readonly spans: Uint32Array;
  /** Rows that are bad, 1 a row, whether or not `problems` still has room for them. */
  readonly isBad: Uint8Array;
}

/**
 * Reads sources into one table: the first one's rows, then the second's. Columns are found by name and may stand in any
 * order; columns that the schema does not have are ignored. White space around a value does not count. A bad row (broken
 * quotes, a wrong number of fields, a value that is not of its column's kind) is left out and listed.
 * @param schema as `inferSchema` gives it, or a part of it
 * @throws TabularError for a file that cannot be read; `missing-column` naming the file and the column
 */
export async function readTable(sources: readonly CsvSource[], schema: TableSchema, options: ReadTableOptions = {}): Promise<ReadTable> {
  const { seed = 0, reading = {} } = options;
  const reader = new TableReader(schema, options);
  const hashes = new GrowingFloats();
  for (const source of sources) {
    await streamRows(source, { ...reading, header: schema.header }, (layout) => {
      const readRow = reader.startFile(layout, source.name);
      const hasher = new RowHasher(layout.header, seed);
      return (row) => {
        if (readRow(row)) hashes.set(reader.advance(), hasher.fractionOf(row));
        return undefined;
      };
    });
  }
  const table = reader.finish();
  return { table, problems: reader.problems, problemCounts: reader.problemCounts, rowHash: hashes.finish(table.rowCount) };
}

/** As `readTable` for one file in memory whose rows are to be answered one by one: bad rows keep their place. */
export function readTableInPlace(file: CsvText, schema: TableSchema, options: ReadOptions = {}): ReadTableInPlace {
  const reader = new TableReader(schema, options);
  const readRow = reader.startFile(file, file.name);
  const spans = new GrowingIntegers();
  const bad = new GrowingIntegers();
  scanDataRows(file, (row) => {
    const isGood = readRow(row);
    const index = reader.advance();
    bad.set(index, isGood ? 0 : 1);
    spans.set(2 * index, row.start);
    spans.set(2 * index + 1, row.end);
    return undefined;
  });
  const table = reader.finish();
  return {
    table,
    problems: reader.problems,
    problemCounts: reader.problemCounts,
    spans: Uint32Array.from(spans.finish(2 * table.rowCount)),
    isBad: Uint8Array.from(bad.finish(table.rowCount)),
  };
}
