import type { TransformFile } from '@dropforest/contracts';
import { describe, expect, test } from 'vitest';
import { countsOf, reasonOf } from './job-log.ts';
import { outputOf } from './outputs.ts';

const fileNamed = (file: string): TransformFile => ({ key: `predict/sales/${file}`, etag: 'e1', size: 5, file, snapshot: `snapshots/sales/e1/${file}`, sha256: 's', attempt: 1, droppedAt: '' });

describe('counts', () => {
  const line = (sha256: string, predicted: number) => JSON.stringify({ event: 'batch-request', sha256, rows: 10, predicted, refused: 10 - predicted });

  test('are those of each content, of a request that was sent again the last', () => {
    const counts = countsOf([line('x', 1), 'no JSON at all', line('y', 2), '{"event":"batch-request"}', line('x', 3)]);
    expect([...counts]).toEqual([['x', { rows: 10, predicted: 3, refused: 7 }], ['y', { rows: 10, predicted: 2, refused: 8 }]]);
  });
});

describe('the reason of a failure', () => {
  const log = (name: string, lines: readonly string[]) => lines.map((line) => `2026-03-04T06:00:12Z:[sagemaker logs]: b/snapshots/sales/e1/${name}: ${line}`);

  test('is what the container answered for that very file', () => {
    const lines = [
      '2026-03-04T06:00:11Z:[sagemaker logs]: MaxConcurrentTransforms=1, MaxPayloadInMB=6, BatchStrategy=MULTI_RECORD',
      ...log('a.csv', ['ClientError: 400', '', 'Message:', 'line 3: too short', 'add a cell']),
      ...log('b.csv', ['Bad HTTP status received from algorithm: 500', '', 'Message:', 'out of memory']),
    ];
    expect(reasonOf(fileNamed('a.csv'), 'b', lines)).toBe('line 3: too short\nadd a cell');
    expect(reasonOf(fileNamed('b.csv'), 'b', lines)).toBe('out of memory');
    expect(reasonOf(fileNamed('c.csv'), 'b', lines)).toBeUndefined();
    expect(reasonOf(fileNamed('a.csv'), 'other', lines)).toBeUndefined();
  });

  test('is the last answer where the request was sent again', () => {
    expect(reasonOf(fileNamed('a.csv'), 'b', log('a.csv', ['x', '', 'Message:', 'first', 'x', '', 'Message:', 'second']))).toBe('second');
  });

  test('is the headline where the answer was empty or there was none', () => {
    expect(reasonOf(fileNamed('a.csv'), 'b', log('a.csv', ['Unable to get response from algorithm']))).toBe('Unable to get response from algorithm');
    expect(reasonOf(fileNamed('a.csv'), 'b', log('a.csv', ['ClientError: 400', '', 'Message:', '']))).toBe('ClientError: 400');
  });

  test('is cut to what SageMaker would show', () => {
    expect(reasonOf(fileNamed('a.csv'), 'b', log('a.csv', ['Message:', 'x'.repeat(2000)]))).toBe('x'.repeat(1024));
  });
});

describe('the output of a file', () => {
  const output = (key: string) => ({ key: `jobs/j/output/${key}.out`, etag: 'o', size: 1, lastModified: 0 });

  test('is found whether or not the prefix of the inputs is part of its name', () => {
    for (const folder of ['', 'snapshots/sales/']) expect(outputOf(fileNamed('a b.csv'), [output(`${folder}e1/b.csv`), output(`${folder}e1/a b.csv`)])?.key).toBe(`jobs/j/output/${folder}e1/a b.csv.out`);
    expect(outputOf(fileNamed('a.csv'), [output('e2/a.csv'), output('e1/aa.csv')])).toBeUndefined();
  });

  test('is not that of a file in a folder that is named like the etag', () => {
    expect(outputOf(fileNamed('a.csv'), [output('e2/x/e1/a.csv'), output('e1/a.csv')])?.key).toBe('jobs/j/output/e1/a.csv.out');
  });
});
