import type { Receipt, TransformFile, TransformSource } from '@dropforest/contracts';
import type { Action } from '@dropforest/lambda-kit';
import { describe, expect, test } from 'vitest';
import { decideFiles, isIncomplete, secondsToWaitForLog, type EndedJob, type FileFacts } from './decide.ts';

const NOW = Date.UTC(2026, 2, 4, 12);
const model = { name: 'j2', version: 2, modelPackageArn: 'arn:p/df-sales/2' };
const fileNamed = (file: string): TransformFile => ({
  key: `predict/sales/${file}`, etag: 'e1', size: 5, file, snapshot: `snapshots/sales/e1/${file}`, sha256: `sha-${file}`, attempt: 1, droppedAt: '2026-03-04T11:58:00.000Z',
});
const source: TransformSource = { dataset: 'sales', job: 'df-sales-0123456789ab-1', model, files: ['a.csv', 'b.csv', 'c.csv'].map(fileNamed), at: '2026-03-04T11:59:00.000Z' };
const completed: EndedJob = { source, status: 'Completed', reason: '', startedAt: '2026-03-04T11:59:10.000Z', endedAt: '2026-03-04T11:59:50.000Z', receiveCount: 1, now: NOW };
const failed: EndedJob = { ...completed, status: 'Failed', reason: 'ClientError: See job logs for more information' };

const counts = { rows: 10, predicted: 9, refused: 1 };
const outputOf = (file: string) => ({ key: `jobs/${source.job}/output/e1/${file}.out`, etag: `o-${file}`, size: 9, lastModified: NOW });
const answered = (file: string): FileFacts => ({ file: fileNamed(file), isCurrent: true, receipt: undefined, output: outputOf(file), counts, told: undefined });
const unanswered = (file: string, told?: string): FileFacts => ({ ...answered(file), output: undefined, counts: undefined, told });
const types = (actions: readonly Action[]) => actions.map((action) => (action.type === 'emit' ? action.event.type : action.type));

const receipt: Receipt = {
  key: 'predict/sales/a.csv', etag: 'e1', job: source.job, model, predictions: 'results/sales/a.csv/e1/predictions.csv', ...counts,
  droppedAt: '2026-03-04T11:58:00.000Z', startedAt: '2026-03-04T11:59:10.000Z', endedAt: '2026-03-04T11:59:50.000Z', publishedAt: '2026-03-04T12:00:00.000Z',
};

describe('a completed transform job', () => {
  test('has the output of a file copied, then a receipt, then is told of', () => {
    const actions = decideFiles(completed, [answered('a.csv')]);
    expect(types(actions)).toEqual(['copy', 'write-json', 'ResultsPublished']);
    expect(actions[0]).toEqual({ type: 'copy', from: outputOf('a.csv').key, etag: 'o-a.csv', size: 9, to: receipt.predictions });
    expect(actions[1]).toEqual({ type: 'write-json', key: 'results/sales/a.csv/e1/receipt.json', value: receipt, condition: { ifAbsent: true } });
    expect(actions[2]).toMatchObject({ event: { detail: { dataset: 'sales', key: receipt.key, etag: 'e1', job: source.job, modelVersion: 2, predictions: receipt.predictions, receipt: 'results/sales/a.csv/e1/receipt.json', ...counts } } });
  });

  test('does so for all of its files, each told by an id of its own', () => {
    const actions = decideFiles(completed, ['a.csv', 'b.csv'].map(answered));
    expect(types(actions)).toEqual(['copy', 'copy', 'write-json', 'write-json', 'ResultsPublished', 'ResultsPublished']);
    expect(new Set(actions.flatMap((action) => (action.type === 'emit' ? [action.event.detail.id] : []))).size).toBe(2);
  });

  test('is looked at again for a file whose counts or output have not arrived, and publishes the others', () => {
    for (const late of [{ ...answered('b.csv'), counts: undefined }, unanswered('b.csv')]) {
      const files = [answered('a.csv'), late];
      expect(types(decideFiles(completed, files))).toEqual(['copy', 'write-json', 'ResultsPublished']);
      expect(isIncomplete(completed, files)).toBe(true);
    }
    expect(isIncomplete(completed, [answered('a.csv')])).toBe(false);
  });

  test('only tells again of what was published before', () => {
    const actions = decideFiles(completed, [{ ...unanswered('a.csv'), receipt }]);
    expect(types(actions)).toEqual(['ResultsPublished']);
    expect(isIncomplete(completed, [{ ...unanswered('a.csv'), receipt }])).toBe(false);
  });

  test('does nothing for files that another job predicts, or has predicted', () => {
    for (const other of [{ ...answered('a.csv'), isCurrent: false }, { ...unanswered('a.csv'), isCurrent: false }, { ...answered('a.csv'), receipt: { ...receipt, job: 'another' } }]) {
      for (const job of [completed, failed]) {
        expect(decideFiles(job, [other])).toEqual([]);
        expect(isIncomplete(job, [other])).toBe(false);
      }
    }
  });
});

describe('a failed transform job', () => {
  const reasonsOf = (actions: readonly Action[]) => actions.flatMap((action) => (action.type === 'emit' && action.event.type === 'PredictionFailed' ? [[action.event.detail.key, action.event.detail.reason]] : []));

  test('publishes the files that it has answered, and tells of each other one with its own reason', () => {
    const actions = decideFiles(failed, [answered('a.csv'), unanswered('b.csv', 'row 1 is too long'), unanswered('c.csv', 'no rows')]);
    expect(types(actions)).toEqual(['copy', 'write-json', 'ResultsPublished', 'PredictionFailed', 'PredictionFailed']);
    expect(reasonsOf(actions)).toEqual([['predict/sales/b.csv', 'row 1 is too long'], ['predict/sales/c.csv', 'no rows']]);
    expect(actions.at(-1)).toMatchObject({ event: { detail: { dataset: 'sales', etag: 'e1', job: source.job, remedy: expect.stringContaining('dropforest predict sales <file> --retry') } } });
    expect(new Set(actions.flatMap((action) => (action.type === 'emit' ? [action.event.detail.id] : []))).size).toBe(3);
  });

  test('waits for the words of its log, and is told without them in the end', () => {
    for (const receiveCount of [1, 4]) {
      expect(decideFiles({ ...failed, receiveCount }, [unanswered('b.csv')])).toEqual([]);
      expect(isIncomplete({ ...failed, receiveCount }, [unanswered('b.csv')])).toBe(true);
    }
    expect(isIncomplete({ ...failed, receiveCount: 5 }, [unanswered('b.csv')])).toBe(false);
    expect(reasonsOf(decideFiles({ ...failed, receiveCount: 5 }, [unanswered('b.csv')]))).toEqual([['predict/sales/b.csv', failed.reason]]);
  });

  test('does not wait where SageMaker says itself what happened', () => {
    const clear = { ...failed, reason: 'AlgorithmError: Model container failed to respond to ping' };
    expect(reasonsOf(decideFiles(clear, [unanswered('b.csv')]))).toEqual([['predict/sales/b.csv', clear.reason]]);
    expect(reasonsOf(decideFiles(clear, [unanswered('b.csv', 'more exactly')]))).toEqual([['predict/sales/b.csv', 'more exactly']]);
  });

  test('that was stopped has failed for every file, at once', () => {
    const stopped: EndedJob = { ...failed, status: 'Stopped', reason: 'See job logs: stopped' };
    expect(reasonsOf(decideFiles(stopped, [unanswered('a.csv'), unanswered('b.csv')]))).toEqual([['predict/sales/a.csv', stopped.reason], ['predict/sales/b.csv', stopped.reason]]);
  });
});

test.each([
  ['Completed', 1, 10],
  ['Completed', 4, 80],
  ['Completed', 50, 900],
  ['Failed', 4, 10],
  ['Failed', 5, 160],
] as const)('the log of a job that is %s is looked at the next time, after look %d, in %d seconds', (status, receiveCount, seconds) => {
  expect(secondsToWaitForLog({ ...completed, status, receiveCount })).toBe(seconds);
});
