import type * as Forest from '../src/index.ts';

const ROWS = 200;

/**
 * SHA-256 of two fitted forests and what they predict: the same program for sources, built files, Node and browsers.
 * @param forest the package, from wherever it was imported
 */
export async function fitDigest({ RandomForestClassifier, RandomForestRegressor }: typeof Forest, threads: number): Promise<string> {
  const columns = [7, 11, 13].map((factor) => Float64Array.from({ length: ROWS }, (_, row) => (row % factor === 3 ? NaN : (row * factor) % 41)));
  const target = Float64Array.from({ length: ROWS }, (_, row) => (row * row) % 97);
  const options = { nEstimators: 16, seed: 3, threads, kernel: 'wasm', maxFeatures: 0.7 } as const;
  const regressor = await RandomForestRegressor.fit({ columns, target, categoricalFeatures: [1] }, options);
  const classifier = await RandomForestClassifier.fit({ columns, target: target.map((value) => value % 3) }, options);
  const results = new Blob([regressor.data, regressor.predict(columns), classifier.data, classifier.predictProba(columns)]);
  const digest = await crypto.subtle.digest('SHA-256', await results.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
