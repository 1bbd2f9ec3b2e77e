/**
 * `manifest.json`: the head of a model artifact. Who holds it can tell what the model needs, how good it is and where
 * it comes from, without loading the model. The fitted preprocessing inside is opaque here.
 */
import { z } from 'zod';
import { OutputSchema } from './dataset-config.ts';

/** From where to where a figure may lie: 95 % bootstrap interval over the rows. */
const IntervalSchema = z.tuple([z.number(), z.number()]);

const RegressionMetricsSchema = z.object({
  rmse: z.number(),
  mae: z.number(),
  r2: z.number(),
  rows: z.int(),
  /** Missing where the rows are too few to resample. */
  intervals: z.object({ rmse: IntervalSchema, mae: IntervalSchema, r2: IntervalSchema }).optional(),
});
export type RegressionMetrics = z.output<typeof RegressionMetricsSchema>;

const ClassificationMetricsSchema = z.object({
  accuracy: z.number(),
  /** Mean negative logarithm of the probability of the true class, natural. */
  logLoss: z.number(),
  /** Area under the ROC curve; for more than two classes the mean of one class against the others. Missing where a class has no rows. */
  auc: z.number().optional(),
  rows: z.int(),
  intervals: z.object({ accuracy: IntervalSchema, logLoss: IntervalSchema, auc: IntervalSchema.optional() }).optional(),
});
export type ClassificationMetrics = z.output<typeof ClassificationMetricsSchema>;

const metricsOf = <T extends z.ZodType>(figures: T) => ({
  /** On rows that no part of the model has seen. Missing where too few were held out to say anything. */
  holdout: figures.optional(),
  /** On training rows, each by the trees that had not seen it. */
  outOfBag: figures.optional(),
  /** The naive prediction, on the same rows as the figure it stands beside: `holdout`, else `outOfBag`. */
  baseline: figures,
});

export const ModelMetricsSchema = z.discriminatedUnion('task', [
  /** The baseline predicts the training mean. */
  z.object({
    task: z.literal('regression'),
    ...metricsOf(RegressionMetricsSchema),
    /** Share of held-out rows that lie in their prediction interval, which is meant to hold `level` of them. */
    coverage: z.object({ level: z.number(), share: z.number(), rows: z.int() }).optional(),
  }),
  /** The baseline predicts the training shares of the classes. */
  z.object({ task: z.literal('classification'), ...metricsOf(ClassificationMetricsSchema) }),
]);
export type ModelMetrics = z.output<typeof ModelMetricsSchema>;

/** What was tried where hyperparameters were left to the algorithm. */
const TuningSchema = z.object({
  /** What settings were compared by on out-of-bag rows, the lower the better: `RMSE`, `Brier score`. */
  figure: z.string(),
  /** The hyperparameters that were left to it, as it chose them. */
  chosen: z.record(z.string(), z.unknown()),
  /** The best first. */
  trials: z.array(
    z.object({
      hyperparameters: z.record(z.string(), z.unknown()),
      /** Trees that they were last tried with. */
      trees: z.int(),
      /** Missing where there were too few rows. */
      value: z.number().optional(),
      /** Whether they were given up early. */
      stopped: z.boolean(),
    }),
  ),
});
export type ManifestTuning = z.output<typeof TuningSchema>;

/** The one figure that a model is judged by: the lower, the better. */
export interface Judgement {
  readonly source: 'holdout' | 'out-of-bag';
  readonly rows: number;
  /** `RMSE` or `log loss`. */
  readonly figure: string;
  readonly value: number;
  readonly baseline: number;
  /** What the baseline does: `predicting the mean`. */
  readonly naive: string;
}

/** `undefined` where there is nothing to judge by. */
export function judgedBy(metrics: ModelMetrics): Judgement | undefined {
  const source = metrics.holdout === undefined ? 'out-of-bag' : 'holdout';
  if (metrics.task === 'regression') {
    const figures = metrics.holdout ?? metrics.outOfBag;
    if (figures === undefined) return undefined;
    return { source, rows: figures.rows, figure: 'RMSE', value: figures.rmse, baseline: metrics.baseline.rmse, naive: 'predicting the mean' };
  }
  const figures = metrics.holdout ?? metrics.outOfBag;
  if (figures === undefined) return undefined;
  return { source, rows: figures.rows, figure: 'log loss', value: figures.logLoss, baseline: metrics.baseline.logLoss, naive: 'predicting the shares of the classes' };
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

/** One column of the training rows. */
const ColumnProfileSchema = z.object({
  name: z.string(),
  kind: z.string(),
  /** Share of rows without a value. */
  missing: z.number(),
  /** Of numbers (dates as days since 1970): at 0, 5, 25, 50, 75, 95 and 100 %. */
  quantiles: z.array(z.number()).optional(),
  /** Of categories: the most frequent ones and their share of the rows. */
  levels: z.array(z.object({ value: z.string(), share: z.number() })).optional(),
});
export type ColumnProfile = z.output<typeof ColumnProfileSchema>;

export const ModelManifestSchema = z.object({
  formatVersion: z.literal(1),
  dataset: z.string(),
  task: z.enum(['regression', 'classification']),
  target: z.string(),
  algorithm: z.string(),
  /** Complete: with them the same rows give the same model. */
  hyperparameters: z.record(z.string(), z.unknown()),
  /** Missing where nothing was left to the algorithm. */
  tuning: TuningSchema.optional(),
  /** The classes in the order of their probabilities; classification only. */
  classes: z.array(z.string()).optional(),
  /** Share of each class among the training rows. */
  classShares: z.array(z.number()).optional(),
  schema: z.object({
    columns: z.array(
      // How a column is written is the business of whoever reads tables.
      z.looseObject({
        name: z.string(),
        kind: z.string(),
        /** Whether a file to predict must have it. */
        required: z.boolean(),
      }),
    ),
    /** Whether files have a header line. */
    header: z.boolean().default(true),
    /** Every column of the training files in their order: what columns are called in files without a header. */
    fileColumns: z.array(z.string()).default([]),
  }),
  preprocessing: z.unknown(),
  metrics: ModelMetricsSchema,
  rows: z.object({ read: z.int(), trained: z.int(), heldOut: z.int(), leftOut: z.int() }),
  /** Which rows are held out: those whose hash under the seed is below the fraction. Missing in old artifacts. */
  holdout: z.object({ fraction: z.number(), seed: z.int() }).optional(),
  /** What a reader of the figures should know, in sentences. */
  notes: z.array(z.string()).default([]),
  /** What the training rows were like, to hold later files against. */
  profile: z.array(ColumnProfileSchema).default([]),
  /** What each row of an answer gets besides its prediction. */
  output: OutputSchema.prefault({}),
  /** How wide prediction intervals are; regression only. Opaque here. */
  intervals: z.unknown().optional(),
  lineage: LineageSchema.optional(),
});
export type ModelManifest = z.output<typeof ModelManifestSchema>;

/** The columns without which a row cannot be predicted. */
export function requiredColumns(manifest: ModelManifest): readonly string[] {
  return manifest.schema.columns.filter((column) => column.required).map((column) => column.name);
}

/**
 * What the columns of a file without a header are called: as in the training files, with or without the target.
 * @param width how many columns the file has
 */
export function positionalNames({ schema: { fileColumns }, target }: ModelManifest, width: number): readonly string[] {
  return width === fileColumns.length ? fileColumns : fileColumns.filter((name) => name !== target);
}
