import { BudgetError, HyperparameterError } from '@dropforest/algorithm';
import { PreprocessingError } from '@dropforest/preprocessing';
import { TabularError } from '@dropforest/tabular';

export type ErrorKind = 'user' | 'system';

/** Every code, and who can repair it: the user (the files or dataset.json), or those who run the system. */
const KIND_OF = {
  /** No file to train on. */
  'no-files': 'user',
  /** dataset.json asks for an algorithm that is not offered, or that cannot do the task. */
  'unknown-algorithm': 'user',
  /** A column that dataset.json names is not in the files. */
  'unknown-column': 'user',
  /** The target column is not in the files. */
  'missing-target': 'user',
  /** The target's values are no numbers, and a number is to be predicted. */
  'target-not-numeric': 'user',
  /** Every row is of the same class. */
  'one-class': 'user',
  /** The target has more different values than classes can be predicted. */
  'too-many-classes': 'user',
  /** More rows are bad than `maxBadRows` allows. */
  'too-many-bad-rows': 'user',
  /** Too few rows with a target to learn anything. */
  'too-few-rows': 'user',
  /** A file to predict lacks a column that the model needs. */
  'missing-column': 'user',
  /** The artifact is not a model of a version that can be read. */
  'unreadable-model': 'system',
  /** An algorithm broke its contract. */
  'algorithm-misbehaved': 'system',
} as const satisfies Record<string, ErrorKind>;

export type ModelErrorCode = keyof typeof KIND_OF;

export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get kind(): ErrorKind {
    return KIND_OF[this.code];
  }
}

/** Who can repair what was thrown by this package or by one below it; anything unknown is the system's. */
export function kindOfError(error: unknown): ErrorKind {
  if (error instanceof ModelError) return error.kind;
  if (error instanceof PreprocessingError) return error.code === 'invalid-state' ? 'system' : 'user';
  return error instanceof TabularError || error instanceof HyperparameterError || error instanceof BudgetError ? 'user' : 'system';
}
