import type { ColumnProfile, Comparison, ManifestTuning, ModelMetrics } from '@dropforest/contracts';
import { ReportError } from './errors.ts';

/** Everything a report says. Nothing is looked up: no clock, no file, no network. */
export interface ReportInput {
  /** Name of the data set. */
  readonly dataset: string;
  /** Name of the training job. */
  readonly job: string;
  /** When the report was made, ISO 8601 in UTC: `2026-11-22T16:39:00.000Z`. */
  readonly createdAt: string;
  /** Name of the target column. */
  readonly target: string;
  readonly rows: RowCounts;
  readonly columns: readonly ColumnSummary[];
  /** Name of the algorithm. */
  readonly algorithm: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** What was tried to find the hyperparameters; left out where they were given. */
  readonly tuning?: ManifestTuning | undefined;
  /** Of the same task as `evaluation`, with the figures of its source. */
  readonly metrics: ModelMetrics;
  readonly evaluation: Evaluation;
  /** The model beside the one that predicts; left out where there is none. */
  readonly comparison?: Comparison | undefined;
  /** In any order; empty where the algorithm gives none. */
  readonly importances: readonly Importance[];
  /** What the model was trained on; empty where nobody knows. */
  readonly files: readonly SourceFile[];
  /** Sentences for the reader of the figures. */
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
  /** `numeric`, `categorical`, `date`, … */
  readonly kind: string;
  /** Why it is of that kind, in words. */
  readonly explanation?: string | undefined;
  /** Share of rows without a value, 0 to 1; left out where nobody counted, as of columns that were not read. */
  readonly missing?: number | undefined;
  readonly use: 'feature' | 'target' | 'left-out';
  /** How it is used or why it is not, in words: `missing values filled with the mean of Item_Type`. */
  readonly detail: string;
  /** What its values are like. */
  readonly summary?: Pick<ColumnProfile, 'quantiles' | 'levels'> | undefined;
}

/** The rows that the plots show. */
export type Evaluation = RegressionEvaluation | ClassificationEvaluation;

/** Where evaluated rows come from: held out, or of the training and each predicted by the trees that had not seen it. */
export type Source = 'holdout' | 'out-of-bag';

/** Finite numbers, one pair a row. */
export interface RegressionEvaluation {
  readonly task: 'regression';
  readonly source: Source;
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
}

export interface ClassificationEvaluation {
  readonly task: 'classification';
  readonly source: Source;
  /** Class codes: places in `classes`. */
  readonly actual: Int32Array | Float64Array;
  /** Rows × classes, row by row. */
  readonly probabilities: Float64Array;
  readonly classes: readonly string[];
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

type MetricsOf<T extends ModelMetrics['task']> = Extract<ModelMetrics, { readonly task: T }>;

/** The figures of one set of rows. */
export type Figures<T extends ModelMetrics['task']> = MetricsOf<T>['baseline'];

/** Evaluated rows beside all figures and beside those of their own source. */
export type Judged =
  | { readonly task: 'regression'; readonly evaluation: RegressionEvaluation; readonly metrics: MetricsOf<'regression'>; readonly figures: Figures<'regression'> }
  | { readonly task: 'classification'; readonly evaluation: ClassificationEvaluation; readonly metrics: MetricsOf<'classification'>; readonly figures: Figures<'classification'> };

export type JudgedRegression = Extract<Judged, { readonly task: 'regression' }>;
export type JudgedClassification = Extract<Judged, { readonly task: 'classification' }>;

/**
 * Checks what the plots and the headline rely on, and puts together what is of one task.
 * @throws ReportError `invalid-input` naming the field
 */
export function checkInput({ createdAt, evaluation, metrics, importances }: ReportInput): Judged {
  if (Number.isNaN(Date.parse(createdAt))) throw refusal('createdAt', JSON.stringify(createdAt), 'an ISO 8601 time');
  if (importances.some(({ share }) => !(share >= 0 && share <= 1))) throw refusal('importances', 'a share outside 0 to 1', 'shares from 0 to 1');
  if (evaluation.task === 'regression' && metrics.task === 'regression') {
    checkNumbers(evaluation);
    return { task: 'regression', evaluation, metrics, figures: figuresOf(metrics, evaluation.source) };
  }
  if (evaluation.task === 'classification' && metrics.task === 'classification') {
    checkClasses(evaluation);
    return { task: 'classification', evaluation, metrics, figures: figuresOf(metrics, evaluation.source) };
  }
  throw refusal('metrics', `those of ${metrics.task}`, `those of ${evaluation.task}, which evaluation is of`);
}

function figuresOf<F>({ holdout, outOfBag }: { readonly holdout?: F | undefined; readonly outOfBag?: F | undefined }, source: Source): F {
  const figures = source === 'holdout' ? holdout : outOfBag;
  if (figures === undefined) throw refusal('metrics', `none for ${source}`, 'the figures of evaluation.source');
  return figures;
}

function checkNumbers({ actual, predicted }: RegressionEvaluation): void {
  if (actual.length === 0 || actual.length !== predicted.length) {
    throw refusal('evaluation', `${actual.length} actual and ${predicted.length} predicted values`, 'as many of each, at least one');
  }
  if (!actual.every(Number.isFinite) || !predicted.every(Number.isFinite)) {
    throw refusal('evaluation', 'values that are not finite', 'finite numbers; leave out rows without a prediction');
  }
}

function checkClasses({ actual, probabilities, classes }: ClassificationEvaluation): void {
  if (actual.length === 0 || probabilities.length !== actual.length * classes.length) {
    throw refusal('evaluation', `${actual.length} rows and ${probabilities.length} probabilities`, `at least one row and ${classes.length} probabilities a row, one a class`);
  }
  const wrong = actual.findIndex((code) => !Number.isInteger(code) || code < 0 || code >= classes.length);
  if (wrong !== -1) throw refusal('evaluation', `class ${actual[wrong]} at row ${wrong}`, `a code from 0 to ${classes.length - 1}`);
  if (!probabilities.every((probability) => probability >= 0 && probability <= 1)) {
    throw refusal('evaluation', 'a probability outside 0 to 1', 'probabilities; leave out rows without a prediction');
  }
}

function refusal(field: string, got: string, expected: string): ReportError {
  return new ReportError('invalid-input', `report input, ${field}: got ${got}, expected ${expected}`);
}
