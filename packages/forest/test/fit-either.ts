import { RandomForestClassifier, RandomForestRegressor } from '../src/index.ts';
import type { ForestOptions, RandomForest } from '../src/index.ts';
import type { TreeData } from './grow-twin.ts';

/** Fits a classifier to data with a class count, else a regressor. */
export async function fit(data: TreeData, options: ForestOptions): Promise<RandomForest> {
  return data.classCount === undefined ? RandomForestRegressor.fit(data, options) : RandomForestClassifier.fit(data, options);
}
