export type { Column, ForestData } from './columns.ts';
export { ForestError } from './errors.ts';
export type { ForestErrorCode } from './errors.ts';
export type { ForestOptions, ForestProgress } from './options.ts';
export { RandomForestRegressor } from './random-forest-regressor.ts';
export { validateForest } from './validate-forest.ts';
