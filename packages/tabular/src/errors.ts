import type { FileProblem, FileProblemCode } from './problems.ts';

/** Thrown when a file as a whole cannot be read. Its cause lies in the file: the reader can repair it and try again. */
export class TabularError extends Error {
  override readonly name = 'TabularError';
  readonly code: FileProblemCode;
  readonly problem: FileProblem;
  /** Name of the file, where it has one. */
  readonly file: string | undefined;

  constructor(problem: FileProblem, file?: string, options?: ErrorOptions) {
    super(`${file === undefined || file === '' ? '' : `${file}: `}${problem.message}; ${problem.remedy}`, options);
    this.code = problem.code;
    this.problem = problem;
    this.file = file;
  }
}
