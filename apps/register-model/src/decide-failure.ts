/** What a training job that failed or was stopped leads to. Pure: the same facts give the same actions. */
import { keys, makeEvent } from '@dropforest/contracts';
import type { Action } from '@dropforest/lambda-kit';

export interface FailureFacts {
  readonly dataset: string;
  readonly job: string;
  readonly status: 'Failed' | 'Stopped';
  readonly secondaryStatus: string;
  readonly reason: string | undefined;
  /** Whether it left a model, or part of one: a job that is stopped has two minutes to write what it has. */
  readonly hasModel: boolean;
  readonly now: number;
}

export function decideFailure({ dataset, job, status, secondaryStatus, reason = stopReason(secondaryStatus), hasModel, now }: FailureFacts): readonly Action[] {
  const partial = hasModel ? `. The model that it had by then was not registered; it lies at ${keys.modelArtifact(job)}` : '';
  const remedy = `${remedyFor(secondaryStatus, reason, dataset)}${partial}`;
  return [{ type: 'emit', event: makeEvent('TrainingFailed', [job], now, { dataset, job, status, reason, remedy }) }];
}

function stopReason(secondaryStatus: string): string {
  return secondaryStatus === 'MaxRuntimeExceeded' ? 'the job took longer than it may (MaxRuntimeExceeded)' : `the job was stopped (${secondaryStatus})`;
}

/** What SageMaker writes in front of a reason says whose trouble it was. */
function remedyFor(secondaryStatus: string, reason: string, dataset: string): string {
  const again = `dropforest train ${dataset} <file> --retry`;
  if (secondaryStatus === 'MaxRuntimeExceeded') return 'Raise instance.maxRuntimeInSeconds in dataset.json, or take a larger instance.type, and drop the file again';
  if (secondaryStatus === 'Stopped') return `Somebody stopped the job; to run it once more: ${again}`;
  if (/^(?:InternalServerError|CapacityError)/.test(reason)) return `The trouble was AWS's own; run the very same job once more, later or with another instance.type: ${again}`;
  return `Correct what the reason names, in the file or in dataset.json, and drop the file again; to run the very same job once more: ${again}`;
}
