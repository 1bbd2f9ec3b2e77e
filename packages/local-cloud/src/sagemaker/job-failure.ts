/** FailureReason takes this many characters. */
const LONGEST_REASON = 1024;

/**
 * Ends a job as Failed. The message is its FailureReason and starts with who is to blame: `ClientError:` (the request
 * or its data) or `AlgorithmError:` (the container).
 */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';

  constructor(reason: string, options?: ErrorOptions) {
    super(reason.slice(0, LONGEST_REASON).toWellFormed(), options);
  }
}

/** What a job that failed by a fault of the cloud itself says, as the service does. */
export const INTERNAL_FAILURE = 'InternalServerError: We encountered an internal error. Please try again.';
