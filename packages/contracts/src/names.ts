/**
 * Job names. SageMaker gives jobs no idempotency token: a name that follows from the inputs is what keeps a job from
 * running twice. `df-<dataset>-<digest>-<attempt>`, at most 43 of the 63 characters allowed.
 */
import { createHash } from 'node:crypto';
import type { DatasetConfig } from './dataset-config.ts';

/** The parts of a job's name. `base` is the name without its attempt. */
export interface JobName {
  readonly dataset: string;
  readonly digest: string;
  readonly attempt: number;
  readonly base: string;
}

/** What a training job's name stands for. The order of the files does not matter. */
export interface TrainingInputs {
  readonly files: readonly { readonly key: string; readonly etag: string }[];
  readonly config: DatasetConfig;
  readonly image: string;
}

/** What a transform job's name stands for. The order of the files does not matter. */
export interface TransformInputs {
  /** `attempt` is how often a person has asked for the file's result. */
  readonly files: readonly { readonly key: string; readonly etag: string; readonly attempt: number }[];
  /** Name of the SageMaker model. */
  readonly model: string;
}

/** What the name of a job that only compares two models stands for. */
export interface ComparisonInputs {
  /** Training jobs of the two models. */
  readonly challenger: string;
  readonly champion: string;
}

const DIGEST_LENGTH = 12;
const JOB_NAME = /^(df-([a-z0-9-]+)-([0-9a-f]{12}))-([1-9][0-9]*)$/;

/**
 * `df-<dataset>-<digest>`: the same inputs give the same name, anything else another. When to start and who hears of it
 * are no inputs of a model.
 */
export function trainingJobBase(dataset: string, { files, config, image }: TrainingInputs): string {
  const { startOn: _startOn, quietSeconds: _quiet, predictQuietSeconds: _predictQuiet, notify: _notify, ...settings } = config;
  const told = files.map(({ key, etag }) => `${key}\n${etag}`).sort();
  return `df-${dataset}-${digest({ files: told, config: settings, image })}`;
}

export function transformJobBase(dataset: string, { files, model }: TransformInputs): string {
  const told = files.map(({ key, etag, attempt }) => `${key}\n${etag}\n${attempt}`).sort();
  return `df-${dataset}-${digest({ files: told, model })}`;
}

/** A training job that trains nothing: it holds a model against a champion that came after its own training. */
export function comparisonJobBase(dataset: string, { challenger, champion }: ComparisonInputs): string {
  return `df-${dataset}-${digest({ challenger, champion })}`;
}

export function jobName(base: string, attempt: number): string {
  return `${base}-${attempt}`;
}

/** The parts of a job's name; `undefined` where the job is not one of ours. */
export function parseJobName(name: string): JobName | undefined {
  const match = JOB_NAME.exec(name);
  const [, base, dataset, hash, attempt] = match ?? [];
  if (base === undefined || dataset === undefined || hash === undefined) return undefined;
  return { base, dataset, digest: hash, attempt: Number(attempt) };
}

/** Name of the model package group, which holds the versions of a data set's model. */
export function modelPackageGroup(dataset: string): string {
  return `df-${dataset}`;
}

/** What a training file is held against: dataset.json as it was written. With another, a verdict counts no longer. */
export function trainingSettings(configText: string | undefined): string {
  return digest(configText ?? null);
}

/** What a file to predict is held against: the model of this training job, or none yet. */
export function predictionSettings(championJob: string | undefined): string {
  return digest(championJob ?? null);
}

/** The first 48 bits of the SHA-256 of a value's JSON, keys sorted, so that spelling does not matter. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(sorted(value))).digest('hex').slice(0, DIGEST_LENGTH);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]));
}
