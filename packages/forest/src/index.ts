export type { ClassificationData, Column, ForestData } from './columns.ts';
export { ForestError } from './errors.ts';
export type { ForestErrorCode } from './errors.ts';
export type { ForestTask } from './flat-forest.ts';
export { forestTask } from './forest-task.ts';
export type { ForestOptions, ForestProgress } from './options.ts';
export { RandomForestClassifier } from './random-forest-classifier.ts';
export { RandomForestRegressor } from './random-forest-regressor.ts';
export { validateForest } from './validate-forest.ts';
