import type { ColumnKind, Table } from '@dropforest/tabular';
import { applyStep } from './apply-step.ts';
import { PreprocessingError } from './errors.ts';
import { finishColumn } from './finishing.ts';
import type { Accepts } from './finishing.ts';
import { atStep, fitStep } from './fit-step.ts';
import type { ColumnUse, FittedPipeline, FittedStep } from './fitted.ts';
import { dropColumns, frameOf, numericColumnOf } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Step } from './schema.ts';

export interface FitOptions {
  /** Columns that are never learned from, name → reason. A column that is not there is no error. */
  readonly leaveOut?: ReadonlyMap<string, string>;
  /** What the algorithm takes as it is; nothing by default. */
  readonly accepts?: Accepts;
}

type Feature = FittedPipeline['features'][number];

/** A recipe fitted so far: the frame it leaves and the state it needs. */
interface Progress {
  frame: Frame;
  readonly steps: FittedStep[];
}

/**
 * Fits a recipe, and what every pipeline does after it, on training rows. Nothing but these rows can influence the state.
 * @param table training rows with all columns of the file, the target among them, and a target in every row
 * @param target name of the numeric column to predict
 * @throws PreprocessingError naming the step; `no-features` where no column is left
 */
export function fitPipeline(table: Table, target: string, steps: readonly Step[], options: FitOptions = {}): FittedPipeline {
  const { leaveOut = new Map<string, string>(), accepts = { missingValues: false, categories: false } } = options;
  const whole = frameOf(table);
  const { values: targetValues } = numericColumnOf(whole, target, 'a target to predict');
  const progress: Progress = { frame: dropColumns(whole, [target, ...leaveOut.keys()]), steps: [] };
  for (const [index, step] of steps.entries()) {
    atStep(step, index + 1, () => {
      for (const fitted of fitStep(step, progress.frame, targetValues)) add(progress, fitted);
    });
  }
  const { features, unused } = finish(progress, targetValues, accepts);
  const fate = fates(table, progress.steps, { target, leaveOut, features, unused });
  if (features.length === 0) {
    const reasons = fate.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
    throw new PreprocessingError('no-features', `no column is left to learn from (${reasons}); add columns that describe the rows`);
  }
  const columns = fate.map(({ name, kind, use, detail }): ColumnUse => ({ name, kind, use, detail }));
  const inputs = fate.flatMap(({ name, kind, use, required }) => (use === 'target' ? [] : [{ name, kind, required }]));
  return { formatVersion: 1, inputs, steps: progress.steps, features, columns };
}

function add(progress: Progress, fitted: FittedStep): void {
  progress.frame = applyStep(fitted, progress.frame);
  progress.steps.push(fitted);
}

function finish(progress: Progress, target: Float64Array, accepts: Accepts): { features: Feature[]; unused: Map<string, string> } {
  const features: Feature[] = [];
  const unused = new Map<string, string>();
  const gapless = gaplessColumns(progress.steps);
  for (const column of [...progress.frame.columns.values()]) {
    const missingValues = accepts.missingValues || gapless.has(column.name);
    const finished = finishColumn(column, progress.frame, target, { ...accepts, missingValues });
    if ('leftOut' in finished) {
      unused.set(column.name, finished.leftOut);
      continue;
    }
    for (const step of finished.steps) add(progress, step);
    features.push({ name: column.name, ...(finished.categories === undefined ? {} : { categories: [...finished.categories] }) });
  }
  return { features, unused };
}

/** Columns in which the recipe leaves no missing value, whatever a table to transform may have. */
function gaplessColumns(steps: readonly FittedStep[]): Set<string> {
  const gapless = new Set<string>();
  for (const step of steps) {
    if (step.step === 'one-hot') for (const name of step.names) gapless.add(name);
    if (step.step === 'ordinal' || (step.step === 'impute' && step.value !== null)) gapless.add(step.column);
    if (step.step === 'replace') gapless.delete(step.column);
  }
  return gapless;
}

interface Fate {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly use: ColumnUse['use'];
  readonly detail: string;
  readonly required: boolean;
}

interface Outcome {
  readonly target: string;
  readonly leaveOut: ReadonlyMap<string, string>;
  readonly features: readonly Feature[];
  readonly unused: ReadonlyMap<string, string>;
}

/** How each column of the file ends. A column is required where a feature comes of it or a group or a lookup goes by it. */
function fates(table: Table, steps: readonly FittedStep[], outcome: Outcome): Fate[] {
  const featureNames = new Set(outcome.features.map(({ name }) => name));
  return table.columns.map(({ name, kind }) => {
    const own = steps.filter((step) => step.step !== 'drop' && step.column === name);
    const notes = own.map(describeStep);
    if (name === outcome.target) return { name, kind, use: 'target', detail: 'the column to predict', required: false };
    const asked = outcome.leaveOut.get(name);
    if (asked !== undefined) return { name, kind, use: 'left-out', detail: asked, required: false };
    const isFeature = featureNames.has(name) || own.some((step) => step.step === 'one-hot' && step.names.some((each) => featureNames.has(each)));
    const isGroup = steps.some((step) => step.step === 'impute' && step.by?.column === name);
    const required = isFeature || isGroup;
    if (isFeature) return { name, kind, use: 'feature', detail: notes.join('; ') || 'as it is', required };
    const dropped = steps.some((step) => step.step === 'drop' && step.columns.includes(name));
    const reason = dropped ? 'the recipe drops it' : (outcome.unused.get(name) ?? 'none of its values helps');
    return { name, kind, use: 'left-out', detail: isGroup ? `${reason}; other columns are imputed by it` : reason, required };
  });
}

function describeStep(step: FittedStep): string {
  switch (step.step) {
    case 'replace':
      return `${step.values.length} values replaced`;
    case 'impute':
      if (step.by !== undefined) return `missing values by ${step.by.column}${step.value === null ? '' : `, else ${shown(step.value)}`}`;
      return step.value === null ? 'missing values stay' : `missing values become ${shown(step.value)}`;
    case 'ordinal':
      return `${step.values.length} categories as numbers`;
    case 'one-hot':
      return `${step.levels.length} columns of zeros and ones`;
    case 'drop':
      return 'dropped';
  }
}

function shown(value: string | number): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : JSON.stringify(value);
}
