/** What is to be done about files to predict. Pure: the same facts give the same actions. */
import { keys, makeEvent, type Claim, type TransformFile, type TransformSource, type UploadProblem } from '@dropforest/contracts';
import { refuse, type Action, type ObjectHead } from '@dropforest/lambda-kit';
import { chooseSlot, takeSlot, type JobState, type SlotFacts } from './slots.ts';
import { inputManifest, transformJobInput } from './transform-job.ts';
import { growingSeconds } from './waiting.ts';

/** A file whose head was held against the model's needs. */
export interface InspectedFile {
  readonly dataset: string;
  /** Key of the file below the data set's folder. */
  readonly file: string;
  readonly object: ObjectHead;
  /** Why the file cannot be predicted. */
  readonly problem: UploadProblem | undefined;
  /** Digest of what it was held against. */
  readonly settings: string;
}

export function refuseFile({ dataset, file, object, problem, settings }: InspectedFile, now: number): readonly Action[] {
  return problem === undefined ? [] : refuse({ ...object, zone: 'predict', dataset, file, settings, problem }, now);
}

/** A file that came before any model was approved. */
export function decideWithoutModel(inspected: InspectedFile, now: number): readonly Action[] {
  if (inspected.problem !== undefined) return refuseFile(inspected, now);
  const { dataset, object: { key, etag } } = inspected;
  const reason = `${dataset} has no approved model yet; the file is predicted as soon as there is one`;
  return [{ type: 'emit', event: makeEvent('PredictionWaiting', [key, etag], now, { dataset, key, etag, reason }) }];
}

/** From its claims to its job a batch takes some seconds; who comes meanwhile waits, and does not do the same again. */
const USUAL_START_SECONDS = 10;

/** What is left to do for a file that is claimed. `undefined`: to start the job, which somebody has begun and not ended. */
export function decideClaimed(claim: Claim, state: JobState, now: number): readonly Action[] | undefined {
  if (state !== 'not-found') return [];
  const seconds = Math.ceil((Date.parse(claim.at) - now) / 1000) + USUAL_START_SECONDS;
  return seconds > 0 ? [{ type: 'wait', seconds, why: `${claim.job} is being started` }] : undefined;
}

/** A job whose files are claimed. */
export interface JobFacts {
  readonly source: TransformSource;
  /** The files that are the job's; others that it was meant for are predicted by another one. */
  readonly files: readonly TransformFile[];
  readonly slots: readonly SlotFacts[];
  readonly receiveCount: number;
  readonly bucket: string;
  readonly now: number;
}

/**
 * The list of its files, a place, everybody is told, and then the job itself: whoever is cut off before it exists comes
 * back to create it, and afterwards nothing is left to be done.
 */
export function decideJob({ source, files, slots, receiveCount, bucket, now }: JobFacts): readonly Action[] {
  const { dataset, job } = source;
  if (files.length === 0) return [];
  const list: Action = { type: 'write-json', key: keys.inputManifest(job), value: inputManifest(dataset, files, bucket) };
  const slot = chooseSlot(slots, job, now);
  if (slot === undefined) return [list, waitForSlot(receiveCount, job)];
  return [
    list,
    ...takeSlot(slot, job, now),
    ...files.map((file) => started(source, file, now)),
    { type: 'create-transform-job', input: transformJobInput(source, files, bucket) },
  ];
}

/** @param message what tells the message that waits from others */
export function waitForSlot(receiveCount: number, message: string): Action {
  return { type: 'wait', seconds: growingSeconds(receiveCount, message), why: 'as many transform jobs run as may' };
}

function started({ dataset, job, model }: Pick<TransformSource, 'dataset' | 'job' | 'model'>, { key, etag }: Pick<TransformFile, 'key' | 'etag'>, now: number): Action {
  return { type: 'emit', event: makeEvent('PredictionStarted', [job, key], now, { dataset, key, etag, job, modelVersion: model.version }) };
}
