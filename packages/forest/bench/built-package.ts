/** The package as it is published, built anew: what people install is what is measured. */
import { fileURLToPath } from 'node:url';
import { buildPackage } from '../scripts/build-package.ts';
import type * as Forest from '../src/index.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** Builds `dist`. */
export async function buildForBench(): Promise<void> {
  await buildPackage(FOLDER);
}

/** Loads what `buildForBench` has built. */
export async function loadBuilt(): Promise<typeof Forest> {
  const loaded: unknown = await import(new URL('../dist/index.js', import.meta.url).href);
  if (!isForest(loaded)) throw new Error('dist/index.js: not this package; build it again');
  return loaded;
}

function isForest(loaded: unknown): loaded is typeof Forest {
  return typeof loaded === 'object' && loaded !== null && 'RandomForestRegressor' in loaded && 'tune' in loaded;
}
