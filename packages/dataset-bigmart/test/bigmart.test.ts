import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parseDatasetConfig } from '@dropforest/contracts';
import { generateBigMart } from '../src/index.ts';
import { createSamples } from '../src/samples.ts';

const read = (path: string): Promise<string> => readFile(new URL(`../${path}`, import.meta.url), 'utf8');

/** The generator never quotes, so a row is its text split at commas. */
function parse(text: string): Record<string, string>[] {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index): [string, string] => [names[index] ?? '', cell])));
}

const distinct = (rows: readonly Record<string, string>[], column: string): string[] => [...new Set(rows.map((row) => row[column] ?? ''))].sort();

describe('the sample files', () => {
  test.each([...createSamples()])('samples/%s is what the generator makes', async (name, text) => {
    expect(await read(`samples/${name}`)).toBe(text);
  });
});

describe('generated rows', () => {
  const rows = parse(generateBigMart({ rows: 5000, seed: 7, withTarget: true }));

  test('are the same for the same seed and others for another one', () => {
    const options = { rows: 50, seed: 3, withTarget: true };
    expect(generateBigMart(options)).toBe(generateBigMart(options));
    expect(generateBigMart({ ...options, seed: 4 })).not.toBe(generateBigMart(options));
  });

  test('have the columns of Big Mart, the sales last and only where asked for', () => {
    const header = (withTarget: boolean): string => generateBigMart({ rows: 0, seed: 0, withTarget }).trimEnd();
    expect(header(true)).toBe(`${header(false)},Item_Outlet_Sales`);
    expect(header(false).split(',')).toHaveLength(11);
    expect(rows).toHaveLength(5000);
  });

  test('lack the weight and the size in all rows of some outlets and in no row of the others', () => {
    for (const [column, count] of [['Item_Weight', 2], ['Outlet_Size', 3]] as const) {
      const without = distinct(rows.filter((row) => row[column] === ''), 'Outlet_Identifier');
      const within = new Set(distinct(rows.filter((row) => row[column] !== ''), 'Outlet_Identifier'));
      expect(without).toHaveLength(count);
      expect(without.some((outlet) => within.has(outlet))).toBe(false);
    }
  });

  test('spell the fat content in five ways', () => {
    expect(distinct(rows, 'Item_Fat_Content')).toEqual(['LF', 'Low Fat', 'Regular', 'low fat', 'reg']);
  });

  test('have sales that price and outlet explain, and not all of it', () => {
    const sales = rows.map((row) => Number(row['Item_Outlet_Sales']));
    const ratios = new Map(distinct(rows, 'Outlet_Identifier').map((outlet) => [outlet, mean(rows.filter((row) => row['Outlet_Identifier'] === outlet).map((row) => Number(row['Item_Outlet_Sales']) / Number(row['Item_MRP'])))]));
    const explained = rows.map((row) => Number(row['Item_MRP']) * (ratios.get(row['Outlet_Identifier'] ?? '') ?? 0));
    const squared = (guess: (row: number) => number): number => mean(sales.map((value, row) => (value - guess(row)) ** 2));
    const all = mean(sales);
    const share = 1 - squared((row) => explained[row] ?? 0) / squared(() => all);
    expect(share).toBeGreaterThan(0.5);
    expect(share).toBeLessThan(0.8);
  });
});

describe('dataset.json', () => {
  test('is valid and asks for what the worked example is known by', async () => {
    const config = parseDatasetConfig(await read('dataset.json'));
    expect(config).toMatchObject({ target: 'Item_Outlet_Sales', algorithm: 'forest', hyperparameters: { nEstimators: 500, tune: 'off' }, evaluation: { holdout: 0.1 } });
    expect(config.steps.map(({ step }) => step)).toEqual(['replace', 'impute', 'impute', 'drop', 'encode']);
  });

  test('names columns and values that the data has', async () => {
    const rows = parse(generateBigMart({ rows: 2000, seed: 5, withTarget: true }));
    const text = await read('dataset.json');
    const words = [...text.matchAll(/"((?:Item|Outlet)_\w+|Low Fat|low fat|LF|reg|Regular|Supermarket Type\d|Grocery Store)"/g)].map(([, word]) => word ?? '');
    const known = new Set([...Object.keys(rows[0] ?? {}), ...rows.flatMap((row) => Object.values(row))]);
    expect(words.filter((word) => !known.has(word))).toEqual([]);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
