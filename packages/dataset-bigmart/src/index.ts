export { generateBigMart } from './generate.ts';
export type { GenerateOptions } from './generate.ts';
