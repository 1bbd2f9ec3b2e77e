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

/** Two models on the same held-out rows, which neither has trained on. The figure of both is the lower, the better. */
const ComparisonCommon = {
  /** Training jobs of the two models. */
  challenger: z.string(),
  champion: z.string(),
};
/** `comparison.json` in the output of a training job that was given a champion. */
export const ComparisonSchema = z.discriminatedUnion('comparable', [
  z.object({
    comparable: z.literal(true),
    ...ComparisonCommon,
    /** `RMSE` or `log loss`. */
    figure: z.string(),
    rows: z.int(),
    challengerValue: z.number(),
    championValue: z.number(),
    /** The champion's figure less the challenger's: above 0 where the challenger is better. */
    difference: z.number(),
    /** Where the difference may lie: paired bootstrap over the rows. */
    interval: z.tuple([z.number(), z.number()]),
    /** Share of such intervals that hold the true difference. */
    level: z.number(),
  }),
  z.object({
    comparable: z.literal(false),
    ...ComparisonCommon,
    /** In plain words, without a full stop: `the target was "price"`. */
    reason: z.string(),
  }),
]);
export type Comparison = z.output<typeof ComparisonSchema>;

/** `models/<dataset>/<job>/decision.json`: what the gate said of a model. What a person says stands in the registry. */
export const DecisionSchema = z.object({
  status: z.enum(['Approved', 'Rejected', 'PendingManualApproval']),
  /** In plain words: `RMSE 1,081 against 1,095: better by 14 ± 6, approved`. */
  explanation: z.string(),
  /** Training job of the champion that the model was compared with; missing where there was none. */
  comparedWith: z.string().optional(),
  at: z.string(),
});
export type Decision = z.output<typeof DecisionSchema>;

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

/** A file of a transform job. */
const TransformFileSchema = z.object({
  key: z.string(),
  etag: z.string(),
  size: z.int(),
  file: z.string(),
  snapshot: z.string(),
  /** SHA-256 of its content, base64: the container's log names requests by it. */
  sha256: z.string(),
  /** How often a person has asked for its result. */
  attempt: z.int().min(1),
  /** When it was dropped, ISO 8601. */
  droppedAt: z.string(),
});
export type TransformFile = z.output<typeof TransformFileSchema>;

/**
 * `jobs/<job>/source.json`: the files that a transform job is meant for. It predicts those whose claim names it; the
 * others were claimed by another job first.
 */
export const TransformSourceSchema = z.object({ dataset: z.string(), job: z.string(), model: ModelReferenceSchema, files: z.array(TransformFileSchema), at: z.string() });
export type TransformSource = z.output<typeof TransformSourceSchema>;

/** `jobs/slots/<n>.json`: the place is this job's until the job has ended. */
export const SlotSchema = z.object({ job: z.string(), at: z.string() });
export type Slot = z.output<typeof SlotSchema>;

/** `results/<dataset>/<file>/<etag>/claim.json`: this content of the file is predicted by this job and no other. */
export const ClaimSchema = TransformFileSchema.extend({
  dataset: z.string(),
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
  /** When the file was dropped, its job started and ended, and its results were published. ISO 8601. */
  droppedAt: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  publishedAt: z.string(),
});
export type Receipt = z.output<typeof ReceiptSchema>;

/**
 * The line that the container logs for each batch request it has answered. CloudWatch Logs carries it to the receipt:
 * no table data, and no access to S3 from the container.
 */
export const BatchLogLineSchema = z.object({
  event: z.literal('batch-request'),
  /** SHA-256 of the request's body, base64: which file it was. */
  sha256: z.string(),
  rows: z.int(),
  predicted: z.int(),
  refused: z.int(),
});
export type BatchLogLine = z.output<typeof BatchLogLineSchema>;

/**
 * `jobs/<job>/config/job.json`, in the training job's `config` channel beside dataset.json: what the job is of. With
 * `compare` it trains nothing: the model of that training job (channel `challenger`) is held against the champion's.
 */
export const TrainingRequestSchema = z.object({ dataset: z.string(), lineage: LineageSchema, compare: z.object({ challenger: z.string() }).optional() });
export type TrainingRequest = z.output<typeof TrainingRequestSchema>;
