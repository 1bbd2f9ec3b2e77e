import { ArtifactError, HyperparameterError, defineAlgorithm, ownBuffer, requireFile } from '@dropforest/algorithm';
import type { Algorithm, Feature, Files, FitContext, Predictor, Training } from '@dropforest/algorithm';
import { ForestError, RandomForestRegressor } from '@dropforest/forest';
import { ForestHyperparametersSchema } from './schema.ts';
import type { ForestHyperparameters } from './schema.ts';

const NAME = 'forest';
const FILE = 'forest.bin';

/** What a program that runs the algorithm may have to say about itself. */
export interface ForestSetup {
  /** Where the forest's worker program lies, when the program is bundled; see the README of `@dropforest/forest`. */
  readonly workerUrl?: URL;
}

/** The built-in forest engine as an algorithm. Its artifact is one file, `forest.bin`. */
export function createForest({ workerUrl }: ForestSetup = {}): Algorithm {
  return defineAlgorithm<ForestHyperparameters>({
    name: NAME,
    capabilities: { tasks: ['regression'], missingValues: false, categories: false },
    hyperparameters: ForestHyperparametersSchema,
    fit: (training, hyperparameters, context) => fit(training, hyperparameters, context, workerUrl),
    load: async (files) => load(files),
  });
}

/** The algorithm for programs that run from their sources. */
export const forest: Algorithm = createForest();

async function fit(training: Training, hyperparameters: ForestHyperparameters, context: FitContext, workerUrl?: URL): Promise<Predictor> {
  const { features, target } = training;
  const { maxDepth, maxFeatures, ...settings } = hyperparameters;
  checkMaxFeatures(maxFeatures, features.length);
  const { onProgress } = context;
  const fitted = await RandomForestRegressor.fit(
    { columns: valuesOf(features), target, names: features.map(({ name }) => name) },
    {
      ...settings,
      maxDepth: maxDepth ?? undefined,
      maxFeatures,
      oobScore: settings.bootstrap,
      seed: context.seed,
      threads: context.threads,
      signal: context.signal,
      onProgress: onProgress && ((progress) => { onProgress({ ...progress, unit: 'trees' }); }),
      workerUrl,
    },
  );
  return toPredictor(fitted);
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
    return toPredictor(RandomForestRegressor.from(buffer));
  } catch (cause) {
    if (!(cause instanceof ForestError)) throw cause;
    throw new ArtifactError('damaged-file', `algorithm "${NAME}": ${FILE}: ${cause.message}`, { cause });
  }
}

function toPredictor(fitted: RandomForestRegressor): Predictor {
  const { featureImportances, oobPrediction } = fitted;
  return {
    predict: (features) => fitted.predict(valuesOf(features)),
    save: () => new Map([[FILE, new Uint8Array(fitted.data)]]),
    featureImportances,
    ...(oobPrediction && { oobPrediction }),
  };
}

function valuesOf(features: readonly Feature[]): Float64Array[] {
  return features.map(({ values }) => values);
}
