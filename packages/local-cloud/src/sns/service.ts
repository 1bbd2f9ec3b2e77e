/**
 * SNS, query protocol.
 *
 * Gaps: subscriptions are kept and listed, but nothing is delivered; no FIFO topics, PublishBatch or message structure.
 * By design: published messages are readable at `GET /_local/messages`.
 */
import type { QueryService } from '../http/query-protocol.ts';
import { WireError } from '../http/wire-error.ts';
import type { Subscription, Topics } from './topics.ts';

const LARGEST_MESSAGE_BYTES = 256 * 1024;

export function snsService(topics: Topics): QueryService {
  const existing = (arn: string): string => {
    if (!topics.has(arn)) throw new WireError(404, 'NotFound', 'Topic does not exist');
    return arn;
  };
  return {
    namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    operations: {
      CreateTopic(input) {
        const name = input.required('Name');
        if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalid('Topic Name');
        return { TopicArn: topics.create(name) };
      },
      ListTopics: () => ({ Topics: { member: topics.list().map((TopicArn) => ({ TopicArn })) } }),
      Publish(input) {
        const topic = existing(input.optional('TopicArn') ?? input.required('TargetArn'));
        const message = input.required('Message');
        if (message === '' || Buffer.byteLength(message) > LARGEST_MESSAGE_BYTES) throw invalid('Message');
        const subject = input.optional('Subject');
        if (subject !== undefined && !isSubject(subject)) throw invalid('Subject');
        return { MessageId: topics.publish(topic, message, subject) };
      },
      Subscribe: (input) => ({ SubscriptionArn: topics.subscribe(existing(input.required('TopicArn')), input.required('Protocol'), input.optional('Endpoint') ?? '') }),
      ListSubscriptions: () => ({ Subscriptions: { member: topics.subscriptions().map(toMember) } }),
      ListSubscriptionsByTopic(input) {
        const topic = existing(input.required('TopicArn'));
        return { Subscriptions: { member: topics.subscriptions().filter((one) => one.topic === topic).map(toMember) } };
      },
    },
  };
}

/** Fewer than 100 characters, no line breaks or control characters, not empty. */
function isSubject(subject: string): boolean {
  return subject !== '' && [...subject].length < 100 && !/\p{Cc}/u.test(subject);
}

function toMember({ arn, topic, protocol, endpoint }: Subscription): Record<string, string> {
  return { TopicArn: topic, Protocol: protocol, SubscriptionArn: arn, Owner: arn.split(':')[4] ?? '', Endpoint: endpoint };
}

function invalid(what: string): WireError {
  return new WireError(400, 'InvalidParameter', `Invalid parameter: ${what}`);
}
