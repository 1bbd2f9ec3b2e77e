/** What each channel makes of a message, held against the limits of its receiver. */
import { makeEvent } from '@dropforest/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { emailOf } from './email.ts';
import { messageFor, type Message } from './message.ts';
import { slackPayload } from './slack.ts';
import { teamsPayload } from './teams.ts';

const LINKS = 'https://eu-west-1.console.aws.amazon.com/s3/object/b?region=eu-west-1&prefix=';
const problem = (message: string) => ({ code: 'c', message, remedy: message });
const event = (key: string, text: string, dataset = 'sales') => makeEvent('UploadRejected', ['j'], 0, { dataset, key, etag: 'e', verdict: key, problem: problem(text) });

function messageOf(key: string, text: string): Message {
  const message = messageFor(event(key, text), LINKS);
  if (message === undefined) throw new Error('no message');
  return message;
}

/** Names and texts of the kind that breaks formats. */
const hostile = fc.array(fc.constantFrom('&', '<!channel>', '"', '\n', '€', '😀', '\uD83D', '\0', '*_~`|>', '%', ' ', 'a'), { maxLength: 300 }).map((parts) => parts.join(''));

/** Beyond every limit: in characters, in bytes, in characters once they are escaped, and in paragraphs. */
const LONGEST: [string, string][] = ['a', '€', '&', 'a\n'].map((part) => [part.repeat(300), part.repeat(8_000)]);

const SlackSchema = z.object({ text: z.string(), blocks: z.array(z.object({ type: z.literal('section'), text: z.object({ type: z.string(), text: z.string() }) })) });

describe('Slack', () => {
  test('shows names as they are and links to the console', () => {
    const { blocks } = SlackSchema.parse(slackPayload(messageOf('predict/<!channel> & co.csv', 'the file is <empty>')));
    expect(blocks.map(({ text }) => [text.type, text.text])).toEqual([
      ['mrkdwn', '*sales: predict/&lt;!channel&gt; &amp; co.csv was refused*'],
      ['plain_text', 'predict/&lt;!channel&gt; &amp; co.csv: the file is &lt;empty&gt;. The file stays where it is.'],
      ['plain_text', 'What to do: the file is &lt;empty&gt;.'],
      ['mrkdwn', `<${LINKS.replace('&', '&amp;')}predict/%3C!channel%3E%20%26%20co.csv|Verdict>`],
    ]);
  });

  test('gets no text above its limits and no control sequence, whatever the file is called', () => {
    fc.assert(
      fc.property(hostile, hostile, (key, text) => {
        const { text: fallback, blocks } = SlackSchema.parse(slackPayload(messageOf(key, text)));
        expect(fallback.length).toBeLessThanOrEqual(40_000);
        const texts = blocks.map((block) => block.text.text);
        for (const one of [fallback, ...texts]) expect(one.length).toBeLessThanOrEqual(3_000);
        const link = texts.pop() ?? '';
        expect(link).toMatch(/^<https:[^<>|]+\|Verdict>$/);
        for (const one of [fallback, ...texts]) expect(one.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
      }),
      { examples: LONGEST },
    );
  });
});

const TeamsSchema = z.object({
  type: z.literal('message'),
  attachments: z.tuple([
    z.object({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      content: z.object({
        type: z.literal('AdaptiveCard'),
        body: z.array(z.object({ type: z.literal('RichTextBlock'), inlines: z.tuple([z.object({ type: z.literal('TextRun'), text: z.string() })]) })),
        actions: z.tuple([z.object({ type: z.literal('Action.OpenUrl'), title: z.string(), url: z.url() })]),
      }),
    }),
  ]),
});

describe('Teams', () => {
  test('gets a card of plain text with one link', () => {
    const card = TeamsSchema.parse(teamsPayload(messageOf('predict/sales/my_file_[1](x).csv', 'line 1\n\nline 2'))).attachments[0].content;
    expect(card.body.map(({ inlines }) => inlines[0].text)).toEqual([
      'sales: predict/sales/my_file_[1](x).csv was refused',
      'predict/sales/my_file_[1](x).csv: line 1',
      'line 2. The file stays where it is.',
      'What to do: line 1\n\nline 2.',
    ]);
    expect(card.actions[0]).toMatchObject({ title: 'Verdict', url: `${LINKS}predict/sales/my_file_%5B1%5D(x).csv` });
  });

  test('gets no message above 28 kB, whatever the file is called', () => {
    fc.assert(
      fc.property(hostile, hostile, (key, text) => {
        const payload = teamsPayload(messageOf(key, text));
        TeamsSchema.parse(payload);
        expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThan(28_000);
      }),
      { examples: LONGEST },
    );
  });
});

describe('e-mail', () => {
  test('has a subject and a text that SNS takes, whatever the file is called', () => {
    fc.assert(
      fc.property(hostile, hostile, (key, text) => {
        const { Subject, Message } = emailOf({ event: event(key, text), message: messageOf(key, text) });
        expect(Subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
        expect(Buffer.byteLength(Message)).toBeLessThan(256 * 1024);
      }),
      { examples: LONGEST },
    );
  });

  test('can be filtered by data set and event', () => {
    const told = (dataset: string) => emailOf({ event: event('k', 't', dataset), message: messageOf('k', 't') }).MessageAttributes;
    expect(told('sales')).toEqual({ dataset: { DataType: 'String', StringValue: 'sales' }, event: { DataType: 'String', StringValue: 'UploadRejected' } });
    // SNS refuses an attribute without a value.
    expect(Object.keys(told(''))).toEqual(['event']);
  });
});
