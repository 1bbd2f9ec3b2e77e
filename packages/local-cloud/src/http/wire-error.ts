/**
 * An answer that an operation gives in place of its result: the status, code and message that the client sees. Each
 * service renders it in its own protocol.
 */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly status: number;
  readonly code: string;
  /** Further elements of the error document, such as `<Key>`. */
  readonly details: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export function validationError(message: string): WireError {
  return new WireError(400, 'ValidationException', message);
}

export function internalError(): WireError {
  return new WireError(500, 'InternalFailure', 'The local cloud ran into an error of its own; its log says which.');
}
