/**
 * dataset.json: what a team says of its data set. Every key is optional; without the file everything is inferred. It lies
 * at `datasets/<dataset>/dataset.json` in the bucket, and its effective form (defaults filled in) reaches the container
 * in the `config` channel.
 */
import { z } from 'zod';
import { ContractError } from './errors.ts';

/** A scalar that JSON can say: what a hyperparameter may be, as far as this package knows. */
const ScalarSchema = z.union([z.string(), z.number(), z.boolean()]);

const InstanceSchema = z.strictObject({
  type: z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'must be a SageMaker instance type such as "ml.m5.large"').default('ml.m5.large'),
  volumeSizeInGB: z.int().min(1).max(16_384).default(30),
  maxRuntimeInSeconds: z.int().min(60).max(2_419_200).default(3600),
});

const EvaluationSchema = z.strictObject({
  /** Share of the rows that is held out; which ones depends on their content and the seed alone. */
  holdout: z.number().min(0).max(0.9, 'must be a fraction from 0 to 0.9').default(0.1),
  seed: z.int().min(0).max(2 ** 31 - 1).default(0),
});

const GateSchema = z.strictObject({
  /** Regression: refuse a model whose RMSE on held-out rows is above this, in units of the target. */
  maximumRmse: z.number().positive().optional(),
  /** Classification: refuse a model whose accuracy on held-out rows is below this. */
  minimumAccuracy: z.number().min(0).max(1).optional(),
  /** How much lower than the baseline's the RMSE (or log loss) must be, as a share of the baseline's. 0: any improvement. */
  minimumImprovement: z.number().min(0).max(1).default(0),
  /**
   * By how much the RMSE (or log loss) must be lower than the champion's on the same held-out rows, as a share of the
   * champion's, beyond what may be luck: the whole 95 % interval of the difference lies above it. 0: better for certain.
   * Below 0: not worse by more than that.
   */
  margin: z.number().min(-1).max(1).default(0),
});

/** A person's secret, by name only: its value never stands in a file, an event or a log. */
const SecretReferenceSchema = z.string().regex(/^(?:ssm:\/dropforest\/[\w.\/-]+|secretsmanager:dropforest\/[\w.\/-]+)$/, 'must be "ssm:/dropforest/<name>" or "secretsmanager:dropforest/<name>"');

/** Which happenings a channel hears of: `all`, or only those that a person has to do something about. */
const NotifyAboutSchema = z.enum(['all', 'problems']).default('all');

const NotifySchema = z.discriminatedUnion('channel', [
  /** To whoever subscribed to the SNS topic. */
  z.strictObject({ channel: z.literal('email'), about: NotifyAboutSchema }),
  /** The secret is the address of an incoming webhook of Slack, or of a Teams workflow. */
  z.strictObject({ channel: z.enum(['slack', 'teams']), secret: SecretReferenceSchema, about: NotifyAboutSchema }),
  /** The secret is the key that requests are signed with. */
  z.strictObject({
    channel: z.literal('webhook'),
    url: z.url({ protocol: /^https?$/ }).refine(isSafeUrl, 'must be an https address (http on this machine only)'),
    secret: SecretReferenceSchema,
    about: NotifyAboutSchema,
  }),
]);

const ColumnKindSchema = z.enum(['numeric', 'categorical', 'boolean', 'date', 'text', 'identifier', 'ignore']);

const ColumnSchema = z.strictObject({
  kind: ColumnKindSchema.optional(),
  /** Spellings that mean "no value" in this column, in place of the usual ones. A blank cell always does. */
  missing: z.array(z.string()).optional(),
  /** The decimal mark of its numbers. */
  decimal: z.enum(['.', ',']).optional(),
  /** How its dates are written, in the letters of Day.js: `DD.MM.YYYY`. */
  dateFormat: z.string().min(1).optional(),
});

const ReadingSchema = z.strictObject({
  /** Whether files have a header line; `auto`: they have one unless every cell of the first line is a number. */
  header: z.union([z.boolean(), z.literal('auto')]).default('auto'),
  /** Names of the columns where files have no header; without them they are called c0, c1, … */
  columnNames: z.array(z.string().min(1)).min(1).optional(),
});

export const OutputSchema = z.strictObject({
  /** Regression: `prediction_lower` and `prediction_upper` beside each prediction. */
  intervals: z.boolean().default(false),
  /** Share of the rows whose value the interval is to hold. */
  level: z.number().min(0.5).max(0.99).default(0.9),
  /** Classification: a column for each class beside `probability`. */
  classProbabilities: z.boolean().default(false),
  /** The model's version in each row. */
  modelVersion: z.boolean().default(false),
});

export const DatasetConfigSchema = z.strictObject({
  /** Column to predict; the file's last column where it is not given. */
  target: z.string().min(1).optional(),
  task: z.enum(['auto', 'regression', 'classification']).default('auto'),
  /** Columns that name a row and are never learned from. */
  idColumns: z.array(z.string().min(1)).default([]),
  /** What inference should not decide: the kind of a column, how it is written, or that it is left out (`ignore`). */
  columns: z.record(z.string(), z.union([ColumnKindSchema.transform((kind) => ({ kind })), ColumnSchema])).default({}),
  reading: ReadingSchema.prefault({}),
  output: OutputSchema.prefault({}),
  /** The recipe; what a step may hold is the business of `@dropforest/preprocessing/schema`. */
  steps: z.array(z.looseObject({ step: z.string() })).default([]),
  algorithm: z.string().min(1).default('forest'),
  /** What they may be is the business of the algorithm. */
  hyperparameters: z.record(z.string(), ScalarSchema).default({}),
  evaluation: EvaluationSchema.prefault({}),
  gate: GateSchema.prefault({}),
  /** Whether the gate's yes is enough (`auto`) or a person has the last word (`manual`). */
  approval: z.enum(['auto', 'manual']).default('auto'),
  instance: InstanceSchema.prefault({}),
  /** What starts a training: that no new file has come for `quietSeconds`, or a file `_SUCCESS` beside the others. */
  startOn: z.enum(['quiet', '_SUCCESS']).default('quiet'),
  /** Training starts once no new file has come for this long. */
  quietSeconds: z.int().min(0).max(900).default(5),
  /** Files to predict that come within this long of each other share a job; none waits for three times as long. 0: none waits for others. */
  predictQuietSeconds: z.int().min(0).max(900).default(1),
  /** Who hears of models and results, and how. */
  notify: z.array(NotifySchema).max(10).default([{ channel: 'email', about: 'all' }]),
  /** A training with more bad rows than this fails; with fewer they are left out and listed. */
  maxBadRows: z.int().min(0).default(100),
});

/** dataset.json with every default filled in. */
export type DatasetConfig = z.output<typeof DatasetConfigSchema>;
/** One of the ways in which people hear of a data set. */
export type NotifyChannel = DatasetConfig['notify'][number];
/** dataset.json as a person writes it. */
export type DatasetConfigInput = z.input<typeof DatasetConfigSchema>;

/**
 * Reads dataset.json.
 * @param text the file's text; `undefined` where there is no such file
 * @throws ContractError `invalid-dataset-config` naming each key that is wrong
 */
export function parseDatasetConfig(text: string | undefined): DatasetConfig {
  const result = DatasetConfigSchema.safeParse(text === undefined ? {} : parseJson(text));
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new ContractError('invalid-dataset-config', `dataset.json is not valid: ${problems.join('; ')}`, { cause: result.error });
}

/**
 * One setting by name, as a person gives it on a command line: `target`, `evaluation.holdout`, or a name that is none of
 * dataset.json's own, which is a hyperparameter of the algorithm: `nEstimators`.
 * @returns a copy of `config` with the setting in it; whether it is allowed is for `parseDatasetConfig` to say
 */
export function applySetting(config: Readonly<Record<string, unknown>>, name: string, value: unknown): Record<string, unknown> {
  const [first = '', ...rest] = name.split('.');
  const isOurs = first in DatasetConfigSchema.shape;
  return put(config, isOurs ? [first, ...rest] : ['hyperparameters', name], value);
}

function put(object: Readonly<Record<string, unknown>>, [first = '', ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  if (rest.length === 0) return { ...object, [first]: value };
  const inner = object[first];
  return { ...object, [first]: put(typeof inner === 'object' && inner !== null ? { ...inner } : {}, rest, value) };
}

/** What a word on a command line, or a HyperParameter, stands for: a JSON scalar where it reads as one, else itself. */
export function parseScalar(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? text : value;
  } catch {
    return text;
  }
}

/** Signed requests cross a network encrypted. */
function isSafeUrl(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ContractError('invalid-dataset-config', `dataset.json is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
