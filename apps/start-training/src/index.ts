export { decideTraining } from './decide.ts';
export type { TrainingFacts } from './decide.ts';
export { startTraining } from './start-training.ts';
