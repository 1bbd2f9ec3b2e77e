/** What can go wrong around a forest. */
export type ForestErrorCode = 'invalid-option' | 'invalid-data' | 'invalid-buffer' | 'invalid-forest' | 'worker-failed';

/** Thrown by this package alone; the message names the argument, what was got and what is expected. */
export class ForestError extends Error {
  override readonly name = 'ForestError';
  readonly code: ForestErrorCode;

  constructor(code: ForestErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
