/** What an ended transform job leads to, file by file. Pure: the same facts give the same actions. */
import { keys, makeEvent, type Receipt, type TransformFile, type TransformSource } from '@dropforest/contracts';
import type { Action, ObjectHead } from '@dropforest/lambda-kit';
import type { BatchCounts } from './job-log.ts';

/** A job that has ended. Times are ISO 8601, `now` is milliseconds since 1970. */
export interface EndedJob {
  readonly source: TransformSource;
  readonly status: 'Completed' | 'Failed' | 'Stopped';
  /** What SageMaker says of it, which is mostly "See job logs". */
  readonly reason: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** How often the event has been received, from 1. */
  readonly receiveCount: number;
  readonly now: number;
}

/** One file that the job was meant for. */
export interface FileFacts {
  readonly file: TransformFile;
  /** Whether the file's claim names this job: another one may have been first, or a person has asked for another run. */
  readonly isCurrent: boolean;
  readonly receipt: Receipt | undefined;
  /** What the job wrote for it. */
  readonly output: ObjectHead | undefined;
  /** What the container counted; `undefined` while its log has not arrived. */
  readonly counts: BatchCounts | undefined;
  /** Why it failed, in the words of the job's log, once that has arrived. */
  readonly told: string | undefined;
}

/** What is to be done about a file; `wait`: its log is not there yet. */
type Outcome =
  | { readonly kind: 'nothing' | 'wait' }
  | { readonly kind: 'tell'; readonly receipt: Receipt }
  | { readonly kind: 'publish'; readonly receipt: Receipt; readonly output: ObjectHead }
  | { readonly kind: 'fail'; readonly reason: string };

/** Logs arrive some seconds after the job has ended, and now and then much later. */
const FIRST_LOG_SECONDS = 10;
const MOST_LOG_SECONDS = 900;
/** A failure without words of its own is told as SageMaker tells it after so many looks at the log. */
const LOOKS_FOR_WORDS = 5;

/** Results are copied first, then receipts written, then told of: a receipt says that its result is there. */
export function decideFiles(job: EndedJob, files: readonly FileFacts[]): readonly Action[] {
  const outcomes = files.map(({ file, ...facts }) => ({ file, outcome: outcomeOf(job, { file, ...facts }) }));
  const made = outcomes.flatMap(({ file, outcome }) => (outcome.kind === 'publish' ? [{ file, ...outcome }] : []));
  return [
    ...made.map(({ receipt, output: { key, etag, size } }): Action => ({ type: 'copy', from: key, etag, size, to: receipt.predictions })),
    ...made.map(({ file, receipt }): Action => ({ type: 'write-json', key: keys.receipt(job.source.dataset, file.file, file.etag), value: receipt, condition: { ifAbsent: true } })),
    ...outcomes.flatMap(({ file, outcome }) => {
      if (outcome.kind === 'publish' || outcome.kind === 'tell') return [published(job, file, outcome.receipt)];
      return outcome.kind === 'fail' ? [failed(job, file, outcome.reason)] : [];
    }),
  ];
}

/** Whether the event has to be looked at again because of one of the files. */
export function isIncomplete(job: EndedJob, files: readonly FileFacts[]): boolean {
  return files.some((facts) => outcomeOf(job, facts).kind === 'wait');
}

/** Seconds until the log is looked at again. */
export function secondsToWaitForLog({ status, receiveCount }: EndedJob): number {
  if (status === 'Failed' && receiveCount < LOOKS_FOR_WORDS) return FIRST_LOG_SECONDS;
  return Math.min(MOST_LOG_SECONDS, FIRST_LOG_SECONDS * 2 ** (receiveCount - 1));
}

function outcomeOf(job: EndedJob, { file, isCurrent, receipt, output, counts, told }: FileFacts): Outcome {
  if (!isCurrent) return { kind: 'nothing' };
  if (receipt !== undefined) return receipt.job === job.source.job ? { kind: 'tell', receipt } : { kind: 'nothing' };
  if (output !== undefined) return counts === undefined ? { kind: 'wait' } : { kind: 'publish', output, receipt: receiptOf(job, file, counts) };
  if (job.status === 'Completed') return { kind: 'wait' };
  if (job.status === 'Failed' && told === undefined && isVague(job.reason) && job.receiveCount < LOOKS_FOR_WORDS) return { kind: 'wait' };
  return { kind: 'fail', reason: told ?? job.reason };
}

function isVague(reason: string): boolean {
  return /see job logs/i.test(reason);
}

function receiptOf({ source: { dataset, job, model }, startedAt, endedAt, now }: EndedJob, { key, etag, file, droppedAt }: TransformFile, counts: BatchCounts): Receipt {
  const predictions = keys.predictions(dataset, file, etag);
  return { key, etag, job, model, predictions, ...counts, droppedAt, startedAt, endedAt, publishedAt: new Date(now).toISOString() };
}

function published({ source: { dataset }, now }: EndedJob, { file }: TransformFile, receipt: Receipt): Action {
  const { key, etag, job, model, predictions, rows, predicted, refused } = receipt;
  const detail = { dataset, key, etag, job, modelVersion: model.version, predictions, receipt: keys.receipt(dataset, file, etag), rows, predicted, refused };
  return { type: 'emit', event: makeEvent('ResultsPublished', [job, key], now, detail) };
}

function failed({ source: { dataset, job }, now }: EndedJob, { key, etag }: TransformFile, reason: string): Action {
  const remedy = `Correct what the reason names; to predict the very same file once more: dropforest predict ${dataset} <file> --retry`;
  return { type: 'emit', event: makeEvent('PredictionFailed', [job, key], now, { dataset, key, etag, job, reason, remedy }) };
}
