/** What can go wrong around a forest. */
export type ForestErrorCode =
  /** An option is out of range, or does not go with another one. */
  | 'invalid-option'
  /** Columns, target or weights cannot be learned from or predicted for. */
  | 'invalid-data'
  /** Bytes that are no forest, or one of another task. */
  | 'invalid-buffer'
  /** A forest whose nodes contradict one another. */
  | 'invalid-forest'
  /** Saved trees that were grown from other data or with other settings. */
  | 'other-fit'
  /** Shards that leave out a tree of their forest or have it twice. */
  | 'incomplete'
  /** What was asked for needs something that this forest was not fitted to keep. */
  | 'not-kept'
  /** What was asked for cannot be said in the other format. */
  | 'not-exportable'
  /** More nodes than the artifact can address. */
  | 'too-large'
  | 'worker-failed';

/** Thrown by this package alone; the message names the argument, what was got and what is expected. */
export class ForestError extends Error {
  override readonly name = 'ForestError';
  readonly code: ForestErrorCode;

  constructor(code: ForestErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
