import { ArtifactError, HyperparameterError, defineAlgorithm, ownBuffer, requireFile } from '@dropforest/algorithm';
import type { Algorithm, Feature, Files, FitContext, Predictor, Training } from '@dropforest/algorithm';
import { ForestError, RandomForestClassifier, RandomForestRegressor, forestTask } from '@dropforest/forest';
import type { ForestData, ForestOptions } from '@dropforest/forest';
import { ForestHyperparametersSchema } from './schema.ts';
import type { ForestHyperparameters } from './schema.ts';

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
    fit: (training, hyperparameters, context) => fit(training, optionsOf(hyperparameters, training, context, workerUrl)),
    load: async (files) => load(files),
  });
}

/** The algorithm for programs that run from their sources. */
export const forest: Algorithm = createForest();

async function fit(training: Training, options: ForestOptions): Promise<Predictor> {
  const { features, target } = training;
  const data: ForestData = { columns: valuesOf(features), target, names: features.map(({ name }) => name) };
  if (training.task === 'regression') return regressionPredictor(await RandomForestRegressor.fit(data, options));
  return classificationPredictor(await RandomForestClassifier.fit({ ...data, classCount: training.classCount }, options));
}

function optionsOf(hyperparameters: ForestHyperparameters, training: Training, context: FitContext, workerUrl?: URL): ForestOptions {
  const { maxDepth, maxFeatures, ...settings } = hyperparameters;
  const { onProgress } = context;
  checkMaxFeatures(maxFeatures, training.features.length);
  return {
    ...settings,
    maxDepth: maxDepth ?? undefined,
    // The engine's own default differs by task, as in scikit-learn.
    maxFeatures: maxFeatures === 'auto' ? undefined : maxFeatures,
    oobScore: settings.bootstrap,
    seed: context.seed,
    threads: context.threads,
    signal: context.signal,
    onProgress: onProgress && ((progress) => { onProgress({ ...progress, unit: 'trees' }); }),
    workerUrl,
  };
}

/** Only the fit knows how many features there are; the schema cannot. */
function checkMaxFeatures(maxFeatures: number | string, features: number): void {
  if (typeof maxFeatures !== 'number' || maxFeatures <= Math.max(1, features)) return;
  throw new HyperparameterError(
    'maxFeatures',
    `algorithm "${NAME}": hyperparameter maxFeatures: got ${maxFeatures}, allowed: at most the number of features, ${features}`,
  );
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

function regressionPredictor(fitted: RandomForestRegressor): Predictor {
  return toPredictor(fitted, fitted.oobPrediction, (columns) => fitted.predict(columns));
}

function classificationPredictor(fitted: RandomForestClassifier): Predictor {
  return toPredictor(fitted, fitted.oobProba, (columns) => fitted.predictProba(columns));
}

function toPredictor(
  { data, featureImportances }: RandomForestRegressor | RandomForestClassifier,
  oobPrediction: Float64Array | undefined,
  predict: (columns: Float64Array[]) => Float64Array,
): Predictor {
  return {
    predict: (features) => predict(valuesOf(features)),
    save: () => new Map([[FILE, new Uint8Array(data)]]),
    featureImportances,
    ...(oobPrediction && { oobPrediction }),
  };
}

function valuesOf(features: readonly Feature[]): Float64Array[] {
  return features.map(({ values }) => values);
}
