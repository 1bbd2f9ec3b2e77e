/** Why an app stopped in the middle of an event. None of these is a defect: each says what happens next. */
export type AppErrorCode =
  /** The event is put back and handled again after a while. */
  | 'retry-later'
  /** Something that was read has changed since: read again and decide anew. */
  | 'facts-changed'
  /** A thing that has to be there is not: an object, a member of an answer. */
  | 'missing'
  /** An object is larger than an app may read. */
  | 'too-large'
  /** The message is not an event of the kind this app is subscribed to. */
  | 'unreadable-event';

export class AppError extends Error {
  override readonly name: string = 'AppError';
  readonly code: AppErrorCode;

  constructor(code: AppErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Thrown to have the event handled again after `seconds`. */
export class RetryLater extends AppError {
  override readonly name = 'RetryLater';
  readonly seconds: number;

  constructor(seconds: number, why: string, options?: ErrorOptions) {
    super('retry-later', why, options);
    this.seconds = seconds;
  }
}

/** Thrown when a conditional write lost against another writer. */
export class FactsChanged extends AppError {
  override readonly name = 'FactsChanged';

  constructor(what: string, options?: ErrorOptions) {
    super('facts-changed', `${what} was changed by somebody else meanwhile`, options);
  }
}

/** Whether `error` is an AWS error of one of these names (`NoSuchKey`, `ResourceInUse`, …). */
export function isAwsError(error: unknown, ...names: readonly string[]): error is Error {
  return error instanceof Error && names.includes(error.name);
}
