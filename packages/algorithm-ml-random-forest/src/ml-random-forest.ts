import { defineAlgorithm } from '@dropforest/algorithm';
import type { Algorithm, Predictor } from '@dropforest/algorithm';
import { RandomForestRegression } from 'ml-random-forest';
import { growModel, toRows } from './grow.ts';
import { NAME, filesOf, readModel, writeModel } from './model-file.ts';
import type { JsonModel } from './model-file.ts';
import { MlRandomForestHyperparametersSchema } from './schema.ts';
import type { MlRandomForestHyperparameters } from './schema.ts';

/** What a program that runs the algorithm may have to provide. */
export interface MlRandomForestSetup {
  /** Milliseconds: what a fit is estimated with before it starts. Nothing else depends on it. */
  readonly now?: () => number;
}

/**
 * The npm package ml-random-forest as an algorithm: an independent check of the built-in engine on small data. It runs
 * in the calling thread whatever `context.threads` says and blocks it for the length of a tree.
 */
export function createMlRandomForest({ now = () => performance.now() }: MlRandomForestSetup = {}): Algorithm {
  return defineAlgorithm<MlRandomForestHyperparameters>({
    name: NAME,
    capabilities: { tasks: ['regression'], missingValues: false, categories: false },
    hyperparameters: MlRandomForestHyperparametersSchema,
    fit: async (training, hyperparameters, context) => {
      const { model, importances } = await growModel(training, hyperparameters, context, now);
      return toPredictor(model, importances);
    },
    load: async (files) => toPredictor(readModel(files)),
  });
}

/** The algorithm with the machine's clock. */
export const mlRandomForest: Algorithm = createMlRandomForest();

/** A fitted model predicts through its own file too, so that it cannot differ from the loaded one. */
function toPredictor(model: JsonModel, featureImportances?: Float64Array): Predictor {
  const bytes = writeModel(model);
  const forest = RandomForestRegression.load(readModel(filesOf(bytes)));
  return {
    predict: (features) => {
      const rows = toRows(features.map(({ values }) => values));
      return rows.length === 0 ? new Float64Array(0) : Float64Array.from(forest.predict(rows));
    },
    save: () => filesOf(bytes),
    ...(featureImportances && { featureImportances }),
  };
}
