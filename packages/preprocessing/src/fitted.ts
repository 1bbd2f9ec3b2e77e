/**
 * Fitted state: what a pipeline has learned from the training rows, as plain JSON. It travels in the model's manifest and
 * gives bit-equal features wherever it is applied.
 */
import { z } from 'zod';
import { PreprocessingError } from './errors.ts';

const KindSchema = z.enum(['numeric', 'categorical']);
const ValueSchema = z.union([z.string(), z.number()]);

const FittedReplaceSchema = z.object({
  step: z.literal('replace'),
  column: z.string(),
  /** From → to; from is a level, or a number's shortest decimal form. */
  values: z.array(z.tuple([z.string(), ValueSchema.nullable()])),
});

const FittedImputeSchema = z.object({
  step: z.literal('impute'),
  column: z.string(),
  /** What fills a gap that no group fills; `null` leaves it. */
  value: ValueSchema.nullable(),
  by: z.object({ column: z.string(), values: z.array(z.tuple([z.string(), ValueSchema])) }).optional(),
});

const FittedDropSchema = z.object({ step: z.literal('drop'), columns: z.array(z.string()) });

const FittedOrdinalSchema = z.object({
  step: z.literal('ordinal'),
  column: z.string(),
  values: z.array(z.tuple([z.string(), z.number()])),
  /** Number for a missing value, and for a level that the training rows did not have. */
  missing: z.number(),
  unseen: z.number(),
});

const FittedOneHotSchema = z.object({
  step: z.literal('one-hot'),
  column: z.string(),
  levels: z.array(z.string()),
  /** Names of the new columns, one a level. A missing value or an unseen level has 0 in all of them. */
  names: z.array(z.string()),
});

const FittedStepSchema = z.discriminatedUnion('step', [FittedReplaceSchema, FittedImputeSchema, FittedDropSchema, FittedOrdinalSchema, FittedOneHotSchema]);

/** How a column of the file is used, for people to read. */
const ColumnUseSchema = z.object({
  name: z.string(),
  kind: KindSchema,
  use: z.enum(['feature', 'target', 'left-out']),
  detail: z.string(),
});

export const FittedPipelineSchema = z.object({
  formatVersion: z.literal(1),
  /** Columns of a file to predict. One that is not required may be absent: nothing depends on it. */
  inputs: z.array(z.object({ name: z.string(), kind: KindSchema, required: z.boolean() })),
  steps: z.array(FittedStepSchema),
  /** What the algorithm gets, in this order. `categories` where it takes categories as they are; the last one stands for all others. */
  features: z.array(z.object({ name: z.string(), categories: z.array(z.string()).optional() })),
  columns: z.array(ColumnUseSchema),
});

export type FittedReplace = z.output<typeof FittedReplaceSchema>;
export type FittedImpute = z.output<typeof FittedImputeSchema>;
export type FittedOrdinal = z.output<typeof FittedOrdinalSchema>;
export type FittedOneHot = z.output<typeof FittedOneHotSchema>;
export type FittedStep = z.output<typeof FittedStepSchema>;
export type ColumnUse = z.output<typeof ColumnUseSchema>;
export type FittedPipeline = z.output<typeof FittedPipelineSchema>;

/**
 * Reads fitted state that was stored.
 * @throws PreprocessingError `invalid-state`
 */
export function parseFittedPipeline(state: unknown): FittedPipeline {
  const result = FittedPipelineSchema.safeParse(state);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new PreprocessingError(
    'invalid-state',
    `the fitted preprocessing cannot be read (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}); it was made by another version or changed by hand: train again`,
    { cause: result.error },
  );
}
