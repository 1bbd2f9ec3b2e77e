/**
 * `manifest.json`: the head of a model artifact. Who holds it can tell what the model needs, how good it is and where
 * it comes from, without loading the model. The fitted preprocessing inside is opaque here.
 */
import { z } from 'zod';

const RegressionMetricsSchema = z.object({
  rmse: z.number(),
  mae: z.number(),
  r2: z.number(),
  rows: z.int(),
});
export type RegressionMetrics = z.output<typeof RegressionMetricsSchema>;

export const ModelMetricsSchema = z.object({
  /** On rows that no part of the model has seen. Missing where too few were held out to say anything. */
  holdout: RegressionMetricsSchema.optional(),
  /** On training rows, each by the trees that had not seen it. */
  outOfBag: RegressionMetricsSchema.optional(),
  /** Predicting the training mean, on the same rows as the figure it stands beside: `holdout`, else `outOfBag`. */
  baseline: RegressionMetricsSchema,
});
export type ModelMetrics = z.output<typeof ModelMetricsSchema>;

/** The figures a model is judged by, and whether they are of held-out rows. */
export function judgedBy(metrics: ModelMetrics): { readonly source: 'holdout' | 'out-of-bag'; readonly metrics: RegressionMetrics } | undefined {
  if (metrics.holdout !== undefined) return { source: 'holdout', metrics: metrics.holdout };
  if (metrics.outOfBag !== undefined) return { source: 'out-of-bag', metrics: metrics.outOfBag };
  return undefined;
}

const SourceFileSchema = z.object({
  /** Key of the file that was dropped. */
  key: z.string(),
  etag: z.string(),
  /** Key of the copy that the job read. */
  snapshot: z.string(),
});

/** Where a model comes from. Missing where the container was started by hand. */
export const LineageSchema = z.object({
  job: z.string(),
  image: z.string(),
  files: z.array(SourceFileSchema),
});
export type Lineage = z.output<typeof LineageSchema>;

export const ModelManifestSchema = z.object({
  formatVersion: z.literal(1),
  dataset: z.string(),
  task: z.enum(['regression', 'classification']),
  target: z.string(),
  algorithm: z.string(),
  hyperparameters: z.record(z.string(), z.unknown()),
  schema: z.object({
    columns: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['numeric', 'categorical']),
        /** Whether a file to predict must have it. */
        required: z.boolean(),
      }),
    ),
  }),
  preprocessing: z.unknown(),
  metrics: ModelMetricsSchema,
  rows: z.object({ read: z.int(), trained: z.int(), heldOut: z.int(), leftOut: z.int() }),
  lineage: LineageSchema.optional(),
});
export type ModelManifest = z.output<typeof ModelManifestSchema>;

/** The columns without which a row cannot be predicted. */
export function requiredColumns(manifest: ModelManifest): readonly string[] {
  return manifest.schema.columns.filter((column) => column.required).map((column) => column.name);
}
