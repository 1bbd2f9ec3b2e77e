/**
 * The recipe: what `steps` in dataset.json may hold. Steps are applied in the order given, each to the columns that the
 * ones before it left.
 */
import { z } from 'zod';
import { PreprocessingError } from './errors.ts';

const ColumnName = z.string().min(1);
const Value = z.union([z.string(), z.number()]);
const nonEmpty = <T>(values: Record<string, T>): boolean => Object.keys(values).length > 0;

/** Writes other values for some: spellings of the same thing, or `null` for values that mean "unknown". */
const ReplaceSchema = z.strictObject({
  step: z.literal('replace'),
  column: ColumnName,
  /** From → to; `null` makes the value a missing one. Values that are not listed stay. */
  values: z.record(z.string(), Value.nullable()).refine(nonEmpty, 'must list at least one value'),
});

/** Fills missing values with a statistic of the training rows, of each group where `by` is given. */
const ImputeStatisticSchema = z.strictObject({
  step: z.literal('impute'),
  column: ColumnName,
  /** `mean` and `median` need numbers; `mode` is the most frequent value. */
  strategy: z.enum(['mean', 'median', 'mode']),
  /** Column whose values are the groups. A group without any value gets the statistic of all rows. */
  by: ColumnName.optional(),
});

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
  /** Value of `by` → value to fill in. Where `by` has another value, the gap stays for later steps. */
  values: z.record(z.string(), Value).refine(nonEmpty, 'must list at least one value'),
});

const DropSchema = z.strictObject({ step: z.literal('drop'), columns: z.array(ColumnName).min(1) });

/** Turns categories into numbers. */
const EncodeSchema = z.strictObject({
  step: z.literal('encode'),
  columns: z.array(ColumnName).min(1),
  /**
   * `ordinal`: 0, 1, 2 … in alphabetical order; `ordinal-by-target`: in the order of the target's mean;
   * `one-hot`: one column of zeros and ones for each value.
   */
  method: z.enum(['ordinal', 'one-hot', 'ordinal-by-target']),
});

export const StepSchema = z.discriminatedUnion('step', [
  ReplaceSchema,
  z.discriminatedUnion('strategy', [ImputeStatisticSchema, ImputeConstantSchema, ImputeLookupSchema]),
  DropSchema,
  EncodeSchema,
]);

export const StepsSchema = z.array(StepSchema);

export type ReplaceStep = z.output<typeof ReplaceSchema>;
export type ImputeStatisticStep = z.output<typeof ImputeStatisticSchema>;
export type ImputeStep = ImputeStatisticStep | z.output<typeof ImputeConstantSchema> | z.output<typeof ImputeLookupSchema>;
export type DropStep = z.output<typeof DropSchema>;
export type EncodeStep = z.output<typeof EncodeSchema>;
export type Step = z.output<typeof StepSchema>;

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
