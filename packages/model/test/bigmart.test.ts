import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesSource } from '@dropforest/tabular';
import { test } from 'vitest';
import { loadModel, trainModel } from '../src/index.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import { optionsOf, regressionOf } from './shop.ts';

const folder = process.env['DROPFOREST_BIGMART'];
const REASON = 'DROPFOREST_BIGMART is not set: it names the folder with train.csv and predict.csv';
if (folder === undefined) process.stderr.write(`skipped: ${REASON}\n`);

test('the real Big Mart data is predicted untouched, whatever the order of its columns', async ({ expect, skip }) => {
  if (folder === undefined) return skip(REASON);
  const bytes = await readFile(join(folder, 'train.csv'));
  const { artifact, manifest, metrics } = await trainModel(optionsOf([bytesSource(bytes, 'train.csv')], { hyperparameters: { outOfBag: false } }));
  expect(manifest.rows).toMatchObject({ read: 8523, leftOut: 0 });
  expect(manifest.target).toBe('Item_Outlet_Sales');
  const { holdout, baseline } = regressionOf(metrics);
  expect(holdout?.rmse).toBeLessThan(baseline.rmse);
  expect(manifest.schema.columns.find(({ name }) => name === 'Item_Identifier')?.required).toBe(false);

  const model = await loadModel(artifact, [nearestNeighbours]);
  const predict = (rows: readonly string[]): string[] => Buffer.from(model.predictCsv(Buffer.from(rows.join('\n')), { join: true }).csv).toString().split('\n');
  const rows = (await readFile(join(folder, 'predict.csv'), 'utf8')).split('\n').slice(0, 201);
  const straight = predict(rows);
  expect(straight.map((row) => row.slice(0, row.lastIndexOf(',')))).toEqual(rows);
  const turned = predict(rows.map((row) => row.split(',').reverse().join(',')));
  const last = (row: string): string => row.split(',').at(-1) ?? '';
  expect(turned.map(last)).toEqual(straight.map(last));
});
