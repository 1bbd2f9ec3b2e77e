export { createForest, forest } from './forest.ts';
export type { ForestSetup } from './forest.ts';
export { ForestHyperparametersSchema } from './schema.ts';
export type { ForestHyperparameters } from './schema.ts';
