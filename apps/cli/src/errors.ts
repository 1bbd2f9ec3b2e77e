/** How a command ends: part of the interface that scripts rely on. */
export const EXIT = { done: 0, jobFailed: 1, wrongInput: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An end that is no success, in words for the person at the terminal. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: Exclude<ExitCode, 0>;
  /** What to do about it. */
  readonly remedy: string | undefined;
  /** What `--json` prints besides. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: Exclude<ExitCode, 0>, message: string, { remedy, details = {}, cause }: { remedy?: string | undefined; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {}) {
    super(message, { cause });
    this.code = code;
    this.remedy = remedy;
    this.details = details;
  }
}

/** The input was wrong: exit code 2. */
export function wrongInput(message: string, remedy?: string, details?: Readonly<Record<string, unknown>>): CliError {
  return new CliError(EXIT.wrongInput, message, { remedy, ...(details === undefined ? {} : { details }) });
}

/** A job failed: exit code 1. */
export function jobFailed(message: string, remedy?: string, details?: Readonly<Record<string, unknown>>): CliError {
  return new CliError(EXIT.jobFailed, message, { remedy, ...(details === undefined ? {} : { details }) });
}
