import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'vitest';
import { fitPipeline, transform } from '../src/index.ts';
import { tableOf } from './tables.ts';

const folder = process.env['DROPFOREST_BIGMART'];
const REASON = 'DROPFOREST_BIGMART is not set: it names the folder with train.csv';
if (folder === undefined) process.stderr.write(`skipped: ${REASON}\n`);

test('missing weights of the real Big Mart data are imputed by their own item type', async ({ expect, skip }) => {
  if (folder === undefined) return skip(REASON);
  const text = await readFile(join(folder, 'train.csv'), 'utf8');
  const table = tableOf(text);
  const state = fitPipeline(table, 'Item_Outlet_Sales', [{ step: 'impute', column: 'Item_Weight', strategy: 'mean', by: 'Item_Type' }]);
  const imputed = transform(table, state).find(({ name }) => name === 'Item_Weight')?.values;

  // The file quotes nothing, so its cells are the text split at commas: weight is the second, type the fifth.
  const rows = text.trimEnd().split('\n').slice(1).map((line) => line.split(','));
  const meanOf = new Map([...new Set(rows.map((row) => row[4]))].map((type) => {
    const weights = rows.flatMap((row) => (row[4] === type && row[1] !== '' ? [Number(row[1])] : []));
    return [type, weights.reduce((sum, weight) => sum + weight, 0) / weights.length];
  }));
  expect(meanOf.size).toBe(16);
  rows.forEach((row, index) => {
    expect(imputed?.[index]).toBeCloseTo(row[1] === '' ? (meanOf.get(row[4]) ?? Number.NaN) : Number(row[1]), 9);
  });
});
