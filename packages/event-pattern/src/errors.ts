/** What is wrong with a pattern. */
export type EventPatternErrorCode =
  /** A pattern, or a part of one that must be an object, is something else. */
  | 'NotAnObject'
  /** An object or array that must hold something is empty. */
  | 'Empty'
  /** An operator that EventBridge does not have, or more than one in one object. */
  | 'UnknownOperator'
  /** An operator with a value that it does not take. */
  | 'BadOperand';

/** Thrown by `parsePattern`: the pattern is none that EventBridge would take. */
export class EventPatternError extends Error {
  override readonly name = 'EventPatternError';
  readonly code: EventPatternErrorCode;
  /** Keys and indexes from the root of the pattern to the offending part. */
  readonly path: readonly (string | number)[];

  constructor(code: EventPatternErrorCode, path: readonly (string | number)[], reason: string, options?: ErrorOptions) {
    super(`Event pattern is not valid at ${path.length === 0 ? 'its root' : path.join('.')}: ${reason}`, options);
    this.code = code;
    this.path = path;
  }
}
