/** What can be wrong with a recipe, or with a table that it is applied to. All of it but `invalid-state` is for the user to repair. */
export type PreprocessingErrorCode =
  /** A step or a key is unknown, missing or of the wrong type. */
  | 'invalid-steps'
  /** A step names a column that is not there, or no longer there. */
  | 'unknown-column'
  /** A step needs numbers and the column has words, or the other way round. */
  | 'wrong-kind'
  /** A step leaves something that the chosen algorithm does not take. */
  | 'not-accepted'
  /** Nothing is left to learn from. */
  | 'no-features'
  /** A table to transform lacks a column, or has it as another kind than it was fitted on. */
  | 'missing-column'
  /** Fitted state that was not made by `fitPipeline`, or by a version of it that is not known. */
  | 'invalid-state';

export class PreprocessingError extends Error {
  override readonly name = 'PreprocessingError';
  readonly code: PreprocessingErrorCode;

  constructor(code: PreprocessingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
