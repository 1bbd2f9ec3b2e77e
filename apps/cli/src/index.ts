export { appOf, startLocal } from './local-cloud.ts';
export type { LocalOptions, RunningCloud } from './local-cloud.ts';
export { commands, run } from './run.ts';
export type { Terminal } from './terminal.ts';
