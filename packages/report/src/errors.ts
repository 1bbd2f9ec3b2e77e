/** What can be wrong with a report's input. */
export type ReportErrorCode = 'invalid-input';

/** Thrown when there is nothing sound to draw; the message names the field. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  readonly code: ReportErrorCode;

  constructor(code: ReportErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
