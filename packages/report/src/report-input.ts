import type { RegressionMetrics } from '@dropforest/metrics';
import { ReportError } from './errors.ts';

/** Everything a report says. Nothing is looked up: no clock, no file, no network. */
export interface ReportInput {
  /** Name of the data set. */
  readonly dataset: string;
  /** Name of the training job. */
  readonly job: string;
  /** When the report was made, ISO 8601 in UTC: `2026-11-22T16:39:00.000Z`. */
  readonly createdAt: string;
  readonly task: 'regression';
  /** Name of the target column. */
  readonly target: string;
  readonly rows: RowCounts;
  readonly columns: readonly ColumnSummary[];
  /** Name of the algorithm. */
  readonly algorithm: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly metrics: ReportMetrics;
  readonly evaluation: Evaluation;
  /** In any order; empty where the algorithm gives none. */
  readonly importances: readonly Importance[];
  /** What the model was trained on. */
  readonly files: readonly SourceFile[];
  /** Sentences for the reader, each a paragraph. */
  readonly notes: readonly string[];
}

/** What became of the rows of the files: `read = trained + heldOut + leftOut`. */
export interface RowCounts {
  readonly read: number;
  readonly trained: number;
  readonly heldOut: number;
  readonly leftOut: number;
}

/** One column of the data. */
export interface ColumnSummary {
  readonly name: string;
  /** `number`, `category`, … */
  readonly kind: string;
  /** Share of rows without a value, 0 to 1. */
  readonly missing: number;
  /** How it is used, in words: `feature; missing values filled with the mean of Item_Type`. */
  readonly use: string;
}

/** The figures of the model and, on the rows of `evaluation`, those of predicting the training mean. */
export interface ReportMetrics {
  readonly holdout?: RegressionMetrics | undefined;
  readonly outOfBag?: RegressionMetrics | undefined;
  readonly baseline: RegressionMetrics;
}

/** The rows that the plots show; finite numbers, one pair a row. */
export interface Evaluation {
  readonly source: 'holdout' | 'out-of-bag';
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
}

/** One feature's share in the model, 0 to 1. */
export interface Importance {
  readonly name: string;
  readonly share: number;
}

/** A file of the training. */
export interface SourceFile {
  readonly key: string;
  readonly etag: string;
  readonly rows?: number | undefined;
}

/**
 * Checks what the plots and the headline rely on.
 * @throws ReportError `invalid-input` naming the field
 */
export function checkInput({ createdAt, evaluation, metrics, importances }: ReportInput): void {
  const { source, actual, predicted } = evaluation;
  if (Number.isNaN(Date.parse(createdAt))) throw refusal('createdAt', JSON.stringify(createdAt), 'an ISO 8601 time');
  if (actual.length === 0 || actual.length !== predicted.length) {
    throw refusal('evaluation', `${actual.length} actual and ${predicted.length} predicted values`, 'as many of each, at least one');
  }
  if (!actual.every(Number.isFinite) || !predicted.every(Number.isFinite)) {
    throw refusal('evaluation', 'values that are not finite', 'finite numbers; leave out rows without a prediction');
  }
  if (figuresOf(metrics, source) === undefined) throw refusal('metrics', `none for ${source}`, 'the figures of evaluation.source');
  if (importances.some(({ share }) => !(share >= 0 && share <= 1))) throw refusal('importances', 'a share outside 0 to 1', 'shares from 0 to 1');
}

/** The model's figures on the rows of a source. */
export function figuresOf(metrics: ReportMetrics, source: Evaluation['source']): RegressionMetrics | undefined {
  return source === 'holdout' ? metrics.holdout : metrics.outOfBag;
}

function refusal(field: string, got: string, expected: string): ReportError {
  return new ReportError('invalid-input', `report input, ${field}: got ${got}, expected ${expected}`);
}
