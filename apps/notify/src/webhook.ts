/**
 * A webhook of the team's own, signed as https://www.standardwebhooks.com says. `webhook-id` names the happening, so a
 * receiver that remembers ids acts once, however often it is told.
 */
import { createHmac } from 'node:crypto';
import type { Channel, Telling } from './channel.ts';
import { plainText } from './message.ts';
import type { Post } from './post.ts';
import { openWithSecret, type Secrets } from './secrets.ts';

export interface WebhookOptions {
  readonly url: string;
  /** Where the key of the signature lies. */
  readonly secret: string;
}

/** @param now milliseconds since 1970 */
export function webhookChannel({ url, secret }: WebhookOptions, secrets: Secrets, post: Post, now: () => number): Channel {
  const open = openWithSecret(secrets, secret, (key, telling) => {
    const body = JSON.stringify(webhookPayload(telling));
    return post(url, body, signedHeaders(key, telling.event.detail.id, Math.floor(now() / 1000), body));
  });
  return { repeatable: true, open };
}

/** The event as it is on the bus, and what people are told of it. */
export function webhookPayload({ event, message }: Telling): object {
  return { type: event.type, detail: event.detail, subject: message.subject, text: plainText(message), link: message.link.url };
}

/**
 * @param key `whsec_` and base64, or plain text
 * @param seconds since 1970
 */
export function signedHeaders(key: string, id: string, seconds: number, body: string): Readonly<Record<string, string>> {
  const bytes = key.startsWith('whsec_') ? Buffer.from(key.slice('whsec_'.length), 'base64') : Buffer.from(key);
  const signature = createHmac('sha256', bytes).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
}
