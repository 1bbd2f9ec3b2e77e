/** What can be wrong with the numbers given to a metric. */
export type MetricsErrorCode =
  | 'length-mismatch'
  | 'empty'
  | 'not-finite'
  /** A class code that is no whole number from 0 to classCount − 1. */
  | 'unknown-class'
  /** A probability outside 0…1, or those of a row do not add up to 1. */
  | 'not-a-probability';

/** Thrown when a metric would be meaningless. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';
  readonly code: MetricsErrorCode;

  constructor(code: MetricsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
