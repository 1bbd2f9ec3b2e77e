import { ArtifactError, HyperparameterError, defineAlgorithm, ownBuffer, requireFile } from '@dropforest/algorithm';
import type { Algorithm, Feature, Files, FitContext, Predictor, Training, Tuning } from '@dropforest/algorithm';
import { ForestError, RandomForestClassifier, RandomForestRegressor, forestTask } from '@dropforest/forest';
import type { ClassificationData, ForestOptions } from '@dropforest/forest';
import { ForestHyperparametersSchema } from './schema.ts';
import type { ForestHyperparameters } from './schema.ts';
import { tuneOpen } from './tuning.ts';

const NAME = 'forest';
const FILE = 'forest.bin';

/** What a program that runs the algorithm may have to say about itself. */
export interface ForestSetup {
  /** Where the forest's worker program lies, when the program is bundled; see the README of `@dropforest/forest`. */
  readonly workerUrl?: URL;
}

/** The built-in forest engine as an algorithm. Its artifact is one file, `forest.bin`, for both tasks. */
export function createForest({ workerUrl }: ForestSetup = {}): Algorithm {
  return defineAlgorithm<ForestHyperparameters>({
    name: NAME,
    capabilities: { tasks: ['regression', 'classification'], missingValues: false, categories: false },
    hyperparameters: ForestHyperparametersSchema,
    fit: (training, hyperparameters, context) => fit(training, hyperparameters, context, workerUrl),
    load: async (files) => load(files),
  });
}

/** The algorithm for programs that run from their sources. */
export const forest: Algorithm = createForest();

async function fit(training: Training, hyperparameters: ForestHyperparameters, context: FitContext, workerUrl: URL | undefined): Promise<Predictor> {
  const { features, target } = training;
  const names = features.map(({ name }) => name);
  const data: ClassificationData = { columns: valuesOf(features), target, names, ...(training.task === 'classification' ? { classCount: training.classCount } : {}) };
  const given = optionsOf(hyperparameters, context, workerUrl);
  try {
    const { options, tuning } = await tuneOpen(training, data, hyperparameters, given, context);
    const whole = { ...given, ...options, oobScore: hyperparameters.bootstrap };
    return training.task === 'regression'
      ? regressionPredictor(await RandomForestRegressor.fit(data, whole), tuning)
      : classificationPredictor(await RandomForestClassifier.fit(data, whole), tuning);
  } catch (error) {
    throw asHyperparameterError(error);
  }
}

/** Options are `undefined` where they are left to the engine. */
function optionsOf(hyperparameters: ForestHyperparameters, context: FitContext, workerUrl: URL | undefined): ForestOptions {
  const { tune: _tune, minSamplesLeaf, maxFeatures, maxDepth, criterion, maxLeafNodes, maxSamples, classWeight, ...settings } = hyperparameters;
  const { onProgress } = context;
  return {
    ...settings,
    minSamplesLeaf: unlessAuto(minSamplesLeaf),
    maxFeatures: unlessAuto(maxFeatures),
    maxDepth: unlessAuto(maxDepth) ?? undefined,
    criterion: unlessAuto(criterion),
    maxLeafNodes: maxLeafNodes ?? undefined,
    maxSamples: maxSamples ?? undefined,
    classWeight: classWeight ?? undefined,
    seed: context.seed,
    threads: context.threads,
    signal: context.signal,
    onProgress: onProgress && (({ done, total }) => { onProgress({ done, total, unit: 'trees' }); }),
    workerUrl,
  };
}

function unlessAuto<T>(value: T | 'auto'): T | undefined {
  return value === 'auto' ? undefined : value;
}

/** Only the fit knows the data: how many features there are, and that regression has no classes. */
function asHyperparameterError(error: unknown): unknown {
  if (!(error instanceof ForestError) || error.code !== 'invalid-option') return error;
  const [name = ''] = error.message.split(':');
  return new HyperparameterError(name, `algorithm "${NAME}": hyperparameter ${error.message}`, { cause: error });
}

function load(files: Files): Predictor {
  const buffer = ownBuffer(requireFile(files, FILE, NAME));
  try {
    return forestTask(buffer) === 'regression'
      ? regressionPredictor(RandomForestRegressor.from(buffer))
      : classificationPredictor(RandomForestClassifier.from(buffer));
  } catch (cause) {
    if (!(cause instanceof ForestError)) throw cause;
    throw new ArtifactError('damaged-file', `algorithm "${NAME}": ${FILE}: ${cause.message}`, { cause });
  }
}

function regressionPredictor(fitted: RandomForestRegressor, tuning?: Tuning): Predictor {
  return toPredictor(fitted, { oobPrediction: fitted.oobPrediction, tuning }, (columns) => fitted.predict(columns));
}

function classificationPredictor(fitted: RandomForestClassifier, tuning?: Tuning): Predictor {
  return toPredictor(fitted, { oobPrediction: fitted.oobProba, tuning }, (columns) => fitted.predictProba(columns));
}

/** What a fit leaves behind and the artifact does not hold. */
interface Leftovers {
  readonly oobPrediction: Float64Array | undefined;
  readonly tuning: Tuning | undefined;
}

function toPredictor(
  { data, featureImportances }: RandomForestRegressor | RandomForestClassifier,
  { oobPrediction, tuning }: Leftovers,
  predict: (columns: Float64Array[]) => Float64Array,
): Predictor {
  return {
    predict: (features) => predict(valuesOf(features)),
    save: () => new Map([[FILE, new Uint8Array(data)]]),
    featureImportances,
    ...(oobPrediction && { oobPrediction }),
    ...(tuning && { tuning }),
  };
}

function valuesOf(features: readonly Feature[]): Float64Array[] {
  return features.map(({ values }) => values);
}
