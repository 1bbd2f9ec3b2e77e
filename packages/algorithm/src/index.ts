export { defineAlgorithm } from './algorithm.ts';
export type {
  Algorithm,
  AlgorithmDefinition,
  Capabilities,
  ClassificationTraining,
  Feature,
  Files,
  FitContext,
  FitProgress,
  Predictor,
  RegressionTraining,
  Task,
  Training,
} from './algorithm.ts';
export { ArtifactError, HyperparameterError, TaskError } from './errors.ts';
export type { ArtifactErrorCode } from './errors.ts';
export { ownBuffer, requireFile } from './files.ts';
