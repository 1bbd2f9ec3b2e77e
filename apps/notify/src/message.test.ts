import { makeEvent } from '@dropforest/contracts';
import { describe, expect, test } from 'vitest';
import { messageFor } from './message.ts';

const NOW = Date.UTC(2026, 2, 4, 12);
const upload = { dataset: 'sales', key: 'predict/sales/ä.csv', etag: 'e1' };

describe('a message', () => {
  test('says where the predictions are and how many rows they have', () => {
    const event = makeEvent('ResultsPublished', ['j'], NOW, { ...upload, job: 'j', modelVersion: 2, predictions: 'results/p.csv', receipt: 'results/r.json', rows: 10, predicted: 9, refused: 1 });
    const message = messageFor(event, 'b');
    expect(message?.text).toContain('9 of 10 rows predicted, 1 refused');
    expect(message?.text).toContain('s3://b/results/p.csv');
  });

  test('has a subject that SNS takes, whatever the file is called', () => {
    const key = `predict/sales/${'ü\n'.repeat(200)}.csv`;
    const event = makeEvent('UploadRejected', ['j'], NOW, { ...upload, key, verdict: 'v', problem: { code: 'empty', message: 'the file is empty', remedy: 'Export it again' } });
    expect(messageFor(event, 'b')?.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(messageFor(event, 'b')?.text).toContain('What to do: Export it again.');
  });

  test('is not sent for what is only under way', () => {
    expect(messageFor(makeEvent('PredictionStarted', ['j'], NOW, { ...upload, job: 'j', modelVersion: 2 }), 'b')).toBeUndefined();
  });
});
