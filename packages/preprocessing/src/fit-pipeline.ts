import type { Column, ColumnKind, ColumnSchema, Table } from '@dropforest/tabular';
import { applyStep } from './apply-step.ts';
import { columnUses } from './column-uses.ts';
import { dependenciesOf } from './dependencies.ts';
import { PreprocessingError } from './errors.ts';
import { finishColumn } from './finishing.ts';
import type { Accepts, FinishContext } from './finishing.ts';
import { atStep, changedColumns, fitStep } from './fit-step.ts';
import { columnsMadeBy } from './fitted.ts';
import type { FittedFeature, FittedPipeline, FittedStep } from './fitted.ts';
import { columnOf, dropColumns, frameOf, wordColumnOf } from './frame.ts';
import type { Frame } from './frame.ts';
import { gaplessColumns } from './gapless.ts';
import { DATE_PARTS } from './schema.ts';
import type { Step } from './schema.ts';
import { fitDate } from './steps/date.ts';
import type { Target } from './target.ts';

export interface FitOptions {
  /** Every column of the files, also those that were not read; those of the table by default. */
  readonly schema?: readonly ColumnSchema[];
  /** Columns that are never learned from, name → reason. A column that is not there is no error. */
  readonly leaveOut?: ReadonlyMap<string, string>;
  /** What the algorithm takes as it is; nothing by default. */
  readonly accepts?: Accepts;
}

/** For a table that comes without its schema. */
const EXPLANATIONS: Readonly<Record<ColumnKind, string>> = {
  numeric: 'it has numbers',
  boolean: 'it has truth values',
  date: 'it has dates',
  categorical: 'it has categories',
  text: 'it is free text',
  identifier: 'it names rows instead of describing them',
  constant: 'it has one value only',
};

/** A recipe fitted so far: the frame it leaves and the state it needs. */
interface Progress {
  frame: Frame;
  readonly steps: FittedStep[];
  readonly asIs: Set<string>;
  readonly dropped: Set<string>;
}

interface Context {
  readonly target: Target;
  readonly accepts: Accepts;
  readonly schema: readonly ColumnSchema[];
  readonly leaveOut: ReadonlyMap<string, string>;
}

/**
 * Fits a recipe, and what every pipeline does after it, on training rows. Nothing but these rows can influence the state.
 * @param training training rows; which columns are needed says `columnsToRead`
 * @param target one value a row of `training`
 * @throws PreprocessingError naming the step; `no-features` where no column is left
 */
export function fitPipeline(training: Table, target: Target, steps: readonly Step[], options: FitOptions = {}): FittedPipeline {
  const context = contextOf(training, target, options);
  const frame = frameOf(training, new Map([...context.leaveOut, [target.name, 'it is the target']]));
  const progress: Progress = { frame, steps: [], asIs: new Set(), dropped: new Set() };
  for (const [index, step] of steps.entries()) {
    atStep(step, index + 1, () => {
      takeStep(step, progress, context);
    });
  }
  const { features, unused } = finish(progress, context);
  const needed = dependenciesOf(features, progress.steps);
  const { schema, leaveOut } = context;
  const columns = columnUses(schema, { target: target.name, leaveOut, steps: progress.steps, features, unused, dropped: progress.dropped, needed: needed.columns });
  if (features.length === 0) {
    const reasons = columns.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
    throw new PreprocessingError('no-features', `no column is left to learn from (${reasons}); add columns that describe the rows`);
  }
  const inputs = training.columns.filter(({ name }) => needed.columns.has(name)).map(({ name, kind }) => ({ name, kind }));
  return { formatVersion: 1, inputs, steps: [...needed.steps], features, columns };
}

function contextOf(training: Table, target: Target, options: FitOptions): Context {
  const {
    accepts = { missingValues: false, categories: false },
    schema = training.columns.map(({ name, kind }) => ({ name, kind, explanation: EXPLANATIONS[kind] })),
    leaveOut = new Map<string, string>(),
  } = options;
  return { target, accepts, schema, leaveOut };
}

function takeStep(step: Step, progress: Progress, context: Context): void {
  if (step.step === 'drop') {
    drop(step.columns, progress, context);
    return;
  }
  for (const name of changedColumns(step)) {
    if (step.step === 'encode' && step.method === 'as-is') keepCategories(name, progress, context);
    const fitted = fitStep(step, name, progress.frame, context.target);
    if (fitted !== undefined) add(progress, fitted);
  }
}

/** What was not read, or is left out anyway, may be dropped as well. */
function drop(names: readonly string[], progress: Progress, { schema }: Context): void {
  const inFile = new Set(schema.map(({ name }) => name));
  for (const name of names) {
    if (!inFile.has(name)) columnOf(progress.frame, name);
    progress.dropped.add(name);
  }
  progress.frame = dropColumns(progress.frame, names);
}

function keepCategories(name: string, progress: Progress, { accepts }: Context): void {
  wordColumnOf(progress.frame, name);
  if (!accepts.categories) {
    throw new PreprocessingError('not-accepted', `the algorithm takes no categories as they are (column ${JSON.stringify(name)}); use another method, such as "ordinal-by-target", or another algorithm`);
  }
  progress.asIs.add(name);
}

function add(progress: Progress, fitted: FittedStep): void {
  progress.frame = applyStep(fitted, progress.frame);
  progress.steps.push(fitted);
}

function finish(progress: Progress, { schema, target, accepts }: Context): { features: FittedFeature[]; unused: Map<string, string> } {
  const features: FittedFeature[] = [];
  const unused = new Map<string, string>();
  const explanations = new Map(schema.map(({ name, explanation }) => [name, explanation]));
  const columns = [...progress.frame.columns.values()].flatMap((column) => expandDate(column, progress));
  const gapless = gaplessColumns(progress.steps);
  for (const column of columns) {
    const missingValues = accepts.missingValues || gapless.has(column.name);
    const context: FinishContext = { target, accepts: { ...accepts, missingValues }, explanations, asIs: progress.asIs };
    const finished = finishColumn(column, progress.frame, context);
    if ('leftOut' in finished) {
      unused.set(column.name, finished.leftOut);
      continue;
    }
    for (const step of finished.steps) add(progress, step);
    features.push({ name: column.name, ...(finished.categories === undefined ? {} : { categories: [...finished.categories] }) });
  }
  return { features, unused };
}

/** Dates that the recipe has left as they are become all their parts; those that never change are left out later. */
function expandDate(column: Column, progress: Progress): Column[] {
  if (column.kind !== 'date') return [column];
  const fitted = fitDate(progress.frame, column.name, DATE_PARTS);
  add(progress, fitted);
  return columnsMadeBy(fitted).map((name) => columnOf(progress.frame, name));
}
