/**
 * Fitted state: what a pipeline has learned from the training rows, as plain JSON. It travels in the model's manifest and
 * gives bit-equal features wherever it is applied.
 */
import { z } from 'zod';
import { PreprocessingError } from './errors.ts';
import { DATE_PARTS } from './schema.ts';

const KindSchema = z.enum(['numeric', 'boolean', 'date', 'categorical', 'text', 'identifier', 'constant']);
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

/** Categories as numbers. `ordinal` stands for both ordinal methods. */
const FittedNumberingSchema = z.object({
  step: z.enum(['ordinal', 'frequency']),
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

const FittedDateSchema = z.object({
  step: z.literal('date'),
  column: z.string(),
  parts: z.array(z.enum(DATE_PARTS)),
  /** Names of the new columns, one a part. */
  names: z.array(z.string()),
  /** The day that `elapsedDays` counts from, in days since 1970-01-01. */
  origin: z.number(),
});

const FittedScaleSchema = z.object({ step: z.literal('scale'), column: z.string(), mean: z.number(), deviation: z.number() });

/** `null`: no limit. */
const FittedClipSchema = z.object({ step: z.literal('clip'), column: z.string(), min: z.number().nullable(), max: z.number().nullable() });

const FittedLogSchema = z.object({ step: z.literal('log'), column: z.string() });

const FittedStepSchema = z.discriminatedUnion('step', [
  FittedReplaceSchema,
  FittedImputeSchema,
  FittedNumberingSchema,
  FittedOneHotSchema,
  FittedDateSchema,
  FittedScaleSchema,
  FittedClipSchema,
  FittedLogSchema,
]);

/** How a column of the file is used, for people to read. */
const ColumnUseSchema = z.object({
  name: z.string(),
  kind: KindSchema,
  use: z.enum(['feature', 'target', 'left-out']),
  detail: z.string(),
});

export const FittedPipelineSchema = z.object({
  formatVersion: z.literal(1),
  /** Columns that a file to predict must have: those that a feature depends on, and no others. */
  inputs: z.array(z.object({ name: z.string(), kind: KindSchema })),
  /** The steps that a feature depends on. */
  steps: z.array(FittedStepSchema),
  /** What the algorithm gets, in this order. `categories` where it takes categories as they are; the last one stands for all others. */
  features: z.array(z.object({ name: z.string(), categories: z.array(z.string()).optional() })),
  columns: z.array(ColumnUseSchema),
});

export type FittedReplace = z.output<typeof FittedReplaceSchema>;
export type FittedImpute = z.output<typeof FittedImputeSchema>;
export type FittedNumbering = z.output<typeof FittedNumberingSchema>;
export type FittedOneHot = z.output<typeof FittedOneHotSchema>;
export type FittedDate = z.output<typeof FittedDateSchema>;
export type FittedScale = z.output<typeof FittedScaleSchema>;
export type FittedClip = z.output<typeof FittedClipSchema>;
export type FittedLog = z.output<typeof FittedLogSchema>;
export type FittedStep = z.output<typeof FittedStepSchema>;
export type ColumnUse = z.output<typeof ColumnUseSchema>;
export type FittedPipeline = z.output<typeof FittedPipelineSchema>;
export type FittedFeature = FittedPipeline['features'][number];

/** The columns that a fitted step leaves in place of its own. */
export function columnsMadeBy(step: FittedStep): readonly string[] {
  return step.step === 'one-hot' || step.step === 'date' ? step.names : [step.column];
}

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
