import { describe, expect, test } from 'vitest';
import { fitPipeline, parseFittedPipeline, parseSteps, transform } from '../src/index.ts';
import type { FitOptions } from '../src/index.ts';
import { kindsOf, tableOf, targetOf } from './tables.ts';
import type { Kinds } from './tables.ts';

/** Keeps every column and category as it is, so that a test sees what the recipe did and nothing else. */
const AS_IT_IS: FitOptions = { accepts: { missingValues: true, categories: true } };

interface Case {
  /** CSV with a column `y`. */
  readonly train: string;
  readonly column: string;
  /** CSV of other rows to transform; the training rows by default. */
  readonly predict?: string;
  readonly kinds?: Kinds;
}

/** One column of a table after a recipe; `null` for missing values and for what the training rows did not have. */
function after(steps: unknown, { train, column, predict = train, kinds = {} }: Case): (string | number | null)[] {
  const table = tableOf(train, kinds);
  const state = fitPipeline(table, targetOf(table), parseSteps(steps), AS_IT_IS);
  const feature = transform(tableOf(predict, kindsOf(table)), state).find(({ name }) => name === column);
  const { values = [], categories } = feature ?? {};
  return Array.from(values, (value) => (categories === undefined ? (Number.isNaN(value) ? null : value) : value === categories.length - 1 ? null : (categories[value] ?? null)));
}

describe('replace', () => {
  test('joins spellings, makes values missing and leaves the others, also those that training did not have', () => {
    const steps = [{ step: 'replace', column: 'fat', values: { LF: 'Low Fat', '?': null } }];
    const train = 'fat,y\nLF,1\nLow Fat,2\n?,3\nRegular,4\n,5\n';
    expect(after(steps, { train, column: 'fat' })).toEqual(['Low Fat', 'Low Fat', null, 'Regular', null]);
    expect(after([...steps, { step: 'encode', columns: ['fat'], method: 'one-hot' }], { train, column: 'fat=Low Fat', predict: 'fat,d\nLF,\nnew,\n,\n?,\n' })).toEqual([1, 0, 0, 0]);
  });

  test('takes numbers, dates and booleans however they are spelled', () => {
    const train = 'a,d,b,y\n-999.0,1900-01-01,true,1\n10,2020-05-01,false,2\n3,2020-05-02,true,3\n';
    const kinds = { d: 'date', b: 'boolean' } as const;
    expect(after([{ step: 'replace', column: 'a', values: { '-999': null, '1e1': 11 } }], { train, kinds, column: 'a' })).toEqual([null, 11, 3]);
    expect(after([{ step: 'replace', column: 'd', values: { '1900-01-01': null, '2020-05-01': '2019-05-01T12:00' } }], { train, kinds, column: 'd.year' })).toEqual([null, 2019, 2020]);
    expect(after([{ step: 'replace', column: 'b', values: { true: false, false: true } }], { train, kinds, column: 'b' })).toEqual([0, 1, 0]);
  });

  test('refuses a word in a column of numbers, dates or booleans', () => {
    const train = 'a,d,b,y\n1,2020-01-01,true,1\n2,2020-01-02,false,2\n';
    const refused = (column: string, values: unknown): (() => unknown) => () => after([{ step: 'replace', column, values }], { train, column, kinds: { d: 'date', b: 'boolean' } });
    expect(refused('a', { one: 1 })).toThrow(/step 1 \(replace\): column "a" has numbers: "one" must be a number too/);
    expect(refused('d', { '1.1.2020': null })).toThrow(/column "d" has dates: "1.1.2020" must be a date such as 2026-11-30 too/);
    expect(refused('b', { yes: null })).toThrow(/column "b" has booleans: "yes" must be true or false too/);
  });
});

describe('impute', () => {
  const train = 'w,type,y\n1,fruit,1\n3,fruit,1\n10,meat,1\n,fruit,1\n,meat,1\n,bread,1\n,,1\n';

  test('fills gaps with the mean of the group, and a group without values with the mean of all', () => {
    expect(after([{ step: 'impute', column: 'w', strategy: 'mean', by: 'type' }], { train, column: 'w' })).toEqual([1, 3, 10, 2, 10, expect.closeTo(14 / 3, 12), expect.closeTo(14 / 3, 12)]);
  });

  test('gives a group that is missing or that the training rows did not have the statistic of all', () => {
    expect(after([{ step: 'impute', column: 'w', strategy: 'median', by: 'type' }], { train, column: 'w', predict: 'w,type\n,fish\n,fruit\n,\n' })).toEqual([3, 2, 3]);
  });

  test('groups by numbers, dates and booleans as well', () => {
    const byNumber = 'w,g,y\n1,1.0,1\n3,1,1\n,1,1\n9,2,1\n,2,1\n';
    expect(after([{ step: 'impute', column: 'w', strategy: 'mean', by: 'g' }], { train: byNumber, column: 'w' })).toEqual([1, 3, 2, 9, 9]);
    const byBoolean = 'w,g,y\n1,true,1\n,true,1\n9,false,1\n,false,1\n';
    expect(after([{ step: 'impute', column: 'w', strategy: 'lookup', by: 'g', values: { true: 7 } }], { train: byBoolean, column: 'w', kinds: { g: 'boolean' } })).toEqual([1, 7, 9, null]);
  });

  test('finds the most frequent word, the first in order among equals', () => {
    const filled = (words: string): unknown => after([{ step: 'impute', column: 'a', strategy: 'mode' }], { train: `a,y\n${words.split(' ').map((word) => `${word},1\n`).join('')},1\n`, column: 'a' }).at(-1);
    expect([filled('x b x b c'), filled('b x b x c'), filled('a b b')]).toEqual(['b', 'b', 'b']);
  });

  test('looks values up by another column and leaves a gap where the table says nothing', () => {
    const steps = [{ step: 'impute', column: 'size', strategy: 'lookup', by: 'shop', values: { corner: 'Small' } }];
    expect(after(steps, { train: 'size,shop,y\n,corner,1\n,mall,1\nLarge,corner,1\nSmall,mall,1\n', column: 'size' })).toEqual(['Small', null, 'Large', 'Small']);
  });

  test('fills gaps with a constant, in words also with one that no row has', () => {
    expect(after([{ step: 'impute', column: 'w', strategy: 'constant', value: -1 }], { train, column: 'w' })).toEqual([1, 3, 10, -1, -1, -1, -1]);
    expect(after([{ step: 'impute', column: 'type', strategy: 'constant', value: 'none' }], { train, column: 'type' }).at(-1)).toBe('none');
  });

  test('refuses the mean of words, and a column that is not there, with the one that was meant', () => {
    expect(() => after([{ step: 'impute', column: 'type', strategy: 'mean' }], { train, column: 'w' })).toThrow(/step 1 \(impute\): strategy "mean" needs numbers, but column "type" has words such as "fruit"/);
    expect(() => after([{ step: 'impute', column: 'w', strategy: 'mean', by: 'Type' }], { train, column: 'w' })).toThrow(/no column "Type" here, did you mean "type"\?/);
    expect(() => after([{ step: 'impute', column: 'w', strategy: 'mean', by: 'y' }], { train, column: 'w' })).toThrow(/no step can use column "y": it is the target/);
  });
});

describe('encode', () => {
  const train = 'c,y\nb,1\na,9\nb,3\nc,2\n,100\n';
  const predict = 'c,d\na,\nb,\nc,\n,\nz,\n';
  const encoded = (method: string, column = 'c'): unknown => after([{ step: 'encode', columns: ['c'], method }], { train, predict, column });

  test('ordinal numbers the values in alphabetical order; what is missing or unseen is -1', () => {
    expect(encoded('ordinal')).toEqual([0, 1, 2, -1, -1]);
  });

  test('ordinal-by-target numbers them in the order of their mean, missing values among them; unseen ones stand at the mean of all', () => {
    // Means: b 2, c 2, a 9, missing 100; of all rows 23. With two rows b stays farther from it than c with one.
    expect(encoded('ordinal-by-target')).toEqual([2, 0, 1, 3, 2.5]);
  });

  test('ordinal-by-target treats a missing value as unseen where the training rows have none', () => {
    expect(after([{ step: 'encode', columns: ['c'], method: 'ordinal-by-target' }], { train: 'c,y\na,0\nb,10\n', predict: 'c,d\n,\nz,\n', column: 'c' })).toEqual([0.5, 0.5]);
  });

  test('one-hot makes a column for each value; what is missing or unseen has 0 in all of them', () => {
    expect([encoded('one-hot', 'c=a'), encoded('one-hot', 'c=b'), encoded('one-hot', 'c=c')]).toEqual([[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0]]);
  });

  test('frequency gives the share of the training rows, of gaps as well; an unseen value has 0', () => {
    expect(encoded('frequency')).toEqual([0.2, 0.4, 0.2, 0.2, 0]);
  });

  test('as-is leaves categories to the algorithm; what is missing or unseen is one more', () => {
    expect(encoded('as-is')).toEqual(['a', 'b', 'c', null, null]);
  });

  test('as-is is refused where the algorithm takes no categories', () => {
    const table = tableOf(train);
    expect(() => fitPipeline(table, targetOf(table), parseSteps([{ step: 'encode', columns: ['c'], method: 'as-is' }]))).toThrow(/step 1 \(encode\): the algorithm takes no categories as they are \(column "c"\)/);
  });

  test('makes something of identifiers and free text where it is asked to', () => {
    const words = 'id,note,n,y\nA1,some text,1,1\nA2,more text,2,2\n';
    const kinds = { id: 'identifier', note: 'text' } as const;
    expect(after([{ step: 'encode', columns: ['id'], method: 'ordinal' }], { train: words, kinds, column: 'id' })).toEqual([0, 1]);
    expect(after([{ step: 'encode', columns: ['note'], method: 'as-is' }], { train: words, kinds, column: 'note' })).toEqual(['some text', 'more text']);
  });

  test('refuses a column of numbers, one that an earlier step has dropped, and a name that is taken', () => {
    expect(() => after([{ step: 'encode', columns: ['y2'], method: 'ordinal' }], { train: 'y2,y\n1,1\n2,2\n', column: 'y2' })).toThrow(/step 1 \(encode\): column "y2" has numbers already/);
    const steps = [{ step: 'drop', columns: ['c'] }, { step: 'encode', columns: ['c'], method: 'ordinal' }];
    expect(() => after(steps, { train: 'c,d,y\na,1,1\nb,2,2\n', column: 'd' })).toThrow(/step 2 \(encode\): there is no column "c"/);
    expect(() => after([{ step: 'encode', columns: ['c'], method: 'one-hot' }], { train: 'c,c=a,y\na,1,1\nb,2,2\n', column: 'd' })).toThrow(/makes a column "c=a", but there is one already/);
  });

  test('refuses to make thousands of columns', () => {
    const rows = Array.from({ length: 1001 }, (_, row) => `w${row},${row}`);
    expect(() => after([{ step: 'encode', columns: ['c'], method: 'one-hot' }], { train: `c,y\n${rows.join('\n')}\n`, column: 'c' })).toThrow(/would make 1001 columns, at most 1000 are allowed/);
  });
});

describe('date', () => {
  // 30 November 2026 is a Monday, 2 March 2025 a Sunday.
  const train = 'd,y\n2026-11-30T06:00,1\n2025-03-02,2\n,3\n';
  const predict = 'd,x\n2024-02-29T23:59:59,\n1969-12-31,\n,\n';
  const part = (name: string, given = predict): unknown => after([{ step: 'date', columns: ['d'] }], { train, predict: given, kinds: { d: 'date' }, column: `d.${name}` });

  test('expands dates to their parts, also dates before and after those of the training rows; a missing one is missing in all', () => {
    expect(part('year')).toEqual([2024, 1969, null]);
    expect(part('month')).toEqual([2, 12, null]);
    expect(part('day')).toEqual([29, 31, null]);
    expect(part('hour')).toEqual([23, 0, null]);
    expect(part('weekday', train)).toEqual([1, 7, null]);
    expect(part('elapsedDays', train)).toEqual([638.25, 0, null]);
  });

  test('makes the parts asked for and leaves out those that never change', () => {
    const table = tableOf('d,y\n2026-11-30,1\n2026-03-01,2\n', { d: 'date' });
    const parts = (steps: unknown): string[] => fitPipeline(table, targetOf(table), parseSteps(steps)).features.map(({ name }) => name);
    expect(parts([{ step: 'date', columns: ['d'], parts: ['month', 'weekday'] }])).toEqual(['d.month', 'd.weekday']);
    expect(parts([])).toEqual(['d.month', 'd.day', 'd.weekday', 'd.elapsedDays']);
  });

  test('makes a column of the name of one that was dropped, though an earlier step needs the old one', () => {
    const data = 'd,d.year,w,y\n2020-01-01,a,1,1\n2021-01-01,b,5,2\n2021-01-01,b,,2\n';
    const steps = [{ step: 'impute', column: 'w', strategy: 'mean', by: 'd.year' }, { step: 'drop', columns: ['d.year'] }, { step: 'date', columns: ['d'] }];
    const of = (column: string): unknown => after(steps, { train: data, column, kinds: { d: 'date' } });
    expect([of('d.year'), of('w')]).toEqual([[2020, 2021, 2021], [1, 5, 5]]);
  });

  test('of a column without any can be stored', () => {
    const data = tableOf('d,g,y\n,a,1\n,b,2\n', { d: 'date' });
    const state = fitPipeline(data, targetOf(data), parseSteps([{ step: 'date', columns: ['d'] }, { step: 'impute', column: 'd.year', strategy: 'lookup', by: 'g', values: { a: 2020, b: 2021 } }]));
    expect(state.features.map(({ name }) => name)).toContain('d.year');
    expect(parseFittedPipeline(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  test('refuses what is no date', () => {
    expect(() => after([{ step: 'date', columns: ['n'] }], { train: 'n,y\n1,1\n', column: 'n' })).toThrow(/step 1 \(date\): step "date" needs dates, but column "n" is numeric; declare it/);
  });
});

describe('scale, clip and log', () => {
  const train = 'n,y\n0,1\n2,1\n,1\n4,1\n';
  const predict = 'n,d\n-8,\n,\n12,\n';

  test('scale makes the training rows have mean 0 and deviation 1; gaps stay', () => {
    const steps = [{ step: 'scale', columns: ['n'] }];
    const unit = Math.sqrt(8 / 3);
    expect(after(steps, { train, column: 'n' })).toEqual([expect.closeTo(-2 / unit, 12), 0, null, expect.closeTo(2 / unit, 12)]);
    expect(after(steps, { train, predict, column: 'n' })).toEqual([expect.closeTo(-10 / unit, 12), null, expect.closeTo(10 / unit, 12)]);
  });

  test('scale only moves what has no deviation', () => {
    const table = tableOf('n,m,y\n5,1,1\n5,2,2\n');
    expect(fitPipeline(table, targetOf(table), parseSteps([{ step: 'scale', columns: ['n', 'm'] }])).columns[0]).toMatchObject({ use: 'left-out', detail: 'it is 0 in every training row that has a value' });
  });

  test('clip moves values onto the limits given, or onto quantiles of the training rows; gaps stay', () => {
    expect(after([{ step: 'clip', columns: ['n'], max: 3 }], { train, predict, column: 'n' })).toEqual([-8, null, 3]);
    expect(after([{ step: 'clip', columns: ['n'], min: 0, max: 10 }], { train, predict, column: 'n' })).toEqual([0, null, 10]);
    expect(after([{ step: 'clip', columns: ['n'], quantiles: [0.25, 0.75] }], { train, predict, column: 'n' })).toEqual([1, null, 3]);
  });

  test('log is the logarithm of 1 + x, mirrored for negative numbers; gaps stay', () => {
    expect(after([{ step: 'log', columns: ['n'] }], { train, predict, column: 'n' })).toEqual([expect.closeTo(-Math.log(9), 12), null, expect.closeTo(Math.log(13), 12)]);
  });

  test('refuse words', () => {
    const words = 'c,y\na,1\nb,2\n';
    for (const step of [{ step: 'scale' }, { step: 'clip', min: 0 }, { step: 'log' }]) {
      expect(() => after([{ ...step, columns: ['c'] }], { train: words, column: 'c' })).toThrow(new RegExp(`step 1 \\(${step.step}\\): step "${step.step}" needs numbers, but column "c" has words such as "a"`));
    }
  });
});
