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
  Tuning,
  TuningTrial,
} from './algorithm.ts';
export { ArtifactError, BudgetError, HyperparameterError, TaskError } from './errors.ts';
export type { ArtifactErrorCode } from './errors.ts';
export { ownBuffer, requireFile } from './files.ts';
