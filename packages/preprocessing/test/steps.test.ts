import { describe, expect, test } from 'vitest';
import type { Table } from '@dropforest/tabular';
import { fitPipeline, transform } from '../src/index.ts';
import type { FitOptions, Step } from '../src/index.ts';
import { tableOf } from './tables.ts';

/** Keeps every column and category as it is, so that a test sees what the recipe did and nothing else. */
const AS_IT_IS: FitOptions = { accepts: { missingValues: true, categories: true } };

/** One column of a table after a recipe; `null` for missing values and for what the training rows did not have. */
function after(steps: Step[], train: string, column: string, predict: string = train): (string | number | null)[] {
  const state = fitPipeline(tableOf(train), 'y', steps, AS_IT_IS);
  const feature = transform(tableOf(predict, kindsOf(tableOf(train))), state).find(({ name }) => name === column);
  const { values = [], categories } = feature ?? {};
  return Array.from(values, (value) => (categories === undefined ? (Number.isNaN(value) ? null : value) : value === categories.length - 1 ? null : (categories[value] ?? null)));
}

const kindsOf = (table: Table): Record<string, 'numeric' | 'categorical'> => Object.fromEntries(table.columns.map(({ name, kind }) => [name, kind]));

describe('replace', () => {
  test('joins spellings, makes values missing and leaves the others', () => {
    const steps: Step[] = [{ step: 'replace', column: 'fat', values: { LF: 'Low Fat', '?': null } }];
    expect(after(steps, 'fat,y\nLF,1\nLow Fat,2\n?,3\nRegular,4\n,5\n', 'fat')).toEqual(['Low Fat', 'Low Fat', null, 'Regular', null]);
  });

  test('takes numbers however they are spelled', () => {
    const steps: Step[] = [{ step: 'replace', column: 'a', values: { '-999': null, '1e1': 11 } }];
    expect(after(steps, 'a,y\n-999.0,1\n10,2\n3,3\n', 'a')).toEqual([null, 11, 3]);
  });

  test('refuses a word in a column of numbers', () => {
    expect(() => after([{ step: 'replace', column: 'a', values: { one: 1 } }], 'a,y\n1,1\n2,2\n', 'a')).toThrow(/step 1 \(replace\): column "a" has numbers/);
  });
});

describe('impute', () => {
  const train = 'w,type,y\n1,fruit,1\n3,fruit,1\n10,meat,1\n,fruit,1\n,meat,1\n,bread,1\n,,1\n';

  test('fills gaps with the mean of the group, and a group without values with the mean of all', () => {
    expect(after([{ step: 'impute', column: 'w', strategy: 'mean', by: 'type' }], train, 'w')).toEqual([1, 3, 10, 2, 10, 14 / 3, 14 / 3]);
  });

  test('gives a group that the training rows did not have the statistic of all', () => {
    expect(after([{ step: 'impute', column: 'w', strategy: 'median', by: 'type' }], train, 'w', 'w,type\n,fish\n,fruit\n')).toEqual([3, 2]);
  });

  test('finds the most frequent word, the first in order among equals', () => {
    expect(after([{ step: 'impute', column: 'a', strategy: 'mode' }], 'a,y\nx,1\nb,1\nx,1\nb,1\nc,1\n,1\n', 'a').at(-1)).toBe('b');
  });

  test('looks values up by another column and leaves a gap where the table says nothing', () => {
    const steps: Step[] = [{ step: 'impute', column: 'size', strategy: 'lookup', by: 'shop', values: { corner: 'Small' } }];
    expect(after(steps, 'size,shop,y\n,corner,1\n,mall,1\nLarge,corner,1\nSmall,mall,1\n', 'size')).toEqual(['Small', null, 'Large', 'Small']);
  });

  test('fills gaps with a constant', () => {
    expect(after([{ step: 'impute', column: 'w', strategy: 'constant', value: -1 }], train, 'w')).toEqual([1, 3, 10, -1, -1, -1, -1]);
  });

  test('refuses the mean of words, and a column that is not there, with the one that was meant', () => {
    expect(() => after([{ step: 'impute', column: 'type', strategy: 'mean' }], train, 'w')).toThrow(/step 1 \(impute\): strategy "mean" needs numbers, but column "type" has words such as "fruit"/);
    expect(() => after([{ step: 'impute', column: 'w', strategy: 'mean', by: 'Type' }], train, 'w')).toThrow(/no column "Type" here, did you mean "type"\?/);
  });
});

describe('encode', () => {
  const train = 'c,y\nb,1\na,9\nb,3\nc,2\n,100\n';

  test('ordinal numbers the values in alphabetical order; what is missing or unknown is -1', () => {
    expect(after([{ step: 'encode', columns: ['c'], method: 'ordinal' }], train, 'c', 'c\na\nb\nc\n\nz\n')).toEqual([0, 1, 2, -1]);
  });

  test('ordinal-by-target numbers them in the order of their mean, missing values among them; unknown ones stand at the mean of all', () => {
    // Means: b 2, c 2, a 9, missing 100; of all rows 23, above three of the four.
    expect(after([{ step: 'encode', columns: ['c'], method: 'ordinal-by-target' }], train, 'c', 'c,d\nb,\nc,\na,\n,\nz,\n')).toEqual([0, 1, 2, 3, 2.5]);
  });

  test('one-hot makes a column for each value; what is missing or unknown has 0 in all of them', () => {
    const steps: Step[] = [{ step: 'encode', columns: ['c'], method: 'one-hot' }];
    const predict = 'c,d\na,\nb,\n,\nz,\n';
    expect([after(steps, train, 'c=a', predict), after(steps, train, 'c=b', predict)]).toEqual([[1, 0, 0, 0], [0, 1, 0, 0]]);
  });

  test('refuses a column of numbers and one that an earlier step has dropped', () => {
    expect(() => after([{ step: 'encode', columns: ['y2'], method: 'ordinal' }], 'y2,y\n1,1\n2,2\n', 'y2')).toThrow(/step 1 \(encode\): column "y2" has numbers already/);
    const steps: Step[] = [{ step: 'drop', columns: ['c'] }, { step: 'encode', columns: ['c'], method: 'ordinal' }];
    expect(() => after(steps, 'c,d,y\na,1,1\nb,2,2\n', 'd')).toThrow(/step 2 \(encode\): there is no column "c"/);
  });
});

describe('what follows every recipe', () => {
  const rows = Array.from({ length: 100 }, (_, row) => `id-${row},7,${row % 10 === 0 ? '' : row},${row % 3 === 0 ? 'x' : 'y'},,${row}`);
  const table = tableOf(`name,constant,n,word,blank,y\n${rows.join('\n')}\n`);

  test('leaves out what cannot help, fills gaps and numbers categories, and says so', () => {
    const state = fitPipeline(table, 'y', []);
    expect(state.features.map(({ name }) => name)).toEqual(['n', 'word']);
    expect(Object.fromEntries(state.columns.map(({ name, use, detail }) => [name, `${use}: ${detail}`]))).toEqual({
      name: 'left-out: it names rows instead of describing them: 100 different values in 100 rows',
      constant: 'left-out: it is 7 in every training row that has a value',
      n: 'feature: missing values become 50',
      word: 'feature: 2 categories as numbers',
      blank: 'left-out: it has no value in the training rows',
      y: 'target: the column to predict',
    });
    expect(state.inputs.filter(({ required }) => required).map(({ name }) => name)).toEqual(['n', 'word']);
  });

  test('leaves gaps and categories to an algorithm that takes them; unknown categories are the last one', () => {
    const state = fitPipeline(table, 'y', [], { accepts: { missingValues: true, categories: true } });
    const [n, word] = transform(tableOf('n,word\n,x\n3,z\n', { word: 'categorical' }), state);
    expect([n?.values[0], word?.categories, Array.from(word?.values ?? [])]).toEqual([NaN, ['x', 'y', '(other)'], [0, 2]]);
  });

  test('fills a gap that the recipe can leave, and no other', () => {
    const steps: Step[] = [{ step: 'impute', column: 'n', strategy: 'mean' }, { step: 'encode', columns: ['word'], method: 'one-hot' }];
    const imputed = (recipe: Step[]): string[] => fitPipeline(table, 'y', recipe).steps.flatMap((step) => (step.step === 'impute' ? [step.column] : []));
    expect(imputed(steps)).toEqual(['n']);
    expect(imputed([...steps, { step: 'replace', column: 'n', values: { 5: null } }])).toEqual(['n', 'n']);
  });

  test('never learns from a column that is to be left out, and says why', () => {
    const state = fitPipeline(table, 'y', [], { leaveOut: new Map([['n', 'idColumns lists it'], ['not there', '']]) });
    expect(state.features.map(({ name }) => name)).toEqual(['word']);
    expect(state.columns.find(({ name }) => name === 'n')).toMatchObject({ use: 'left-out', detail: 'idColumns lists it' });
  });

  test('says why nothing is left', () => {
    expect(() => fitPipeline(tableOf('a,y\n1,1\n1,2\n'), 'y', [])).toThrow(/no column is left to learn from \(a: it is 1 in every training row/);
  });

  test('refuses a table to transform that lacks a required column', () => {
    expect(() => transform(tableOf('n,other\n1,x\n'), fitPipeline(table, 'y', []))).toThrow(/needs the categorical column "word", but it is not there/);
  });
});
