import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertDatasetName, keys, parseDroppedKey } from './keys.ts';

describe('a dropped key', () => {
  test.each([
    ['train/sales/a.csv', 'train', 'sales', 'a.csv'],
    ['predict/sales/A.CSV', 'predict', 'sales', 'A.CSV'],
    ['train/shop-7/2026/03/a b+c é.tsv', 'train', 'shop-7', '2026/03/a b+c é.tsv'],
    ['train/s/a.csv.gz', 'train', 's', 'a.csv.gz'],
    ['train/s/a.TXT', 'train', 's', 'a.TXT'],
  ])('%s is a file of its data set', (key, zone, dataset, file) => {
    expect(parseDroppedKey(key)).toEqual({ kind: 'file', zone, dataset, file });
  });

  test.each(['train/', 'train/sales/', 'train/Sales/_SUCCESS', 'results/sales/a.csv', 'training/sales/a.csv', 'a.csv'])('%s is ignored', (key) => {
    expect(parseDroppedKey(key)).toEqual({ kind: 'ignored' });
  });

  test.each(['train/sales/_SUCCESS', 'train/sales/2026/_SUCCESS'])('%s is a marker', (key) => {
    expect(parseDroppedKey(key)).toEqual({ kind: 'marker', zone: 'train', dataset: 'sales' });
  });

  test.each([
    ['train/a.csv', 'invalid-dataset-name'],
    ['train/Sales/a.csv', 'invalid-dataset-name'],
    ['train/-sales/a.csv', 'invalid-dataset-name'],
    ['predict/twenty-five-characters-xx/a.csv', 'invalid-dataset-name'],
    ['train/sales/a.xlsx', 'not-a-table-file'],
    ['predict/sales/a', 'not-a-table-file'],
  ])('%s is refused as %s', (key, code) => {
    expect(parseDroppedKey(key)).toMatchObject({ kind: 'refused', problem: { code } });
  });

  test('of any file name leads back to where the file lies', () => {
    const file = fc.string({ unit: 'binary', minLength: 1 }).filter((name) => !name.endsWith('/') && !/(^|\/)_SUCCESS$/.test(name));
    fc.assert(
      fc.property(file, (name) => {
        expect(parseDroppedKey(keys.drop('train', 'sales', `${name}.csv`))).toEqual({ kind: 'file', zone: 'train', dataset: 'sales', file: `${name}.csv` });
      }),
    );
  });
});

test('a refused file without a data set has a verdict all the same', () => {
  expect(keys.verdict('train', '', 'a.csv', 'e1')).toBe('rejected/train/a.csv/e1.json');
  expect(keys.verdict('predict', 'sales', 'a.csv', 'e1')).toBe('rejected/sales/predict/a.csv/e1.json');
});

test('a data set name of more than 24 characters is refused with what is allowed', () => {
  expect(() => assertDatasetName('x'.repeat(24))).not.toThrow();
  expect(() => assertDatasetName('x'.repeat(25))).toThrow(/at most 24 of a-z, 0-9/);
});
