import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bytesSource, inferSchema, readTable } from '@dropforest/tabular';
import type { Table } from '@dropforest/tabular';
import { columnsToRead, fitPipeline, parseSteps, transform } from '../src/index.ts';
import type { FittedPipeline } from '../src/index.ts';
import { rowsWhere, targetOf } from './tables.ts';

const folder = process.env['DROPFOREST_BIGMART'];
const REASON = 'DROPFOREST_BIGMART is not set: it names the folder with train.csv';
if (folder === undefined) process.stderr.write(`skipped: ${REASON}\n`);

const TARGET = 'Item_Outlet_Sales';
const STEPS = parseSteps([
  { step: 'impute', column: 'Item_Weight', strategy: 'mean', by: 'Item_Type' },
  { step: 'impute', column: 'Outlet_Size', strategy: 'lookup', by: 'Outlet_Type', values: { 'Grocery Store': 'Small', 'Supermarket Type1': 'Small', 'Supermarket Type2': 'Medium', 'Supermarket Type3': 'Medium' } },
  { step: 'drop', columns: ['Item_Identifier'] },
]);

/** The file quotes nothing, so its cells are the text split at commas. */
const cellsOf = (text: string): string[][] => text.trimEnd().split('\n').map((line) => line.split(','));
const textOf = (rows: readonly (readonly string[])[]): string => `${rows.map((row) => row.join(',')).join('\n')}\n`;
const isTraining = (row: number): boolean => row % 10 !== 3;

interface Fit {
  readonly table: Table;
  readonly state: FittedPipeline;
}

/** Reads a training file and fits the recipe on nine rows of ten, as a training does. */
async function fit(text: string): Promise<Fit> {
  const source = bytesSource(new TextEncoder().encode(text), 'train.csv');
  const schema = await inferSchema([source], { target: TARGET });
  const { table } = await readTable([source], schema, { columns: columnsToRead(schema.columns, TARGET, STEPS) });
  const training = rowsWhere(table, Array.from({ length: table.rowCount }, (_, row) => isTraining(row)));
  return { table, state: fitPipeline(training, targetOf(training, 'regression', TARGET), STEPS, { schema: schema.columns }) };
}

describe.skipIf(folder === undefined)('the real Big Mart data', async () => {
  const text = folder === undefined ? '' : await readFile(join(folder, 'train.csv'), 'utf8');
  const [header = [], ...rows] = cellsOf(text);

  test('has missing weights imputed, held out or not, by what the training rows of their own item type weigh', async () => {
    const { table, state } = await fit(text);
    const imputed = transform(table, state).find(({ name }) => name === 'Item_Weight')?.values;
    // Weight is the second cell, type the fifth.
    const meanOf = new Map([...new Set(rows.map((row) => row[4]))].map((type) => {
      const weights = rows.flatMap((row, index) => (isTraining(index) && row[4] === type && row[1] !== '' ? [Number(row[1])] : []));
      return [type, weights.reduce((sum, weight) => sum + weight, 0) / weights.length];
    }));
    expect([meanOf.size, new Set(meanOf.values()).size, imputed?.length]).toEqual([16, 16, 8523]);
    rows.forEach((row, index) => {
      expect(imputed?.[index]).toBeCloseTo(row[1] === '' ? (meanOf.get(row[4]) ?? Number.NaN) : Number(row[1]), 9);
    });
  });

  test('gives the same state whatever the held-out rows say', async () => {
    const { state } = await fit(text);
    const otherwise = rows.map((row, index) => (isTraining(index) ? row : ['X1', '99', 'None', '0.5', 'Unheard of', '1', 'OUT000', '1900', 'Huge', 'Tier 9', 'Kiosk', '1e6']));
    const changed = await fit(textOf([header, ...otherwise]));
    expect(JSON.stringify(changed.state)).toBe(JSON.stringify(state));
  });

  test('gives the same features with its columns shuffled and others among them', async () => {
    const { table, state } = await fit(text);
    const order = header.map((_, place) => (place * 7 + 3) % header.length);
    const shuffled = [header, ...rows].map((row, line) => [line === 0 ? 'Note' : `n${line}`, ...order.map((place) => row[place] ?? '')]);
    const source = bytesSource(new TextEncoder().encode(textOf(shuffled)));
    const { table: other } = await readTable([source], await inferSchema([source], { target: TARGET }));
    expect(transform(other, state)).toEqual(transform(table, state));
  });

  test('leaves out the item numbers and learns from the other ten columns', async () => {
    const { state } = await fit(text);
    expect(state.inputs.map(({ name }) => name)).toEqual(header.filter((name) => name !== 'Item_Identifier' && name !== TARGET));
    expect(state.columns[0]).toEqual({ name: 'Item_Identifier', kind: 'identifier', use: 'left-out', detail: 'dropped by the recipe' });
  });
});
