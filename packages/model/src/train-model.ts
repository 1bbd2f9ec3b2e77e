import type { Algorithm, FitProgress, Files, Predictor, Training } from '@dropforest/algorithm';
import type { DatasetConfig, Lineage, ModelManifest, ModelMetrics } from '@dropforest/contracts';
import { fitPipeline, parseSteps, transform } from '@dropforest/preprocessing';
import type { FeatureColumn, FittedPipeline } from '@dropforest/preprocessing';
import { findColumn } from '@dropforest/tabular';
import type { RowProblem, Table } from '@dropforest/tabular';
import { chooseAlgorithm } from './algorithms.ts';
import { packModel } from './artifact.ts';
import { ModelError } from './errors.ts';
import { judge } from './evaluate.ts';
import type { Evaluation, Judgement } from './evaluate.ts';
import { splitByRowHash } from './holdout.ts';
import type { Split } from './holdout.ts';
import { readTrainingData } from './read-training-data.ts';
import type { NamedFile, TrainingData } from './read-training-data.ts';
import { summarise } from './summarise.ts';
import type { ColumnSummary } from './summarise.ts';

export interface TrainOptions {
  /** Name of the data set, for the manifest. */
  readonly dataset: string;
  /** Files of the training channel; they are read in the order of their names. */
  readonly files: readonly NamedFile[];
  readonly config: DatasetConfig;
  /** What `config.algorithm` can choose from. */
  readonly algorithms: readonly Algorithm[];
  /** Worker threads that may be used, 1 by default. The model is the same for every number. */
  readonly threads?: number;
  readonly onProgress?: (progress: FitProgress) => void;
  readonly signal?: AbortSignal;
  /** Where the files come from, for the manifest. */
  readonly lineage?: Lineage;
}

export interface TrainResult {
  /** File name → bytes: what goes into `model.tar.gz`. */
  readonly artifact: Files;
  readonly manifest: ModelManifest;
  /** The same as `manifest.metrics`. */
  readonly metrics: ModelMetrics;
  /** Missing where there is nothing to judge the model by. */
  readonly evaluation?: Evaluation;
  /** Rows left out, in the order of the files. */
  readonly rejectedRows: readonly RowProblem[];
  /** Every column of the files, in their order. */
  readonly columns: readonly ColumnSummary[];
  /** Features by falling importance; shares add up to 1. Empty where the algorithm has none. */
  readonly importances: readonly { readonly feature: string; readonly share: number }[];
  /** What a reader of the figures should know, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Trains a model: reads the files, leaves out bad rows, holds some out, fits preprocessing and algorithm on the others,
 * and judges the model by the rows held out. Settings are checked before any file is read.
 * @throws ModelError, TabularError, PreprocessingError, HyperparameterError; `kindOfError` tells who can repair it
 * @throws the signal's reason when it is aborted
 */
export async function trainModel(options: TrainOptions): Promise<TrainResult> {
  const { config, algorithms, signal } = options;
  if (config.task === 'classification') {
    throw new ModelError('unsupported-task', '"task": "classification" cannot be trained yet; set it to "regression" (or "auto") and "target" to a column of numbers');
  }
  const algorithm = chooseAlgorithm(config.algorithm, 'regression', algorithms);
  const hyperparameters = algorithm.resolveHyperparameters(config.hyperparameters);
  const steps = parseSteps(config.steps);
  const data = readTrainingData(options.files, config);
  const split = splitByRowHash(data.table, config.evaluation.holdout, config.evaluation.seed);
  checkTrainingRows(split, config);
  const pipeline = fitPipeline(split.training, data.target, steps, { leaveOut: leftOutBy(config), accepts: algorithm.capabilities });
  const features = transform(split.training, pipeline);
  signal?.throwIfAborted();
  const training: Training = { task: 'regression', features, target: targetValues(split.training, data.target) };
  const predictor = await algorithm.fit(training, hyperparameters, fitContext(options));
  const judgement = judge(training.target, predictor, predictHeldOut(split.heldOut, data.target, pipeline, predictor));
  const manifest = manifestOf(options, { data, split, pipeline, hyperparameters, judgement });
  return {
    artifact: packModel(manifest, predictor.save()),
    manifest,
    ...judgement,
    rejectedRows: data.rejectedRows,
    columns: summarise(data.table, pipeline.columns),
    importances: importancesOf(features, predictor),
  };
}

function checkTrainingRows({ training, heldOut }: Split, { evaluation }: DatasetConfig): void {
  if (training.rowCount >= 2) return;
  throw new ModelError('too-few-rows', `after holding out ${heldOut.rowCount} rows, ${training.rowCount} are left to learn from; drop more rows or lower evaluation.holdout (${evaluation.holdout})`);
}

function leftOutBy({ idColumns, columns }: DatasetConfig): Map<string, string> {
  const ignored = Object.entries(columns).filter(([, kind]) => kind === 'ignore');
  return new Map([...idColumns.map((name): [string, string] => [name, 'dataset.json lists it under idColumns']), ...ignored.map(([name]): [string, string] => [name, 'dataset.json ignores it'])]);
}

function fitContext({ config, threads, onProgress, signal }: TrainOptions): Parameters<Algorithm['fit']>[2] {
  return {
    seed: config.evaluation.seed,
    threads: threads ?? 1,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  };
}

function targetValues(table: Table, target: string): Float64Array {
  const column = findColumn(table, target);
  return column?.kind === 'numeric' ? column.values : new Float64Array(0);
}

function predictHeldOut(heldOut: Table, target: string, pipeline: FittedPipeline, predictor: Predictor): Omit<Evaluation, 'source'> {
  if (heldOut.rowCount === 0) return { actual: new Float64Array(0), predicted: new Float64Array(0) };
  return { actual: targetValues(heldOut, target), predicted: predictor.predict(transform(heldOut, pipeline)) };
}

interface Fitted {
  readonly data: TrainingData;
  readonly split: Split;
  readonly pipeline: FittedPipeline;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly judgement: Judgement;
}

function manifestOf({ dataset, config, lineage }: TrainOptions, { data, split, pipeline, hyperparameters, judgement }: Fitted): ModelManifest {
  const { rowCount } = data.table;
  const leftOut = data.rejectedRows.length;
  return {
    formatVersion: 1,
    dataset,
    task: 'regression',
    target: data.target,
    algorithm: config.algorithm,
    hyperparameters: { ...hyperparameters },
    schema: { columns: pipeline.inputs },
    preprocessing: pipeline,
    metrics: judgement.metrics,
    rows: { read: rowCount + leftOut, trained: split.training.rowCount, heldOut: split.heldOut.rowCount, leftOut },
    ...(lineage === undefined ? {} : { lineage }),
  };
}

function importancesOf(features: readonly FeatureColumn[], { featureImportances }: Predictor): TrainResult['importances'] {
  if (featureImportances === undefined) return [];
  return features.map(({ name }, index) => ({ feature: name, share: featureImportances[index] ?? 0 })).sort((a, b) => b.share - a.share);
}
