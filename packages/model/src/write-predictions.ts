import { appendColumns, createEncoder, formatCell } from '@dropforest/tabular';
import type { CsvText, ReadTableInPlace, RowProblem } from '@dropforest/tabular';
import type { OutputColumn } from './output-columns.ts';

/** A predicted CSV file. */
export interface CsvPredictions {
  /**
   * Joined: the file as it was, byte by byte, with columns added at the end of each row. Not joined: a header and the
   * added columns alone, a line a row. The columns are those of the prediction and, only where a row was refused,
   * `prediction_note` (`prediction_1`, `prediction_note_1` … where the file has a column of that name). Numbers are in the
   * shortest form that reads back as the same number.
   */
  readonly csv: Uint8Array;
  /** Rows of the file, blank lines not counted: `predicted` plus the refused ones. */
  readonly rows: number;
  readonly predicted: number;
  /** The first 10,000 rows without a prediction, in the order of the file. */
  readonly refused: readonly RowProblem[];
}

/** Only so many problems are described one by one. */
const UNLISTED = 'the row cannot be read, like many others of this file';

/** @param columns what each row gets; the cells of refused rows stay empty */
export function writePredictions(csv: CsvText, read: ReadTableInPlace, columns: readonly OutputColumn[], join: boolean): CsvPredictions {
  const refusals = new Map(read.problems.map((problem) => [problem.row - 1, problem]));
  const refused = read.isBad.reduce((sum, isBad) => sum + isBad, 0);
  const hasNotes = refused > 0;
  const names = [...columns.map(({ name }) => name), ...(hasNotes ? ['prediction_note'] : [])].map((name) => freeName(name, csv.header));
  const cellsOf = (row: number): string[] => {
    if (read.isBad[row] === 1) return [...columns.map(() => ''), refusals.get(row)?.message ?? UNLISTED];
    const cells = columns.map(({ cell }) => cell(row));
    return hasNotes ? [...cells, ''] : cells;
  };
  const rows = read.table.rowCount;
  return {
    csv: join ? joined(csv, read, names, cellsOf, refusals) : alone(csv, names, rows, cellsOf),
    rows,
    predicted: rows - refused,
    refused: read.problems,
  };
}

type CellsOf = (row: number) => string[];

/** A row that is too short is filled up first, so that its note stands below `prediction_note`. */
function joined(csv: CsvText, { spans }: ReadTableInPlace, names: readonly string[], cellsOf: CellsOf, refusals: ReadonlyMap<number, RowProblem>): Uint8Array {
  return appendColumns(csv, spans, names, (row) => {
    const refusal = refusals.get(row);
    const lacking = refusal?.reason === 'too-few-fields' ? csv.header.length - refusal.fields : 0;
    return [...Array.from({ length: lacking }, () => ''), ...cellsOf(row)];
  });
}

function alone({ dialect, encoding }: CsvText, names: readonly string[], rows: number, cellsOf: CellsOf): Uint8Array {
  const line = (cells: readonly string[]): string => cells.map((cell) => formatCell(cell, dialect.delimiter)).join(dialect.delimiter) + dialect.lineEnding;
  let text = line(names);
  for (let row = 0; row < rows; row++) text += line(cellsOf(row));
  return createEncoder(encoding)(text);
}

function freeName(wanted: string, header: readonly string[]): string {
  let name = wanted;
  for (let number = 1; header.includes(name); number++) name = `${wanted}_${number}`;
  return name;
}
