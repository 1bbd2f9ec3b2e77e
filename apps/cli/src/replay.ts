/** What becomes of a file to predict that has no result. Pure: the same facts give the same answer. */

/** How the transform job of a claim stands: as SageMaker says, or that it knows none of the name. */
export type ClaimedJobStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped' | 'Missing';

/** A file that lies under `predict/`, as the bucket has it now. */
export interface ReplayFacts {
  readonly hasReceipt: boolean;
  /** Why it is refused, as long as nothing has changed that it was held against. */
  readonly refusal: string | undefined;
  readonly hasChampion: boolean;
  readonly claimed: ClaimFacts | undefined;
}

export interface ClaimFacts {
  readonly job: string;
  readonly status: ClaimedJobStatus;
  /** Whether the job wrote something for this file. */
  readonly hasOutput: boolean;
  /** Whether it was told that this file failed. */
  readonly hasFailed: boolean;
}

export interface ReplayDecision {
  /**
   * `leave`: nothing is to be done. `send`: its own event goes to start-transform once more. `publish`: the end of its
   * job goes to publish-results once more. `ask-again`: its claim is let go, under the next attempt, and its event sent.
   */
  readonly action: 'done' | 'leave' | 'send' | 'publish' | 'ask-again';
  /** In plain words. */
  readonly why: string;
}

export function decideReplay({ hasReceipt, refusal, hasChampion, claimed }: ReplayFacts): ReplayDecision {
  if (hasReceipt) return { action: 'done', why: 'it has its result' };
  if (claimed !== undefined) return decideClaimed(claimed);
  if (refusal !== undefined) return { action: 'leave', why: `it was refused: ${refusal}` };
  return { action: 'send', why: hasChampion ? 'no job has it' : 'no job has it, and there is no model yet: it will wait for one' };
}

function decideClaimed({ job, status, hasOutput, hasFailed }: ClaimFacts): ReplayDecision {
  switch (status) {
    case 'InProgress':
    case 'Stopping':
      return { action: 'leave', why: `transform job ${job} is running` };
    case 'Missing':
      return { action: 'send', why: `transform job ${job} is yet to be started` };
    case 'Completed':
    case 'Failed':
    case 'Stopped':
      return decideEnded(job, status, hasOutput, hasFailed);
  }
}

/** A job that ended well without this file's result will say no more of it; of one that failed somebody has to be told why. */
function decideEnded(job: string, status: string, hasOutput: boolean, hasFailed: boolean): ReplayDecision {
  const isOpen = hasOutput || (status !== 'Completed' && !hasFailed);
  return isOpen
    ? { action: 'publish', why: `transform job ${job} has ended as ${status}, and nothing was told of this file` }
    : { action: 'ask-again', why: `transform job ${job} ended as ${status} without its result` };
}
