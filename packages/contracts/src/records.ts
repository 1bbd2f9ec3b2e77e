/** Small JSON objects in the bucket that carry the truth between events. All of them are written by the system. */
import { z } from 'zod';
import { LineageSchema } from './model-manifest.ts';

/** See `UploadProblem`. */
export const UploadProblemSchema = z.object({ code: z.string(), message: z.string(), remedy: z.string(), line: z.int().optional(), column: z.string().optional() });

/** `rejected/…/<etag>.json`: why a file was refused at the door. */
export const VerdictSchema = z.object({
  key: z.string(),
  etag: z.string(),
  at: z.string(),
  /** Digest of what the file was held against; when that has changed, the verdict counts no longer. */
  settings: z.string(),
  problem: UploadProblemSchema,
});
export type Verdict = z.output<typeof VerdictSchema>;

/** `…/attempt.json`: how often a person has asked for the same thing. Missing: once. */
export const AttemptSchema = z.object({ attempt: z.int().min(1) });

/** `models/<dataset>/<job>/registration.json`: the registration of a training job's model is done. */
export const RegistrationSchema = z.object({
  job: z.string(),
  model: z.string(),
  modelPackageArn: z.string(),
  version: z.int().min(1),
});
export type Registration = z.output<typeof RegistrationSchema>;

/** `models/<dataset>/champion.json`: the model that predicts. */
export const ChampionSchema = RegistrationSchema.extend({
  promotedAt: z.string(),
  /** The champion before. */
  previousVersion: z.int().optional(),
});
export type Champion = z.output<typeof ChampionSchema>;

const ModelReferenceSchema = z.object({
  /** Name of the SageMaker model, which is the name of its training job. */
  name: z.string(),
  version: z.int().min(1),
  modelPackageArn: z.string(),
});

/** `results/<dataset>/<file>/<etag>/claim.json`: this content of the file is predicted by this job and no other. */
export const ClaimSchema = z.object({
  key: z.string(),
  etag: z.string(),
  size: z.int(),
  dataset: z.string(),
  file: z.string(),
  snapshot: z.string(),
  job: z.string(),
  model: ModelReferenceSchema,
  at: z.string(),
});
export type Claim = z.output<typeof ClaimSchema>;

/** `results/<dataset>/<file>/<etag>/receipt.json`: the file is done. */
export const ReceiptSchema = z.object({
  key: z.string(),
  etag: z.string(),
  job: z.string(),
  model: ModelReferenceSchema,
  /** Key of the joined predictions. */
  predictions: z.string(),
  /** Rows of the file; each is either predicted or refused with a note. */
  rows: z.int(),
  predicted: z.int(),
  refused: z.int(),
  startedAt: z.string(),
  endedAt: z.string(),
});
export type Receipt = z.output<typeof ReceiptSchema>;

/**
 * The line that the container logs for each batch request it has answered. CloudWatch Logs carries it to the receipt:
 * no table data, and no access to S3 from the container.
 */
export const BatchLogLineSchema = z.object({
  event: z.literal('batch-request'),
  rows: z.int(),
  predicted: z.int(),
  refused: z.int(),
});
export type BatchLogLine = z.output<typeof BatchLogLineSchema>;

/** `jobs/<job>/config/job.json`, in the training job's `config` channel beside dataset.json: what the job is of. */
export const TrainingRequestSchema = z.object({ dataset: z.string(), lineage: LineageSchema });
export type TrainingRequest = z.output<typeof TrainingRequestSchema>;
