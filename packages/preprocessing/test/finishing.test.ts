import { describe, expect, test } from 'vitest';
import type { Table } from '@dropforest/tabular';
import { columnsToRead, fitPipeline, parseSteps, transform } from '../src/index.ts';
import type { FitOptions, FittedPipeline } from '../src/index.ts';
import { tableOf, targetOf } from './tables.ts';

const rows = Array.from({ length: 100 }, (_, row) => `id-${row},7,${row % 10 === 0 ? '' : row},${row % 3 === 0 ? 'x' : 'y'},,${row % 4 === 0},2020-01-${String(1 + (row % 28)).padStart(2, '0')},${row}`);
const table = tableOf(`name,constant,n,word,blank,flag,when,y\n${rows.join('\n')}\n`, { name: 'identifier', flag: 'boolean', when: 'date' });

function fit(steps: unknown = [], options: FitOptions = {}, data: Table = table): FittedPipeline {
  return fitPipeline(data, targetOf(data), parseSteps(steps), options);
}

const featuresOf = (state: FittedPipeline): string[] => state.features.map(({ name }) => name);
const detailOf = (state: FittedPipeline, column: string): string | undefined => state.columns.find(({ name }) => name === column)?.detail;

describe('what follows every recipe', () => {
  test('leaves out what cannot help, fills gaps, expands dates and numbers categories, and says so', () => {
    const state = fit();
    expect(featuresOf(state)).toEqual(['n', 'word', 'flag', 'when.day', 'when.weekday', 'when.elapsedDays']);
    expect(Object.fromEntries(state.columns.map(({ name, use, detail }) => [name, `${use}: ${detail}`]))).toEqual({
      name: 'left-out: it names rows instead of describing them',
      constant: 'left-out: it is 7 in every training row that has a value',
      n: 'feature: missing values become 50',
      word: 'feature: 2 categories as numbers',
      blank: 'left-out: it has no value in the training rows',
      flag: 'feature: missing values become 0',
      when: `feature: dates as year, month, day, weekday, hour, elapsedDays; missing values are filled part by part; ${['year left out: it is 2020', 'month left out: it is 1', 'hour left out: it is 0'].map((part) => `when.${part} in every training row that has a value`).join('; ')}`,
      y: 'target: the column to predict',
    });
    expect(state.inputs).toEqual([{ name: 'n', kind: 'numeric' }, { name: 'word', kind: 'categorical' }, { name: 'flag', kind: 'boolean' }, { name: 'when', kind: 'date' }]);
  });

  test('leaves gaps and categories to an algorithm that takes them; unseen categories are the last one', () => {
    const state = fit([{ step: 'drop', columns: ['flag', 'when'] }], { accepts: { missingValues: true, categories: true } });
    const [n, word] = transform(tableOf('n,word\n,x\n3,z\n', { word: 'categorical' }), state);
    expect([n?.values[0], word?.categories, Array.from(word?.values ?? [])]).toEqual([NaN, ['x', 'y', '(other)'], [0, 2]]);
  });

  test('fills a gap that the recipe can leave, and no other', () => {
    const steps = [{ step: 'drop', columns: ['flag', 'when'] }, { step: 'impute', column: 'n', strategy: 'mean' }, { step: 'scale', columns: ['n'] }, { step: 'encode', columns: ['word'], method: 'one-hot' }];
    const imputed = (recipe: unknown): string[] => fit(recipe).steps.flatMap((step) => (step.step === 'impute' ? [step.column] : []));
    expect(imputed(steps)).toEqual(['n']);
    expect(imputed([...steps, { step: 'replace', column: 'n', values: { 5: 6 } }])).toEqual(['n']);
    expect(imputed([...steps, { step: 'replace', column: 'n', values: { 5: null } }])).toEqual(['n', 'n']);
  });

  test('never learns from a column that is to be left out, and says why', () => {
    const leaveOut = new Map([['n', 'idColumns lists it'], ['not there', '']]);
    const state = fit([], { leaveOut });
    expect(featuresOf(state)).not.toContain('n');
    expect(state.columns.find(({ name }) => name === 'n')).toMatchObject({ use: 'left-out', detail: 'idColumns lists it' });
    expect(() => fit([{ step: 'log', columns: ['n'] }], { leaveOut })).toThrow(/step 1 \(log\): no step can use column "n": idColumns lists it/);
    expect(featuresOf(fit([{ step: 'drop', columns: ['n'] }], { leaveOut }))).toEqual(featuresOf(state));
  });

  test('leaves out free text, identifiers and constants with the explanation of their kind, read or not', () => {
    const kinds = { name: 'identifier', blank: 'text' } as const;
    const schema = [
      { name: 'name', kind: 'identifier', explanation: 'every row has another value' },
      { name: 'constant', kind: 'constant', explanation: 'it is always 7' },
      { name: 'blank', kind: 'text', explanation: 'many words' },
      { name: 'n', kind: 'numeric', explanation: 'numbers' },
      { name: 'y', kind: 'numeric', explanation: 'numbers' },
    ] as const;
    const read = tableOf('name,blank,n,y\na,some words,1,1\nb,other words,2,2\n', kinds);
    const unread = tableOf('n,y\n1,1\n2,2\n');
    for (const data of [read, unread]) {
      const state = fit([], { schema }, data);
      expect(state.columns.map(({ name, use, detail }) => [name, use, detail])).toEqual([
        ['name', 'left-out', 'every row has another value'],
        ['constant', 'left-out', 'it is always 7'],
        ['blank', 'left-out', 'many words'],
        ['n', 'feature', 'missing values become 1.5'],
        ['y', 'target', 'the column to predict'],
      ]);
    }
    expect(fit([{ step: 'drop', columns: ['constant'] }], { schema }, unread).columns[1]).toMatchObject({ detail: 'dropped by the recipe' });
    expect(() => fit([{ step: 'drop', columns: ['konstant'] }], { schema }, unread)).toThrow(/no column "konstant" here/);
  });

  test('asks for a column that only fills the gaps of another, and says so', () => {
    const state = fit([{ step: 'impute', column: 'n', strategy: 'mean', by: 'word' }, { step: 'drop', columns: ['word', 'flag', 'when'] }]);
    expect(state.inputs.map(({ name }) => name)).toEqual(['n', 'word']);
    expect(detailOf(state, 'word')).toBe('dropped by the recipe; a file to predict must have it all the same: gaps of other columns are filled by it');
  });

  test('learns from an identifier that the recipe rewrites', () => {
    expect(featuresOf(fit([{ step: 'replace', column: 'name', values: { 'id-1': 'id-2' } }]))).toContain('name');
  });

  test('keeps no step of a column that comes to nothing', () => {
    expect(fit([{ step: 'replace', column: 'constant', values: { 7: 8 } }]).steps.some((step) => step.column === 'constant')).toBe(false);
  });

  test('says why nothing is left', () => {
    expect(() => fit([], {}, tableOf('a,y\n1,1\n1,2\n'))).toThrow(/no column is left to learn from \(a: it is 1 in every training row/);
  });

  test('refuses a table to transform that lacks an input or has it as another kind', () => {
    const state = fit([{ step: 'drop', columns: ['flag', 'when'] }]);
    expect(() => transform(tableOf('n,other\n1,x\n'), state)).toThrow(/needs the categorical column "word", but it is not there/);
    expect(() => transform(tableOf('n,word\na,x\n'), state)).toThrow(/needs the numeric column "n", but it is categorical/);
  });
});

describe('the columns to read', () => {
  const schema = (['numeric', 'boolean', 'date', 'categorical', 'text', 'identifier', 'constant'] as const).map((kind) => ({ name: kind, kind, explanation: '' }));

  test('are those that something can be learned from, and the target whatever it is', () => {
    expect(columnsToRead(schema, 'boolean', [])).toEqual(['numeric', 'boolean', 'date', 'categorical']);
    expect(columnsToRead(schema, 'text', [], new Map([['date', 'left out']]))).toEqual(['numeric', 'boolean', 'categorical', 'text']);
  });

  test('are also those that a step makes something of, and not those that it only drops', () => {
    const steps = parseSteps([
      { step: 'encode', columns: ['text'], method: 'frequency' },
      { step: 'impute', column: 'numeric', strategy: 'mean', by: 'constant' },
      { step: 'drop', columns: ['identifier'] },
    ]);
    expect(columnsToRead(schema, 'numeric', steps)).toEqual(['numeric', 'boolean', 'date', 'categorical', 'text', 'constant']);
  });
});
