/** Rows that a training held out, for any model that has held out the same. */
import { requiredColumns } from '@dropforest/contracts';
import type { DatasetConfig, ModelManifest } from '@dropforest/contracts';
import { findColumn, parseTableSchema, readTable, selectRows } from '@dropforest/tabular';
import type { ColumnSchema, CsvSource, Table, TableSchema } from '@dropforest/tabular';
import { splitByRowHash } from './holdout.ts';
import type { Model } from './load-model.ts';
import type { TrainingData } from './read-training-data.ts';
import { selectTarget } from './target.ts';
import type { Target } from './target.ts';

export interface HeldOutRows {
  /** The files that they are of. */
  readonly files: readonly CsvSource[];
  readonly reading: DatasetConfig['reading'];
  readonly fraction: number;
  readonly seed: number;
  /** Every column of the files, as `table` was read. */
  readonly schema: TableSchema;
  readonly table: Table;
  readonly target: Target;
  readonly rowHash: Float64Array;
}

/** What a model says of held-out rows. */
export interface HeldOutPrediction {
  /** Rows × outputs. */
  readonly outputs: Float64Array;
  /** 1 where the model can read the row; the outputs of other rows mean nothing. */
  readonly isKnown: Uint8Array;
}

export function heldOutRows(files: readonly CsvSource[], { evaluation, reading }: DatasetConfig, data: TrainingData): HeldOutRows {
  const { heldOut } = splitByRowHash(data.rowHash, evaluation.holdout);
  return {
    files,
    reading,
    fraction: evaluation.holdout,
    seed: evaluation.seed,
    schema: data.schema,
    table: selectRows(data.table, heldOut),
    target: selectTarget(data.target, heldOut),
    rowHash: Float64Array.from(heldOut, (row) => data.rowHash[row] ?? 0),
  };
}

/**
 * What a model says of held-out rows, which it reads as it reads a file to predict: from the table in memory where its
 * columns were read in its way, else from the files.
 * @throws TabularError `missing-column`, PreprocessingError
 */
export async function predictHeldOut(model: Model, rows: HeldOutRows): Promise<HeldOutPrediction> {
  const schema = neededSchema(model.manifest);
  if (isReadAs(schema, rows)) return { outputs: model.predict(rows.table), isKnown: new Uint8Array(rows.table.rowCount).fill(1) };
  const { table, rowHash } = await readTable(rows.files, schema, { seed: rows.seed, reading: rows.reading });
  const places = placesOf(rows.rowHash, rowHash);
  // A row that the model cannot read borrows the first row's prediction, which nobody looks at.
  const outputs = table.rowCount === 0 ? new Float64Array(0) : model.predict(selectRows(table, Uint32Array.from(places, (place) => Math.max(0, place))));
  return { outputs, isKnown: Uint8Array.from(places, (place) => (place === -1 ? 0 : 1)) };
}

function neededSchema(manifest: ModelManifest): TableSchema {
  const needed = new Set(requiredColumns(manifest));
  return parseTableSchema({ columns: manifest.schema.columns.filter(({ name }) => needed.has(name)), header: manifest.schema.header });
}

function isReadAs(wanted: TableSchema, { schema, table }: HeldOutRows): boolean {
  const spelling = new Map(parseTableSchema(schema).columns.map((column) => [column.name, spellingOf(column)]));
  return wanted.header === schema.header && wanted.columns.every((column) => spelling.get(column.name) === spellingOf(column) && findColumn(table, column.name) !== undefined);
}

/** What decides how a cell is read. */
function spellingOf({ explanation: _, ...column }: ColumnSchema): string {
  return JSON.stringify(column);
}

/** Where each wanted row stands among those read, −1 where it was not read. Equal rows are predicted alike: any of them will do. */
function placesOf(wanted: Float64Array, read: Float64Array): Int32Array {
  const places = new Map<number, number>();
  read.forEach((hash, place) => places.set(hash, place));
  return Int32Array.from(wanted, (hash) => places.get(hash) ?? -1);
}
