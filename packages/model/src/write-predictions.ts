import { appendColumns, formatCell } from '@dropforest/tabular';
import type { CsvText, ReadTableInPlace, RowProblem } from '@dropforest/tabular';

/** A predicted CSV file. */
export interface CsvPredictions {
  /**
   * Joined: the file as it was, byte by byte, with columns added at the end of each row. Not joined: a header and the
   * added columns alone, a line a row. The columns are `prediction` and, only where a row was refused, `prediction_note`
   * (`prediction_1`, `prediction_note_1` … where the file has a column of that name). Numbers are in the shortest form that reads back as the same number.
   */
  readonly csv: Uint8Array;
  /** Rows of the file, blank lines not counted: `predicted` plus the refused ones. */
  readonly rows: number;
  readonly predicted: number;
  /** Rows without a prediction, in the order of the file. */
  readonly refused: readonly RowProblem[];
}

/** @param predictions one a row of `read.table`; those of refused rows are not used */
export function writePredictions(csv: CsvText, read: ReadTableInPlace, predictions: Float64Array, join: boolean): CsvPredictions {
  const refusals = new Map(read.problems.map((problem) => [problem.row - 1, problem]));
  const hasNotes = refusals.size > 0;
  const names = [freeName('prediction', csv.header), ...(hasNotes ? [freeName('prediction_note', csv.header)] : [])];
  const cellsOf = (row: number): string[] => {
    const refusal = refusals.get(row);
    if (refusal !== undefined) return ['', refusal.message];
    return hasNotes ? [String(predictions[row]), ''] : [String(predictions[row])];
  };
  const rows = predictions.length;
  return {
    csv: join ? joined(csv, read, names, cellsOf, refusals) : alone(csv, names, rows, cellsOf),
    rows,
    predicted: rows - refusals.size,
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

function alone({ dialect }: CsvText, names: readonly string[], rows: number, cellsOf: CellsOf): Uint8Array {
  const line = (cells: readonly string[]): string => cells.map((cell) => formatCell(cell, dialect.delimiter)).join(dialect.delimiter) + dialect.lineEnding;
  let text = line(names);
  for (let row = 0; row < rows; row++) text += line(cellsOf(row));
  return new TextEncoder().encode(text);
}

function freeName(wanted: string, header: readonly string[]): string {
  let name = wanted;
  for (let number = 1; header.includes(name); number++) name = `${wanted}_${number}`;
  return name;
}
