import type { z } from 'zod';

/** Thrown when hyperparameters are unknown or out of range. The message is written for the person who set them. */
export class HyperparameterError extends Error {
  override readonly name = 'HyperparameterError';
  readonly code = 'invalid-hyperparameters';
  /** The first hyperparameter that is wrong. */
  readonly hyperparameter: string;

  constructor(hyperparameter: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.hyperparameter = hyperparameter;
  }

  /** One sentence for each hyperparameter that is wrong: which, what was got, what is allowed. */
  static from(algorithm: string, given: Readonly<Record<string, unknown>>, error: z.ZodError): HyperparameterError {
    const first = error.issues[0];
    const problems = error.issues.map((issue) => describe(issue, given));
    return new HyperparameterError(
      first === undefined ? '' : nameOf(first),
      `algorithm ${JSON.stringify(algorithm)}: ${problems.join('; ')}`,
      { cause: error },
    );
  }
}

/** Thrown when an algorithm is asked to learn a task that it cannot do. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  readonly code = 'unsupported-task';

  constructor(algorithm: string, task: string, able: readonly string[], options?: ErrorOptions) {
    super(`algorithm ${JSON.stringify(algorithm)} cannot do ${task}, only ${able.join(' and ')}: choose another algorithm`, options);
  }
}

/** Thrown before a fit that would take longer than it may; the message says what to do about it. */
export class BudgetError extends Error {
  override readonly name = 'BudgetError';
  readonly code = 'over-budget';
}

/** What can be wrong with the files of a saved model. */
export type ArtifactErrorCode = 'missing-file' | 'damaged-file';

/** Thrown when a model's files are not those that an algorithm saved. */
export class ArtifactError extends Error {
  override readonly name = 'ArtifactError';
  readonly code: ArtifactErrorCode;

  constructor(code: ArtifactErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

function describe(issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): string {
  if (issue.code === 'unrecognized_keys') {
    return `it has no hyperparameter ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}: check the spelling`;
  }
  const name = nameOf(issue);
  return `hyperparameter ${name}: got ${JSON.stringify(given[name]) ?? 'nothing'}, allowed: ${issue.message}`;
}

function nameOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : String(issue.path[0] ?? '');
}
