/** Why a local cloud could not start or go on. */
export type LocalCloudErrorCode =
  /** The wiring contradicts itself: a rule without its queue, a function without its code. */
  | 'InvalidWiring'
  /** The port is taken. */
  | 'AddressInUse'
  /** Another local cloud uses the same directory. */
  | 'DirectoryInUse'
  /** The directory was written by another version of this package. */
  | 'StateVersion'
  /** A row of the state or a message inside the cloud has not the shape it must have. */
  | 'CorruptState';

/** Thrown to the program that runs the cloud; what goes to HTTP clients is a `WireError`. */
export class LocalCloudError extends Error {
  override readonly name = 'LocalCloudError';
  readonly code: LocalCloudErrorCode;

  constructor(code: LocalCloudErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
