import type { Column, Table } from '@dropforest/tabular';
import { applyStep } from './apply-step.ts';
import { PreprocessingError } from './errors.ts';
import type { FittedPipeline } from './fitted.ts';
import { textReader } from './frame.ts';
import type { Frame } from './frame.ts';

/** One input of the algorithm. `values` are numbers, or places in `categories` where these are given. */
export interface FeatureColumn {
  readonly name: string;
  readonly values: Float64Array;
  readonly categories?: readonly string[];
}

/**
 * The features of a table, in the order of the fit. Each row's features depend on that row and the state alone.
 * @param table has at least the required inputs, by name in any order; other columns are ignored
 * @throws PreprocessingError `missing-column` where a required column is absent or of another kind
 */
export function transform(table: Table, state: FittedPipeline): FeatureColumn[] {
  let frame = inputFrame(table, state);
  for (const step of state.steps) frame = applyStep(step, frame);
  return state.features.map(({ name, categories }) => featureOf(frame, name, categories));
}

/** The inputs; those that nothing depends on are there as missing values, so that the steps find them. */
function inputFrame(table: Table, state: FittedPipeline): Frame {
  const given = new Map(table.columns.map((column) => [column.name, column]));
  const columns = state.inputs.map(({ name, kind, required }): [string, Column] => {
    const column = given.get(name);
    if (column?.kind === kind) return [name, column];
    if (!required) return [name, emptyColumn(name, kind, table.rowCount)];
    const found = column === undefined ? 'it is not there' : `it is ${column.kind}`;
    throw new PreprocessingError('missing-column', `the model needs the ${kind} column ${JSON.stringify(name)}, but ${found}`);
  });
  return { rowCount: table.rowCount, columns: new Map(columns) };
}

function emptyColumn(name: string, kind: Column['kind'], rowCount: number): Column {
  if (kind === 'numeric') return { name, kind, values: new Float64Array(rowCount).fill(Number.NaN) };
  return { name, kind, codes: new Int32Array(rowCount).fill(-1), levels: [] };
}

function featureOf(frame: Frame, name: string, categories: readonly string[] | undefined): FeatureColumn {
  const column = frame.columns.get(name);
  if (column === undefined) throw new PreprocessingError('invalid-state', `the fitted steps make no column ${JSON.stringify(name)}: train again`);
  if (categories !== undefined) return { name, values: placesIn(categories, column), categories };
  if (column.kind === 'numeric') return { name, values: column.values };
  throw new PreprocessingError('invalid-state', `the fitted steps leave words in column ${JSON.stringify(name)}: train again`);
}

/** Policy: a missing value and an unseen level are the last category. */
function placesIn(categories: readonly string[], column: Column): Float64Array {
  const other = categories.length - 1;
  const placeOf = new Map(categories.slice(0, other).map((level, place) => [level, place]));
  const text = textReader(column);
  const rows = column.kind === 'numeric' ? column.values.length : column.codes.length;
  return Float64Array.from({ length: rows }, (_, row) => placeOf.get(text(row) ?? '') ?? other);
}
