/** Who has to act when a job fails. */
export type ContainerErrorCode =
  /** The person who dropped the file or wrote the settings. */
  | 'user'
  /** We: the program has a defect. */
  | 'algorithm'
  /** The operator: the environment is not what SageMaker promises. */
  | 'platform';

export class ContainerError extends Error {
  override readonly name = 'ContainerError';
  readonly code: ContainerErrorCode;

  constructor(code: ContainerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
