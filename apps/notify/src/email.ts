/** E-mail, by whoever subscribed to the SNS topic. Subscriptions can filter by the attributes `dataset` and `event`. */
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { z } from 'zod';
import type { Channel, Outcome, Telling } from './channel.ts';
import { plainText } from './message.ts';

export interface EmailOptions {
  readonly sns: SNSClient;
  readonly topicArn: string;
  /** How long SNS may take to answer. */
  readonly timeoutMs: number;
}

/** What SNS is asked to publish. */
export interface Email {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Record<string, { readonly DataType: 'String'; readonly StringValue: string }>;
}

/** SNS takes fewer than 100 characters. */
const LONGEST_SUBJECT = 99;
/** These may come after SNS has taken the message. */
const UNCERTAIN = ['TimeoutError', 'AbortError', 'ECONNRESET', 'EPIPE'] as const;

const SdkErrorSchema = z.object({
  name: z.string().optional(),
  /** The code of a DOMException is a number and says nothing. */
  code: z.string().optional().catch(undefined),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});

export function emailChannel({ sns, topicArn, timeoutMs }: EmailOptions): Channel {
  const send = async (telling: Telling): Promise<Outcome> => {
    try {
      await sns.send(new PublishCommand({ TopicArn: topicArn, ...emailOf(telling) }), { abortSignal: AbortSignal.timeout(timeoutMs) });
      return { kind: 'sent' };
    } catch (error) {
      return outcomeOfError(error);
    }
  };
  return { repeatable: false, open: async () => send };
}

export function emailOf({ event, message }: Telling): Email {
  const attributes = { dataset: event.detail.dataset, event: event.type };
  const told = Object.entries(attributes).filter(([, value]) => value !== '');
  return {
    // E-mail carries printable ASCII in a subject.
    Subject: message.subject.replaceAll(/[^\x20-\x7e]/gu, '?').slice(0, LONGEST_SUBJECT),
    Message: `${plainText(message)}\n`,
    MessageAttributes: Object.fromEntries(told.map(([name, StringValue]) => [name, { DataType: 'String' as const, StringValue }])),
  };
}

/** What SNS itself says no to, or what never reached it, nobody has heard of. */
function outcomeOfError(error: unknown): Outcome {
  const { name = 'unknown error', code, $metadata } = SdkErrorSchema.catch({}).parse(error);
  const status = $metadata?.httpStatusCode;
  const isUncertain = status === undefined ? UNCERTAIN.some((known) => known === name || known === code) : status < 400;
  if (isUncertain) return { kind: 'uncertain', reason: `SNS: ${name}` };
  return { kind: name.startsWith('InvalidParameter') ? 'refused' : 'failed', reason: `SNS: ${name}` };
}
