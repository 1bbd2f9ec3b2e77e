export { createMlRandomForest, mlRandomForest } from './ml-random-forest.ts';
export type { MlRandomForestSetup } from './ml-random-forest.ts';
export { MlRandomForestHyperparametersSchema } from './schema.ts';
export type { MlRandomForestHyperparameters } from './schema.ts';
