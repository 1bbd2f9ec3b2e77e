/**
 * Measures fits on 1 and 2 threads and prediction, and fits on the target cut into classes, on synthetic data of the worked example's shape, or on the real data
 * where DROPFOREST_BIGMART names its folder. Run: `node packages/forest/bench/fit.bench.ts [trees] [rounds]`.
 * Thread counts take turns, so that other load on the machine meets both alike; the medians are printed.
 */
import { createHash } from 'node:crypto';
import { argv, env, stdout } from 'node:process';
import { performance } from 'node:perf_hooks';
import { RandomForestClassifier, RandomForestRegressor } from '../src/index.ts';
import { readBigMart, takeRows } from '../test/bigmart.ts';
import { classes, synthesize } from '../test/synthetic.ts';

const ROWS = 7_670;
const trees = Number(argv[2] ?? 500);
const rounds = Number(argv[3] ?? 3);
const folder = env['DROPFOREST_BIGMART'];
const table = folder === undefined ? synthesize(ROWS, 1) : takeRows(readBigMart(folder), Array.from({ length: ROWS }, (_, row) => row));

const fits = new Map<number, number[]>([[1, []], [2, []]]);
const predicts: number[] = [];
const digests = new Set<string>();
let forest: RandomForestRegressor | undefined;
let sink = 0;
for (let round = 0; round < rounds; round++) {
  for (const [threads, times] of fits) {
    const start = performance.now();
    forest = await RandomForestRegressor.fit(table, { nEstimators: trees, threads });
    times.push(performance.now() - start);
    digests.add(createHash('sha256').update(new Uint8Array(forest.data)).digest('hex'));
  }
  const start = performance.now();
  sink += forest?.predict(table.columns)[0] ?? 0;
  predicts.push(performance.now() - start);
}
if (digests.size !== 1 || !Number.isFinite(sink)) throw new Error(`thread counts disagree: ${[...digests].join(', ')}`);

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN;
const print = (name: string, value: string): void => { stdout.write(`${name.padEnd(26)}${value}\n`); };
print('data', `${folder === undefined ? 'synthetic' : 'Big Mart'}, ${ROWS} rows × ${table.columns.length} features, ${trees} trees, ${rounds} rounds`);
for (const [threads, times] of fits) {
  print(`fit, ${threads} thread${threads === 1 ? '' : 's'}`, `${(median(times) / 1000).toFixed(2)} s   ${(median(times) / trees).toFixed(2)} ms/tree`);
}
print('predict, 1 thread', `${((ROWS / median(predicts)) * 1000).toFixed(0)} rows/s`);
print('artifact', `${((forest?.data.byteLength ?? 0) / (forest?.nodeCount ?? 1)).toFixed(2)} bytes/node   ${((forest?.data.byteLength ?? 0) / 2 ** 20).toFixed(1)} MiB`);
print('SHA-256, all fits', [...digests].join(' '));

for (const classCount of [2, 10, 100]) {
  const data = classes(table, classCount);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const classifier = await RandomForestClassifier.fit(data, { nEstimators: trees, maxFeatures: 1 });
    times.push(performance.now() - start);
    if (!Number.isFinite(classifier.predictProba(table.columns.map((column) => column.subarray(0, 1)))[0])) throw new Error('no prediction');
  }
  print(`fit, ${classCount} classes, 1 thread`, `${(median(times) / 1000).toFixed(2)} s   ${(median(times) / trees).toFixed(2)} ms/tree`);
}
