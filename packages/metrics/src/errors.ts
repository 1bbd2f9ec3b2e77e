/** What can be wrong with the numbers given to a metric. */
export type MetricsErrorCode = 'length-mismatch' | 'empty' | 'not-finite';

/** Thrown when a metric would be meaningless: different lengths, no rows, or a value that is no number. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';
  readonly code: MetricsErrorCode;

  constructor(code: MetricsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
