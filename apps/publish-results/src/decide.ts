/** What a finished transform job leads to. Pure: the same facts give the same actions. */
import { keys, makeEvent, type BatchLogLine, type Claim, type Receipt } from '@dropforest/contracts';
import type { Action, ObjectHead } from '@dropforest/lambda-kit';

export interface PublicationFacts {
  /** What the job was started for. */
  readonly claim: Claim;
  /** Whether the file's claim still names this job; a person may have asked for another run. */
  readonly isCurrent: boolean;
  readonly receipt: Receipt | undefined;
  /** What the job wrote. */
  readonly outputs: readonly ObjectHead[];
  /** What the container counted; `undefined` while its log has not arrived. */
  readonly counts: Omit<BatchLogLine, 'event'> | undefined;
  /** How often the event has been received, from 1. */
  readonly receiveCount: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly now: number;
}

/** Logs arrive some seconds after the job has ended, and now and then much later. */
const FIRST_LOG_SECONDS = 10;
const MOST_LOG_SECONDS = 900;
/** A failure without words of its own is told as SageMaker tells it after so many looks at the log. */
const LOOKS_FOR_WORDS = 5;

export function decidePublication(facts: PublicationFacts): readonly Action[] {
  const { claim, isCurrent, receipt, outputs, counts } = facts;
  if (!isCurrent) return [];
  if (receipt !== undefined) return receipt.job === claim.job ? [published(receipt, facts)] : [];
  const [output] = outputs;
  if (output === undefined || counts === undefined) return [waitForLog(claim.job, facts.receiveCount)];
  const { dataset, file, key, etag, job, model } = claim;
  const predictions = keys.predictions(dataset, file, etag);
  const made: Receipt = { key, etag, job, model, predictions, ...counts, startedAt: facts.startedAt, endedAt: facts.endedAt };
  return [
    { type: 'copy', from: output.key, etag: output.etag, to: predictions },
    { type: 'write-json', key: keys.receipt(dataset, file, etag), value: made, condition: { ifAbsent: true } },
    published(made, facts),
  ];
}

function published(receipt: Receipt, { claim: { dataset, file }, now }: PublicationFacts): Action {
  const { key, etag, job, model, predictions, rows, predicted, refused } = receipt;
  const detail = { dataset, key, etag, job, modelVersion: model.version, predictions, receipt: keys.receipt(dataset, file, etag), rows, predicted, refused };
  return { type: 'emit', event: makeEvent('ResultsPublished', [job], now, detail) };
}

function waitForLog(job: string, receiveCount: number): Action {
  const seconds = Math.min(MOST_LOG_SECONDS, FIRST_LOG_SECONDS * 2 ** Math.min(10, receiveCount - 1));
  return { type: 'wait', seconds, why: `the output or the log of ${job} is not there yet` };
}

export interface FailureFacts {
  readonly claim: Claim;
  /** What SageMaker says of it, which is mostly "See job logs". */
  readonly status: string;
  /** What the job's log says, once it has arrived. */
  readonly told: string | undefined;
  /** Whether it failed; a job that was stopped has nothing to say. */
  readonly isFailed: boolean;
  readonly receiveCount: number;
  readonly now: number;
}

export function decideFailure({ claim: { dataset, key, etag, job }, status, told, isFailed, receiveCount, now }: FailureFacts): readonly Action[] {
  if (isFailed && told === undefined && receiveCount < LOOKS_FOR_WORDS) return [{ type: 'wait', seconds: FIRST_LOG_SECONDS, why: `the log of ${job} is not there yet` }];
  const reason = told ?? status;
  const remedy = `Correct what the reason names; to predict the very same file once more: dropforest predict ${dataset} <file> --retry`;
  return [{ type: 'emit', event: makeEvent('PredictionFailed', [job], now, { dataset, key, etag, job, reason, remedy }) }];
}
