import { makeEvent, type DropforestEvent } from '@dropforest/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cut, linkTo, messageFor, plainText, type Message } from './message.ts';

/** Half characters, controls, and characters of one to four bytes. */
const hostile = fc.array(fc.constantFrom('\uD83D', '\uDE00', '\0', '\u0085', '\n', '\t', ' ', 'a', 'ä', '€', '😀'), { maxLength: 400 }).map((parts) => parts.join(''));
const NOW = Date.UTC(2026, 2, 4, 12);
const LINKS = 'http://127.0.0.1:4566/b/';
const upload = { dataset: 'sales', key: 'predict/sales/ä b.csv', etag: 'e1' };
const problem = { code: 'empty', message: 'the file is empty', remedy: 'Export it again' };
const metrics = { task: 'regression', baseline: { rmse: 1700, mae: 1300, r2: 0, rows: 885 } } as const;

function messageOf(event: DropforestEvent): Message {
  const message = messageFor(event, LINKS);
  if (message === undefined) throw new Error(`${event.type} has no message`);
  return message;
}

describe('a message', () => {
  test('says how many rows were predicted, and leads to the predictions', () => {
    const event = makeEvent('ResultsPublished', ['j'], NOW, { ...upload, job: 'j', modelVersion: 2, predictions: 'results/sales/ä b.csv/e1/p.csv', receipt: 'r', rows: 12_000, predicted: 11_999, refused: 1 });
    const message = messageOf(event);
    expect(message.text).toContain('11,999 of 12,000 rows of predict/sales/ä b.csv were predicted by model version 2.');
    expect(message.link).toEqual({ label: 'Predictions', url: `${LINKS}results/sales/%C3%A4%20b.csv/e1/p.csv` });
    expect(message.problem).toBe(false);
  });

  test('says what to do where there is something to do', () => {
    const message = messageOf(makeEvent('UploadRejected', ['j'], NOW, { ...upload, verdict: 'rejected/v.json', problem }));
    expect(message).toMatchObject({ problem: true, todo: 'Export it again.' });
    expect(plainText(message).split('\n')).toEqual([expect.stringContaining('the file is empty'), 'What to do: Export it again.', `Verdict: ${LINKS}rejected/v.json`]);
  });

  test('of a model that waits for a person tells the commands that decide', () => {
    const registered = { dataset: 'sales', job: 'j', modelPackageArn: 'arn', modelVersion: 3, metrics };
    const pending = messageOf(makeEvent('ModelRegistered', ['j'], NOW, { ...registered, decision: { status: 'PendingManualApproval', explanation: 'RMSE 1,081 against 1,095: better by 14 ± 16, which may be luck' } }));
    expect(pending).toMatchObject({ problem: true, subject: 'sales: model version 3 waits for your decision', text: expect.stringContaining('better by 14 ± 16') });
    expect(pending.todo).toContain('dropforest approve sales 3');
    expect(messageOf(makeEvent('ModelRegistered', ['j'], NOW, { ...registered, decision: { status: 'Approved', explanation: 'better' } }))).toMatchObject({ problem: false, todo: undefined });
  });

  test('is not sent for what is only under way, or what another event tells', () => {
    const registered = { dataset: 'sales', job: 'j', modelPackageArn: 'arn', modelVersion: 3, metrics };
    for (const event of [
      makeEvent('TrainingStarted', ['j'], NOW, { dataset: 'sales', job: 'j', files: [], fileCount: 0 }),
      makeEvent('PredictionStarted', ['j'], NOW, { ...upload, job: 'j', modelVersion: 2 }),
      makeEvent('ModelRegistered', ['j'], NOW, { ...registered, decision: { status: 'Rejected', explanation: 'worse' } }),
    ]) {
      expect(messageFor(event, LINKS)).toBeUndefined();
    }
  });

  test('has one line of subject and no control characters, whatever a file is called and however long a reason is', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, reason) => {
        const message = messageOf(makeEvent('PredictionFailed', ['j'], NOW, { dataset: 'sales', key: name, etag: 'e', job: 'j', reason, remedy: reason }));
        expect(message.subject).toMatch(/^[^\n]{1,250}$/u);
        for (const text of [message.subject, message.text, message.todo ?? '']) {
          expect(text.length).toBeLessThanOrEqual(6_000);
          expect(text.isWellFormed() && !/[^\P{Cc}\n\t]/u.test(text)).toBe(true);
        }
        expect(URL.canParse(message.link.url)).toBe(true);
      }),
      { examples: [['a\0\n'.repeat(300), 'a\0\n'.repeat(9_000)]] },
    );
  });
});

test('a link leads back to the key it was made of', () => {
  fc.assert(
    fc.property(hostile, (key) => {
      expect(decodeURIComponent(linkTo(LINKS, key).slice(LINKS.length))).toBe(key.toWellFormed());
    }),
  );
});

test('cutting a text never leaves half a character', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 20 }), (text, most) => {
      const short = cut(text.toWellFormed(), most);
      expect(short.length).toBeLessThanOrEqual(Math.max(most, 1));
      expect(short.isWellFormed()).toBe(true);
    }),
  );
});
