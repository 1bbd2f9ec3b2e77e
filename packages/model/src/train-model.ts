import type { Algorithm, FitProgress, Files, Predictor, Training, Tuning } from '@dropforest/algorithm';
import type { Comparison, DatasetConfig, Lineage, ManifestTuning, ModelManifest, ModelMetrics } from '@dropforest/contracts';
import { fitPipeline, parseSteps, profileOf, transform } from '@dropforest/preprocessing';
import type { FeatureColumn, FittedPipeline } from '@dropforest/preprocessing';
import { selectRows } from '@dropforest/tabular';
import type { CsvSource, RowProblem, Table } from '@dropforest/tabular';
import { chooseAlgorithm } from './algorithms.ts';
import { packModel } from './artifact.ts';
import { priorOf, temper } from './class-probabilities.ts';
import { compareWithChampion } from './compare-models.ts';
import type { OpenArtifact } from './compare-models.ts';
import { ModelError } from './errors.ts';
import { judge } from './evaluate.ts';
import type { Evaluation, Judgement } from './evaluate.ts';
import { heldOutRows } from './held-out-rows.ts';
import { splitByRowHash } from './holdout.ts';
import { leftOutBy, readTrainingData } from './read-training-data.ts';
import type { TrainingData } from './read-training-data.ts';
import { summarise } from './summarise.ts';
import type { ColumnSummary } from './summarise.ts';
import { selectTarget } from './target.ts';
import type { Target } from './target.ts';

export interface TrainOptions {
  /** Name of the data set, for the manifest. */
  readonly dataset: string;
  /** Files of the training channel; they are read in the order of their names. */
  readonly files: readonly CsvSource[];
  readonly config: DatasetConfig;
  /** What `config.algorithm` can choose from. */
  readonly algorithms: readonly Algorithm[];
  /** Worker threads that may be used, 1 by default. The model is the same for every number. */
  readonly threads?: number;
  readonly onProgress?: (progress: FitProgress) => void;
  /** Told what a person who waits should know, in sentences. */
  readonly onMessage?: (message: string) => void;
  readonly signal?: AbortSignal;
  /** Where the files come from, for the manifest. */
  readonly lineage?: Lineage;
  /** The model that predicts, to be compared with; whatever is wrong with it does not fail the training. */
  readonly champion?: OpenArtifact;
}

export interface TrainResult {
  /** File name → bytes: what goes into `model.tar.gz`. */
  readonly artifact: Files;
  readonly manifest: ModelManifest;
  /** The same as `manifest.metrics`. */
  readonly metrics: ModelMetrics;
  /** Missing where there is nothing to judge the model by. */
  readonly evaluation?: Evaluation;
  /** The first 10,000 rows left out, in the order of the files; `manifest.rows` counts all of them. */
  readonly rejectedRows: readonly RowProblem[];
  /** Every column of the files, in their order. */
  readonly columns: readonly ColumnSummary[];
  /** Features by falling importance; shares add up to 1. Empty where the algorithm has none. */
  readonly importances: readonly { readonly feature: string; readonly share: number }[];
  /** What a reader of the figures should know, in sentences. */
  readonly notes: readonly string[];
  /** Beside the champion; missing where there was none. */
  readonly comparison?: Comparison;
}

/** The rows of one part of the data. */
interface Part {
  readonly table: Table;
  readonly target: Target;
}

/**
 * Trains a model: reads the files, leaves out bad rows, holds some out, fits preprocessing and algorithm on the others,
 * and judges the model by the rows held out. Settings are checked before any file is read.
 * @throws ModelError, TabularError, PreprocessingError, HyperparameterError; `kindOfError` tells who can repair it
 * @throws the signal's reason when it is aborted
 */
export async function trainModel(options: TrainOptions): Promise<TrainResult> {
  const { config, signal } = options;
  checkSettings(options);
  const data = await readTrainingData(options.files, config);
  const algorithm = chooseAlgorithm(config.algorithm, data.target.task, options.algorithms);
  const hyperparameters = algorithm.resolveHyperparameters(config.hyperparameters);
  const training = partOf(data, splitByRowHash(data.rowHash, config.evaluation.holdout).training);
  const heldOut = heldOutRows(options.files, config, data);
  checkTrainingRows(training, heldOut, config);
  const pipeline = fitPipeline(training.table, training.target, parseSteps(config.steps), {
    schema: data.schema.columns,
    leaveOut: leftOutBy(config),
    accepts: algorithm.capabilities,
  });
  const features = transform(training.table, pipeline);
  signal?.throwIfAborted();
  const predictor = inItsTask(await algorithm.fit(asTraining(features, training.target), hyperparameters, fitContext(options)), training.target);
  const heldOutPrediction = heldOut.table.rowCount === 0 ? new Float64Array(0) : predictor.predict(transform(heldOut.table, pipeline));
  const judgement = judge({ training: training.target, predictor, heldOut: heldOut.target, heldOutPrediction, level: config.output.level });
  const notes = [...data.notes, ...leftOutNotes(data, pipeline), ...judgement.notes];
  const manifest = manifestOf(options, { data, training, heldOut, pipeline, hyperparameters, tuning: predictor.tuning, judgement, notes });
  const prediction = { outputs: heldOutPrediction, isKnown: new Uint8Array(heldOut.table.rowCount).fill(1) };
  const comparison = options.champion && (await compareWithChampion({ manifest, rows: heldOut, prediction }, options.champion, options.algorithms));
  return {
    artifact: packModel(manifest, predictor.save()),
    manifest,
    metrics: judgement.metrics,
    ...(judgement.evaluation === undefined ? {} : { evaluation: judgement.evaluation }),
    notes,
    rejectedRows: data.rejectedRows,
    columns: summarise(data.table, pipeline.columns),
    importances: importancesOf(features, predictor),
    ...(comparison && { comparison }),
  };
}

const NAMES_SHOWN = 10;

/** What is not learned from without anybody having said so. */
function leftOutNotes({ leftOut, table }: TrainingData, { columns }: FittedPipeline): string[] {
  const unasked = columns.filter(({ kind, use }) => use === 'left-out' && (kind === 'identifier' || kind === 'text')).map(({ name, kind }) => `${JSON.stringify(name)} (${kind})`);
  const more = unasked.length > NAMES_SHOWN ? ` and ${unasked.length - NAMES_SHOWN} more` : '';
  return [
    ...(leftOut === 0 ? [] : [`${leftOut} of ${table.rowCount + leftOut} rows were left out; rejected.csv lists them with their reasons.`]),
    ...(unasked.length === 0 ? [] : [`Not learned from: ${unasked.slice(0, NAMES_SHOWN).join(', ')}${more}; say their kind under "columns" in dataset.json if they describe the rows.`]),
  ];
}

/** What can be known to be wrong before a row is read. */
function checkSettings({ config, algorithms }: TrainOptions): void {
  const named = algorithms.find(({ name }) => name === config.algorithm);
  if (config.task !== 'auto' || named === undefined) chooseAlgorithm(config.algorithm, config.task === 'auto' ? 'regression' : config.task, algorithms);
  named?.resolveHyperparameters(config.hyperparameters);
  parseSteps(config.steps);
}

function partOf({ table, target }: TrainingData, rows: Uint32Array): Part {
  return { table: selectRows(table, rows), target: selectTarget(target, rows) };
}

function checkTrainingRows({ table }: Part, heldOut: Part, { evaluation }: DatasetConfig): void {
  if (table.rowCount >= 2) return;
  throw new ModelError('too-few-rows', `after holding out ${heldOut.table.rowCount} rows, ${table.rowCount} are left to learn from; drop more rows or lower evaluation.holdout (${evaluation.holdout})`);
}

function asTraining(features: readonly FeatureColumn[], target: Target): Training {
  if (target.task === 'regression') return { task: 'regression', features, target: target.values };
  return { task: 'classification', features, target: target.values, classCount: target.classes.length };
}

function inItsTask(predictor: Predictor, target: Target): Predictor {
  return target.task === 'regression' ? predictor : temper(predictor, priorOf(target.values, target.classes.length));
}

function fitContext({ config, threads, onProgress, onMessage, signal }: TrainOptions): Parameters<Algorithm['fit']>[2] {
  return {
    seed: config.evaluation.seed,
    threads: threads ?? 1,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(onMessage === undefined ? {} : { onMessage }),
    ...(signal === undefined ? {} : { signal }),
  };
}

interface Fitted {
  readonly data: TrainingData;
  readonly training: Part;
  readonly heldOut: Part;
  readonly pipeline: FittedPipeline;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly tuning: Tuning | undefined;
  readonly judgement: Judgement;
  readonly notes: readonly string[];
}

function manifestOf({ dataset, config, lineage }: TrainOptions, { data, training, heldOut, pipeline, hyperparameters, tuning, judgement, notes }: Fitted): ModelManifest {
  const { target, schema, leftOut } = data;
  const required = new Set(pipeline.inputs.map(({ name }) => name));
  const columns = schema.columns.filter(({ name }) => name !== target.name);
  return {
    formatVersion: 1,
    dataset,
    task: target.task,
    target: target.name,
    algorithm: config.algorithm,
    hyperparameters: { ...hyperparameters, ...tuning?.chosen },
    ...(tuning === undefined ? {} : { tuning: tuningOf(tuning) }),
    ...(target.task === 'classification' ? { classes: [...target.classes], classShares: [...priorOf(training.target.values, target.classes.length).shares] } : {}),
    schema: { columns: columns.map((column) => ({ ...column, required: required.has(column.name) })), header: schema.header, fileColumns: schema.columns.map(({ name }) => name) },
    preprocessing: pipeline,
    metrics: judgement.metrics,
    rows: { read: data.table.rowCount + leftOut, trained: training.table.rowCount, heldOut: heldOut.table.rowCount, leftOut },
    holdout: { fraction: config.evaluation.holdout, seed: config.evaluation.seed },
    notes: [...notes],
    profile: profileOf(training.table),
    output: config.output,
    ...(judgement.intervals === undefined ? {} : { intervals: judgement.intervals }),
    ...(lineage === undefined ? {} : { lineage }),
  };
}

function tuningOf({ figure, chosen, trials }: Tuning): ManifestTuning {
  return { figure, chosen: { ...chosen }, trials: trials.map((trial) => ({ ...trial, hyperparameters: { ...trial.hyperparameters } })) };
}

function importancesOf(features: readonly FeatureColumn[], { featureImportances }: Predictor): TrainResult['importances'] {
  if (featureImportances === undefined) return [];
  return features.map(({ name }, index) => ({ feature: name, share: featureImportances[index] ?? 0 })).sort((a, b) => b.share - a.share);
}
