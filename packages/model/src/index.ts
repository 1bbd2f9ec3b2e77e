export { kindOfError, ModelError } from './errors.ts';
export type { ErrorKind, ModelErrorCode } from './errors.ts';
export type { Evaluation } from './evaluate.ts';
export { loadModel } from './load-model.ts';
export type { Model, PredictOptions } from './load-model.ts';
export type { ColumnSummary } from './summarise.ts';
export { trainModel } from './train-model.ts';
export type { TrainOptions, TrainResult } from './train-model.ts';
export type { CsvPredictions } from './write-predictions.ts';
