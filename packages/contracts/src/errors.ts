/** What can be wrong with something that crosses a boundary. */
export type ContractErrorCode =
  /** dataset.json is no JSON, has an unknown key, or a value out of range. */
  | 'invalid-dataset-config'
  /** A data set's name is not `[a-z0-9-]`, at most 24 characters. */
  | 'invalid-dataset-name';

export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly code: ContractErrorCode;

  constructor(code: ContractErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
