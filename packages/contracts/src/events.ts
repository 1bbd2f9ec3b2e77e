/**
 * The events that Dropforest puts on its bus: source `dropforest`, one detail-type a happening.
 *
 * Delivery is at least once. `detail.id` names the happening, not the delivery: the same happening told twice has the
 * same id, so a consumer that remembers ids acts once.
 */
import { z } from 'zod';
import { digest } from './names.ts';
import { ModelMetricsSchema } from './model-manifest.ts';
import { UploadProblemSchema, type Champion } from './records.ts';

export const EVENT_SOURCE = 'dropforest';

const common = {
  /** Version of the event's shape. */
  version: z.literal('1'),
  id: z.string(),
  dataset: z.string(),
  /** When it was told, ISO 8601 with milliseconds. */
  at: z.string(),
};
const upload = { key: z.string(), etag: z.string() };
const problem = { reason: z.string(), remedy: z.string() };
const registered = { job: z.string(), modelPackageArn: z.string(), modelVersion: z.int() };

export const eventDetails = {
  /** `files` are the first hundred: an event has room for so much. The job's lineage has all of them. */
  TrainingStarted: z.object({ ...common, job: z.string(), files: z.array(z.object(upload)), fileCount: z.int() }),
  TrainingFailed: z.object({ ...common, job: z.string(), status: z.enum(['Failed', 'Stopped']), ...problem }),
  ModelRegistered: z.object({
    ...common,
    ...registered,
    metrics: ModelMetricsSchema,
    decision: z.object({ status: z.enum(['Approved', 'Rejected', 'PendingManualApproval']), explanation: z.string() }),
  }),
  ModelRejected: z.object({ ...common, ...registered, explanation: z.string() }),
  ModelPromoted: z.object({ ...common, ...registered, previousVersion: z.int().optional() }),
  UploadRejected: z.object({
    ...common,
    ...upload,
    /** Key of the verdict. */
    verdict: z.string(),
    problem: UploadProblemSchema,
  }),
  PredictionWaiting: z.object({ ...common, ...upload, reason: z.string() }),
  PredictionStarted: z.object({ ...common, ...upload, job: z.string(), modelVersion: z.int() }),
  PredictionFailed: z.object({ ...common, ...upload, job: z.string(), ...problem }),
  ResultsPublished: z.object({
    ...common,
    ...upload,
    job: z.string(),
    modelVersion: z.int(),
    predictions: z.string(),
    receipt: z.string(),
    rows: z.int(),
    predicted: z.int(),
    refused: z.int(),
  }),
};

export type EventType = keyof typeof eventDetails;
/** An event as it is put on the bus. */
export type DropforestEvent = { [T in EventType]: { readonly type: T; readonly detail: z.output<(typeof eventDetails)[T]> } }[EventType];
type DetailOf<T extends EventType> = Extract<DropforestEvent, { readonly type: T }>['detail'];
type Told = 'version' | 'id' | 'at';

/**
 * Makes an event. What tells happenings apart: a training job's events its name, a file's events of a transform job the
 * job and the key, a promotion the ARN of the package and when it was promoted, a rejection the ARN and the words, a
 * refusal the key, the etag, the settings and the problem's code, a waiting file its key and etag.
 * @param happening what tells this happening from every other of its type, for `detail.id`
 * @param at when, in milliseconds since 1970
 */
export function makeEvent<T extends EventType>(type: T, happening: readonly (string | number)[], at: number, detail: Omit<DetailOf<T>, Told>): DropforestEvent {
  const told = { version: '1', id: happeningId(type, happening), at: new Date(at).toISOString(), ...detail };
  return parseEvent(type, told);
}

/** A version may come to predict more than once, after a rollback. */
export function promotionHappening({ modelPackageArn, promotedAt }: Pick<Champion, 'modelPackageArn' | 'promotedAt'>): readonly string[] {
  return [modelPackageArn, promotedAt];
}

/** A version may be rejected more than once, by others and for another reason. @param words its ApprovalDescription */
export function rejectionHappening(modelPackageArn: string, words: string): readonly string[] {
  return [modelPackageArn, words];
}

/** `detail.id` of a happening. */
export function happeningId(type: EventType, happening: readonly (string | number)[]): string {
  return `${type}-${digest(happening)}`;
}

/** @throws z.ZodError when the detail is not of the type's shape */
export function parseEvent(type: EventType, detail: unknown): DropforestEvent {
  return DropforestEventSchema.parse({ type, detail });
}

const variants = <T extends EventType>(type: T) => z.object({ type: z.literal(type), detail: eventDetails[type] });

export const DropforestEventSchema = z.discriminatedUnion('type', [
  variants('TrainingStarted'),
  variants('TrainingFailed'),
  variants('ModelRegistered'),
  variants('ModelRejected'),
  variants('ModelPromoted'),
  variants('UploadRejected'),
  variants('PredictionWaiting'),
  variants('PredictionStarted'),
  variants('PredictionFailed'),
  variants('ResultsPublished'),
]);

/** One of our events in EventBridge's envelope. */
export const DropforestEnvelopeSchema = z
  .object({ source: z.literal(EVENT_SOURCE), 'detail-type': z.string(), detail: z.unknown() })
  .transform((envelope) => ({ type: envelope['detail-type'], detail: envelope.detail }))
  .pipe(DropforestEventSchema);
