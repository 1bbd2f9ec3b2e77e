/** Slack, by an incoming webhook: its address is the secret. */
import type { Channel } from './channel.ts';
import type { Message } from './message.ts';
import type { Post } from './post.ts';
import { openWithSecret, type Secrets } from './secrets.ts';

/** Slack's own limits, in characters. */
const LONGEST_TEXT = 40_000;
const LONGEST_BLOCK = 3_000;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

export function slackChannel(reference: string, secrets: Secrets, post: Post): Channel {
  return { repeatable: false, open: openWithSecret(secrets, reference, (address, { message }) => post(address, JSON.stringify(slackPayload(message)))) };
}

/** File names are no markup, so only the link is `mrkdwn`. `text` is what notifications show. */
export function slackPayload({ subject, text, todo, link }: Message): object {
  const paragraphs = [text, ...(todo === undefined ? [] : [`What to do: ${todo}`])];
  return {
    text: escape(subject, LONGEST_TEXT),
    blocks: [
      section('mrkdwn', `*${escape(subject, LONGEST_BLOCK - 2)}*`),
      ...paragraphs.map((paragraph) => section('plain_text', escape(paragraph, LONGEST_BLOCK))),
      section('mrkdwn', `<${escape(link.url, LONGEST_BLOCK / 2)}|${escape(link.label, LONGEST_BLOCK / 4)}>`),
    ],
  };
}

function section(type: 'mrkdwn' | 'plain_text', text: string): object {
  return { type: 'section', text: { type, text } };
}

/** Without its three control characters a text names no user, channel or link. Never cuts an entity in two. */
function escape(text: string, most: number): string {
  let escaped = '';
  for (const character of text) {
    const next = ENTITIES.get(character) ?? character;
    if (escaped.length + next.length >= most) return `${escaped}…`;
    escaped += next;
  }
  return escaped;
}
