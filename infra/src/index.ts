export { BUS, functions } from './definition.ts';
export type { FunctionDefinition } from './definition.ts';
export { LOCAL, localEnvironment, localWiring } from './local.ts';
