/**
 * The recipe: what `steps` in dataset.json may hold. Steps are applied in the order given, each to the columns that the
 * ones before it left. Every step says what it does with a missing value and with one that the training rows did not have.
 */
import { z } from 'zod';
import { PreprocessingError } from './errors.ts';

const ColumnName = z.string().min(1);
const ColumnNames = z.array(ColumnName).min(1);
/** Dates are written as in `2026-11-30`, booleans as `true` and `false`. */
const Value = z.union([z.string(), z.number(), z.boolean()]);
const nonEmpty = <T>(values: Record<string, T>): boolean => Object.keys(values).length > 0;

/**
 * Writes other values for some: spellings of the same thing, or `null` for values that mean "unknown".
 * Missing values stay missing; values that are not listed stay, whether training had them or not.
 */
const ReplaceSchema = z.strictObject({
  step: z.literal('replace'),
  column: ColumnName,
  /** From → to; `null` makes the value a missing one. */
  values: z.record(z.string(), Value.nullable()).refine(nonEmpty, 'must list at least one value'),
});

/**
 * Fills missing values with a statistic of the training rows, of each group where `by` is given. A group that is
 * missing, that training did not have or in which it had no value gets the statistic of all rows.
 */
const ImputeStatisticSchema = z.strictObject({
  step: z.literal('impute'),
  column: ColumnName,
  /** `mean` and `median` need numbers; `mode` is the most frequent value. */
  strategy: z.enum(['mean', 'median', 'mode']),
  /** Column whose values are the groups. */
  by: ColumnName.optional(),
});

/** Fills missing values with the same value everywhere. */
const ImputeConstantSchema = z.strictObject({
  step: z.literal('impute'),
  column: ColumnName,
  strategy: z.literal('constant'),
  value: Value,
});

/** Fills missing values with what a table says for the value of another column. */
const ImputeLookupSchema = z.strictObject({
  step: z.literal('impute'),
  column: ColumnName,
  strategy: z.literal('lookup'),
  by: ColumnName,
  /** Value of `by` → value to fill in. Where `by` is missing or has another value, the gap stays for later steps. */
  values: z.record(z.string(), Value).refine(nonEmpty, 'must list at least one value'),
});

/** Leaves columns out. */
const DropSchema = z.strictObject({ step: z.literal('drop'), columns: ColumnNames });

/**
 * Turns categories into numbers, or leaves them to the algorithm:
 * - `ordinal`: 0, 1, 2 … in alphabetical order. Missing or unseen: −1.
 * - `ordinal-by-target`: 0, 1, 2 … in the order of the target's mean (of classes: see `Target`). Missing: a level of its
 *   own, or as unseen where training had no gap. Unseen: between two levels, where the mean of all rows is.
 * - `one-hot`: a column of zeros and ones for each value, `<column>=<value>`. Missing or unseen: 0 in all of them.
 * - `frequency`: the share of the training rows that have the value. Missing: the share of the gaps. Unseen: 0.
 * - `as-is`: for algorithms that take categories. Missing or unseen: one more category, `(other)`.
 */
const EncodeSchema = z.strictObject({
  step: z.literal('encode'),
  columns: ColumnNames,
  method: z.enum(['ordinal', 'ordinal-by-target', 'one-hot', 'frequency', 'as-is']),
});

export const DATE_PARTS = ['year', 'month', 'day', 'weekday', 'hour', 'elapsedDays'] as const;

/**
 * Expands dates to numbers, in columns named `<column>.<part>`: `month` from 1, `weekday` from 1 (Monday) to 7,
 * `elapsedDays` since the earliest date of the training rows, with fractions where there are times of day. Missing:
 * missing in every part. Dates that training did not have are expanded like any other.
 */
const DateSchema = z.strictObject({
  step: z.literal('date'),
  columns: ColumnNames,
  parts: z.array(z.enum(DATE_PARTS)).min(1).default([...DATE_PARTS]),
});

/** Subtracts the mean of the training rows and divides by their standard deviation. Missing values stay missing. */
const ScaleSchema = z.strictObject({
  step: z.literal('scale'),
  columns: ColumnNames,
  method: z.literal('standard').default('standard'),
});

const Share = z.number().min(0).max(1);

/** Moves values beyond the limits onto them. Missing values stay missing. */
const ClipSchema = z
  .strictObject({
    step: z.literal('clip'),
    columns: ColumnNames,
    min: z.number().optional(),
    max: z.number().optional(),
    /** Limits as shares of the training rows: `[0.01, 0.99]`. */
    quantiles: z.tuple([Share, Share]).optional(),
  })
  .refine(({ min, max, quantiles }) => (quantiles === undefined) !== (min === undefined && max === undefined), {
    message: 'must be given, or min, max or both in its place',
    path: ['quantiles'],
  })
  .refine(({ min = -Infinity, max = Infinity }) => min <= max, { message: 'must not be above max', path: ['min'] })
  .refine(({ quantiles: [low, high] = [0, 1] }) => low <= high, { message: 'must be the lower one first', path: ['quantiles'] });

/** The natural logarithm of 1 + x; of a negative number −ln(1 − x), so that order and sign stay. Missing values stay missing. */
const LogSchema = z.strictObject({ step: z.literal('log'), columns: ColumnNames });

export const StepSchema = z.discriminatedUnion('step', [
  ReplaceSchema,
  z.discriminatedUnion('strategy', [ImputeStatisticSchema, ImputeConstantSchema, ImputeLookupSchema]),
  DropSchema,
  EncodeSchema,
  DateSchema,
  ScaleSchema,
  ClipSchema,
  LogSchema,
]);

export const StepsSchema = z.array(StepSchema);

export type ReplaceStep = z.output<typeof ReplaceSchema>;
export type ImputeStatisticStep = z.output<typeof ImputeStatisticSchema>;
export type ImputeStep = ImputeStatisticStep | z.output<typeof ImputeConstantSchema> | z.output<typeof ImputeLookupSchema>;
export type EncodeMethod = z.output<typeof EncodeSchema>['method'];
export type ClipStep = z.output<typeof ClipSchema>;
export type DatePart = (typeof DATE_PARTS)[number];
export type Step = z.output<typeof StepSchema>;
/** A value that a step writes, as a person gives it. */
export type StepValue = z.output<typeof Value>;

/** Columns that a step reads or writes. */
export function columnsOfStep(step: Step): readonly string[] {
  if ('columns' in step) return step.columns;
  return 'by' in step && step.by !== undefined ? [step.column, step.by] : [step.column];
}

/**
 * Checks a recipe.
 * @throws PreprocessingError `invalid-steps` naming each wrong step by its position (from 1), its name and the key
 */
export function parseSteps(steps: unknown): Step[] {
  const result = StepsSchema.safeParse(steps);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => describeIssue(issue, steps));
  throw new PreprocessingError('invalid-steps', `the recipe is not valid: ${problems.join('; ')}`, { cause: result.error });
}

function describeIssue(issue: z.core.$ZodIssue, steps: unknown): string {
  const [index, ...path] = issue.path;
  if (typeof index !== 'number') return `steps: ${issue.message}`;
  const key = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : path.join('.');
  const what = issue.code === 'unrecognized_keys' ? 'there is no such key; check the spelling' : issue.message;
  return `step ${index + 1}${nameOfStep(steps, index)}${key === '' ? '' : `, key ${key}`}: ${what}`;
}

function nameOfStep(steps: unknown, index: number): string {
  const step: unknown = Array.isArray(steps) ? steps[index] : undefined;
  if (typeof step !== 'object' || step === null || !('step' in step)) return '';
  return typeof step.step === 'string' ? ` (${step.step})` : '';
}
