import { keys } from '@dropforest/contracts';
import type { ObjectHead } from '@dropforest/lambda-kit';
import { describe, expect, test } from 'vitest';
import { backlogOf, chooseFiles, type OpenFile } from './backlog.ts';

const object = (key: string, etag = 'e1', lastModified = 0): ObjectHead => ({ key, etag, size: 1, lastModified });
const drop = (file: string, etag = 'e1') => object(keys.drop('predict', 'sales', file), etag);
const none = { results: [], verdicts: [] };

describe('the backlog', () => {
  test('is every file that has neither a claim nor a receipt', () => {
    const dropped = [drop('new.csv'), drop('claimed.csv'), drop('done.csv'), drop('in/folder.csv')];
    const results = [
      object(keys.claim('sales', 'claimed.csv', 'e1')),
      object(keys.claim('sales', 'done.csv', 'e1')),
      object(keys.receipt('sales', 'done.csv', 'e1')),
      object(keys.predictions('sales', 'new.csv', 'e1')),
    ];
    const { open, claims } = backlogOf('sales', { ...none, dropped, results });
    expect(open.map(({ file }) => file)).toEqual(['new.csv', 'in/folder.csv']);
    expect(claims).toEqual([keys.claim('sales', 'claimed.csv', 'e1')]);
  });

  test('has a file again once its content is another one', () => {
    const results = [object(keys.claim('sales', 'a.csv', 'e1')), object(keys.receipt('sales', 'a.csv', 'e1'))];
    expect(backlogOf('sales', { ...none, dropped: [drop('a.csv', 'e2')], results }).open).toMatchObject([{ file: 'a.csv', etag: 'e2' }]);
  });

  test('has no file whose claim was lost after its result was published', () => {
    expect(backlogOf('sales', { ...none, dropped: [drop('a.csv')], results: [object(keys.receipt('sales', 'a.csv', 'e1'))] })).toEqual({ open: [], claims: [] });
  });

  test('leaves out what is no file to predict', () => {
    const dropped = [object('predict/sales/'), drop('_SUCCESS'), drop('notes.docx'), drop('folder/')];
    expect(backlogOf('sales', { ...none, dropped }).open).toEqual([]);
  });

  test('says of which files there is an attempt or a verdict', () => {
    const results = [object(keys.resultAttempt('sales', 'a.csv', 'e1'))];
    const verdicts = [object(keys.verdict('predict', 'sales', 'b.csv', 'e1')), object(keys.verdict('predict', 'sales', 'a.csv', 'e0'))];
    expect(backlogOf('sales', { dropped: [drop('a.csv'), drop('b.csv')], results, verdicts }).open).toMatchObject([
      { file: 'a.csv', hasAttempt: true, hasVerdict: false },
      { file: 'b.csv', hasAttempt: false, hasVerdict: true },
    ]);
  });
});

describe('the files of a batch', () => {
  const open = (file: string, lastModified: number): OpenFile => ({ ...object(`predict/sales/${file}`, 'e1', lastModified), file, hasAttempt: false, hasVerdict: false });
  const names = (files: readonly OpenFile[]) => files.map(({ file }) => file);

  test('are those that have waited longest, after the one that asks', () => {
    const files = [open('young.csv', 3), open('asking.csv', 4), open('b.csv', 1), open('a.csv', 1), open('old.csv', 0)];
    expect(names(chooseFiles(files, 'predict/sales/asking.csv'))).toEqual(['asking.csv', 'old.csv', 'a.csv', 'b.csv', 'young.csv']);
    expect(names(chooseFiles(files, undefined))).toEqual(['old.csv', 'a.csv', 'b.csv', 'young.csv', 'asking.csv']);
  });

  test('are a thousand at most, the one that asks among them', () => {
    const files = Array.from({ length: 1500 }, (_, index) => open(`${index}.csv`, index));
    const chosen = chooseFiles(files, 'predict/sales/1499.csv');
    expect(chosen).toHaveLength(1000);
    expect(names(chosen).slice(0, 2)).toEqual(['1499.csv', '0.csv']);
    expect(names(chosen).at(-1)).toBe('998.csv');
  });
});
