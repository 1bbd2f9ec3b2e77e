/** Dropforest as a peer. */
import { createHash } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { versions } from 'node:process';
import type { ForestOptions, RandomForestRegressor } from '../../src/index.ts';
import { loadBuilt } from '../built-package.ts';
import { readAligned } from '../raw-table.ts';
import type { RawTable } from '../raw-table.ts';
import { serve } from './serve.ts';

const built = await loadBuilt();
let forest: RandomForestRegressor | undefined;

function fitted(): RandomForestRegressor {
  if (forest === undefined) throw new Error('nothing was fitted');
  return forest;
}

async function bestSettings(table: RawTable, options: ForestOptions): Promise<ForestOptions> {
  const { best } = await built.tune(table, { ...options, task: 'regression' });
  return { ...options, ...best };
}

await serve({
  version: () => `Node ${versions.node}`,
  fit: async (table, { trees, threads, seed, mode }) => {
    const options = { nEstimators: trees, threads, seed, histogram: mode === 'histogram' };
    const settings = mode === 'tuned' ? await bestSettings(table, options) : options;
    const grown = await built.RandomForestRegressor.fit(table, settings);
    forest = grown;
    return { trees, nodes: grown.nodeCount, digest: () => createHash('sha256').update(new Uint8Array(grown.data)).digest('hex') };
  },
  predict: (columns) => fitted().predict(columns),
  save: (file) => {
    writeFileSync(file, new Uint8Array(fitted().data));
    return statSync(file).size;
  },
  load: (file) => { forest = built.RandomForestRegressor.from(readAligned(file)); },
});
