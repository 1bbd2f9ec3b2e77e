export { mlRandomForest } from './ml-random-forest.ts';
export { MlRandomForestHyperparametersSchema } from './schema.ts';
export type { MlRandomForestHyperparameters } from './schema.ts';
