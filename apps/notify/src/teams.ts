/** Microsoft Teams, by a workflow that posts Adaptive Cards: its address is the secret. */
import type { Channel } from './channel.ts';
import { cut, type Message } from './message.ts';
import type { Post } from './post.ts';
import { openWithSecret, type Secrets } from './secrets.ts';

/** Teams takes about 28 kB; a character takes up to 3 bytes. */
const LONGEST_TEXT = 4_000;
const LONGEST_TODO = 2_000;
const MOST_PARAGRAPHS = 20;

export function teamsChannel(reference: string, secrets: Secrets, post: Post): Channel {
  return { repeatable: false, open: openWithSecret(secrets, reference, (address, { message }) => post(address, JSON.stringify(teamsPayload(message)))) };
}

export function teamsPayload({ subject, text, todo, link }: Message): object {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      paragraph(subject, { weight: 'Bolder', size: 'Medium' }),
      ...paragraphsOf(cut(text, LONGEST_TEXT)).map((line) => paragraph(line)),
      ...(todo === undefined ? [] : [paragraph(`What to do: ${cut(todo, LONGEST_TODO)}`)]),
    ],
    actions: [{ type: 'Action.OpenUrl', title: link.label, url: link.url }],
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }] };
}

/** A TextRun is plain text, whereas a TextBlock reads Markdown, of which file names are full. */
function paragraph(text: string, look: Readonly<Record<string, string>> = {}): object {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...look }] };
}

function paragraphsOf(text: string): readonly string[] {
  const lines = text.split(/\n+/);
  return lines.length <= MOST_PARAGRAPHS ? lines : [...lines.slice(0, MOST_PARAGRAPHS - 1), lines.slice(MOST_PARAGRAPHS - 1).join(' ')];
}
