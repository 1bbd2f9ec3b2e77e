/** The npm package ml-random-forest: plain JavaScript on one thread. */
import { RandomForestRegression } from 'ml-random-forest';
import { packageVersion } from './package-version.ts';
import { serve } from './serve.ts';

let forest: RandomForestRegression | undefined;

const rowsOf = (columns: readonly Float32Array[]): number[][] => Array.from(columns[0] ?? [], (_, row) => columns.map((column) => column[row] ?? Number.NaN));
const unmeasured = (): never => { throw new Error('ml-random-forest: not measured'); };

await serve({
  version: () => `ml-random-forest ${packageVersion('ml-random-forest')}`,
  fit: async ({ columns, target }, { trees, seed }) => {
    forest = new RandomForestRegression({ nEstimators: trees, seed, noOOB: true });
    forest.train(rowsOf(columns), [...target]);
    return { trees, nodes: undefined, digest: () => '' };
  },
  predict: (columns) => forest?.predict(rowsOf(columns)) ?? [],
  save: unmeasured,
  load: unmeasured,
});
