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
  readonly startedAt: string;
  readonly endedAt: string;
  readonly now: number;
}

/** Logs arrive some seconds after the job has ended. */
const LOG_SECONDS = 10;

export function decidePublication(facts: PublicationFacts): readonly Action[] {
  const { claim, isCurrent, receipt, outputs, counts } = facts;
  if (!isCurrent) return [];
  if (receipt !== undefined) return receipt.job === claim.job ? [published(receipt, facts)] : [];
  const [output] = outputs;
  if (output === undefined || counts === undefined) return [{ type: 'wait', seconds: LOG_SECONDS, why: `the output or the log of ${claim.job} is not there yet` }];
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

export interface FailureFacts {
  readonly claim: Claim;
  readonly reason: string;
  readonly now: number;
}

export function decideFailure({ claim: { dataset, key, etag, job }, reason, now }: FailureFacts): readonly Action[] {
  const remedy = `Correct what the reason names; to predict the very same file once more: dropforest predict ${dataset} <file> --retry`;
  return [{ type: 'emit', event: makeEvent('PredictionFailed', [job], now, { dataset, key, etag, job, reason, remedy }) }];
}
