import { describe, expect, test } from 'vitest';
import { profileOf } from '../src/index.ts';
import { columnOf, tableOf } from './tables.ts';

describe('a profile', () => {
  test('has the quantiles of numbers, booleans and dates that NumPy finds', () => {
    const table = tableOf('n,b,d,none\n3,true,1970-01-02,\n1,false,1970-01-04,\n,,,\n4,true,1970-01-03,\n1,true,1970-01-01,\n', { b: 'boolean', d: 'date', none: 'numeric' });
    expect(profileOf(table)).toEqual([
      // numpy.percentile([3, 1, 4, 1], [0, 5, 25, 50, 75, 95, 100])
      { name: 'n', kind: 'numeric', missing: 0.2, quantiles: [1, 1, 1, 2, 3.25, 3.85, 4] },
      { name: 'b', kind: 'boolean', missing: 0.2, quantiles: [0, 0.15, 0.75, 1, 1, 1, 1] },
      { name: 'd', kind: 'date', missing: 0.2, quantiles: [0, 0.15, 0.75, 1.5, 2.25, 2.85, 3] },
      { name: 'none', kind: 'numeric', missing: 1 },
    ]);
  });

  test('has the twenty most frequent words and their shares of all rows, in alphabetical order among equals', () => {
    const cells = [...Array.from({ length: 30 }, (_, place) => `w${String(29 - place).padStart(2, '0')}`), 'w05', '', ''];
    const [profile] = profileOf({ rowCount: cells.length, columns: [columnOf('word', 'categorical', cells)] });
    expect(profile?.missing).toBe(0.0606060606);
    expect(profile?.levels?.map(({ value }) => value)).toEqual(['w05', ...Array.from({ length: 20 }, (_, place) => `w${String(place).padStart(2, '0')}`).filter((word) => word !== 'w05')]);
    expect(profile?.levels?.[0]?.share).toBe(0.0606060606);
  });

  test('copies no free text and no identifier', () => {
    const table = tableOf('note,id\nhello world,1a\nanother,2b\n', { note: 'text', id: 'identifier' });
    expect(profileOf(table)).toEqual([{ name: 'note', kind: 'text', missing: 0 }, { name: 'id', kind: 'identifier', missing: 0 }]);
  });

  test('of no rows is empty and not broken', () => {
    expect(profileOf(tableOf('a,b', { a: 'numeric', b: 'categorical' }))).toEqual([{ name: 'a', kind: 'numeric', missing: 0 }, { name: 'b', kind: 'categorical', missing: 0, levels: [] }]);
  });
});
