import { generateBigMart } from './generate.ts';

/** The sample files: name in `samples/` → its text. */
export function createSamples(): ReadonlyMap<string, string> {
  return new Map([
    ['train.csv', generateBigMart({ rows: 1500, seed: 1, withTarget: true })],
    ['predict.csv', generateBigMart({ rows: 400, seed: 2, withTarget: false })],
  ]);
}
