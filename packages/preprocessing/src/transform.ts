import { isNumericColumn } from '@dropforest/tabular';
import type { Column, Table } from '@dropforest/tabular';
import { applyStep } from './apply-step.ts';
import { PreprocessingError } from './errors.ts';
import type { FittedPipeline } from './fitted.ts';
import { distinctOf, frameOf } from './frame.ts';
import type { Frame } from './frame.ts';

/** One input of the algorithm. `values` are numbers, or places in `categories` where these are given. */
export interface FeatureColumn {
  readonly name: string;
  readonly values: Float64Array;
  readonly categories?: readonly string[];
}

/**
 * The features of a table, in the order of the fit. Each row's features depend on that row and the state alone.
 * @param table has at least the state's `inputs`, by name in any order; other columns are ignored
 * @throws PreprocessingError `missing-column` where an input is absent or of another kind
 */
export function transform(table: Table, state: FittedPipeline): FeatureColumn[] {
  let frame = inputFrame(table, state);
  for (const step of state.steps) frame = applyStep(step, frame);
  return state.features.map(({ name, categories }) => featureOf(frame, name, categories));
}

function inputFrame(table: Table, { inputs }: FittedPipeline): Frame {
  const given = new Map(table.columns.map((column) => [column.name, column]));
  const columns = inputs.map(({ name, kind }): Column => {
    const column = given.get(name);
    if (column?.kind === kind) return column;
    const found = column === undefined ? 'it is not there' : `it is ${column.kind}`;
    throw new PreprocessingError('missing-column', `the model needs the ${kind} column ${JSON.stringify(name)}, but ${found}`);
  });
  return frameOf({ rowCount: table.rowCount, columns });
}

function featureOf(frame: Frame, name: string, categories: readonly string[] | undefined): FeatureColumn {
  const column = frame.columns.get(name);
  if (column === undefined) throw new PreprocessingError('invalid-state', `the fitted steps make no column ${JSON.stringify(name)}: train again`);
  if (categories !== undefined) return { name, values: placesIn(categories, column), categories };
  if (isNumericColumn(column)) return { name, values: column.values };
  throw new PreprocessingError('invalid-state', `the fitted steps leave words in column ${JSON.stringify(name)}: train again`);
}

/** Policy: a missing value and an unseen level are the last category. */
function placesIn(categories: readonly string[], column: Column): Float64Array {
  const other = categories.length - 1;
  const placeOf = new Map(categories.slice(0, other).map((level, place) => [level, place]));
  const { codes, levels } = distinctOf(column);
  const ofCode = levels.map((level) => placeOf.get(level) ?? other);
  const places = new Float64Array(codes.length);
  for (let row = 0; row < places.length; row++) places[row] = ofCode[codes[row] ?? -1] ?? other;
  return places;
}
