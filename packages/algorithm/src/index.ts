export { defineAlgorithm } from './algorithm.ts';
export type { Algorithm, AlgorithmDefinition, Capabilities, Feature, Files, FitContext, FitProgress, Predictor, Task, Training } from './algorithm.ts';
export { ArtifactError, HyperparameterError } from './errors.ts';
export type { ArtifactErrorCode } from './errors.ts';
export { ownBuffer, requireFile } from './files.ts';
