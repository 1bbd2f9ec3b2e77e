/**
 * SQS, JSON protocol (1.0).
 *
 * Gaps: queues come from the wiring (no CreateQueue), no FIFO queues, no batch operations, no MD5 of message
 * attributes, no retention period. By design: one process holds all queues, so delivery is in order unless messages
 * become visible again. Client quirks: the AWS CLI's `sqs` commands ignore AWS_ENDPOINT_URL in some versions and need
 * `--endpoint-url`.
 */
import { z } from 'zod';

import type { Clock } from '../clock.ts';
import { operation } from '../http/json-protocol.ts';
import type { JsonOperations, JsonProtocol } from '../http/json-protocol.ts';
import { WireError } from '../http/wire-error.ts';
import type { WiredQueue, Wiring } from '../options.ts';
import { md5, MessageAttributesSchema } from './queues.ts';
import type { QueueMessage, Queues } from './queues.ts';

export const SQS_PROTOCOL: JsonProtocol = { contentType: 'application/x-amz-json-1.0', typePrefix: 'com.amazonaws.sqs#', invalidInput: 'InvalidParameterValue' };

const QueueUrl = z.string();
const Seconds = z.int().min(0).max(43_200);
const LARGEST_MESSAGE_BYTES = 1024 * 1024;

/** @param baseUrl the cloud's own address, known once it listens */
export function sqsOperations(queues: Queues, wiring: Wiring, clock: Clock, baseUrl: () => string): JsonOperations {
  const urlOf = (name: string): string => `${baseUrl()}/${wiring.account}/${name}`;
  return {
    ListQueues: operation(z.object({ QueueNamePrefix: z.string().default('') }), ({ QueueNamePrefix }) => ({
      QueueUrls: wiring.queues.filter(({ name }) => name.startsWith(QueueNamePrefix)).map(({ name }) => urlOf(name)),
    })),
    GetQueueUrl: operation(z.object({ QueueName: z.string() }), ({ QueueName }) => ({ QueueUrl: urlOf(find(queues, QueueName).name) })),
    GetQueueAttributes: operation(z.object({ QueueUrl, AttributeNames: z.array(z.string()).default([]) }), (input) => ({
      Attributes: selectAttributes(queueAttributes(find(queues, input.QueueUrl), queues, wiring), input.AttributeNames),
    })),
    PurgeQueue: operation(z.object({ QueueUrl }), (input) => {
      queues.purge(find(queues, input.QueueUrl).name);
      return {};
    }),
    SendMessage: operation(
      z.object({ QueueUrl, MessageBody: z.string().min(1), DelaySeconds: z.int().min(0).max(900).optional(), MessageAttributes: MessageAttributesSchema.optional() }),
      (input) => {
        if (Buffer.byteLength(input.MessageBody) > LARGEST_MESSAGE_BYTES) throw new WireError(400, 'InvalidParameterValue', `One or more parameters are invalid. Reason: Message must be shorter than ${LARGEST_MESSAGE_BYTES} bytes.`);
        const MessageId = queues.send(find(queues, input.QueueUrl).name, input.MessageBody, { delaySeconds: input.DelaySeconds, attributes: input.MessageAttributes });
        return { MessageId, MD5OfMessageBody: md5(input.MessageBody) };
      },
    ),
    ReceiveMessage: operation(ReceiveSchema, async (input, request) => {
      const queue = find(queues, input.QueueUrl);
      const messages = await receiveOrWait(queues, clock, queue.name, input, request.gone);
      return messages.length === 0 ? {} : { Messages: messages.map((message) => toApi(message, input)) };
    }),
    DeleteMessage: operation(z.object({ QueueUrl, ReceiptHandle: z.string() }), (input) => {
      queues.delete(find(queues, input.QueueUrl).name, input.ReceiptHandle);
      return {};
    }),
    ChangeMessageVisibility: operation(z.object({ QueueUrl, ReceiptHandle: z.string(), VisibilityTimeout: Seconds }), (input) => {
      const known = queues.changeVisibility(find(queues, input.QueueUrl).name, input.ReceiptHandle, input.VisibilityTimeout);
      if (!known) throw sqsError('MessageNotInflight', 'AWS.SimpleQueueService.MessageNotInflight', 'The specified message is not in flight.');
      return {};
    }),
  };
}

const ReceiveSchema = z.object({
  QueueUrl,
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  VisibilityTimeout: Seconds.optional(),
  WaitTimeSeconds: z.int().min(0).max(20).default(0),
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  MessageAttributeNames: z.array(z.string()).default([]),
});
type ReceiveInput = z.infer<typeof ReceiveSchema>;

/** Queues are named by URL; only its last part counts, so that a URL stays good when the port changes. */
function find(queues: Queues, urlOrName: string): WiredQueue {
  const name = urlOrName.slice(urlOrName.lastIndexOf('/') + 1);
  const queue = queues.find(name);
  if (queue === undefined) throw sqsError('QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.');
  return queue;
}

function sqsError(code: string, queryCode: string, message: string): WireError {
  return new WireError(400, code, message, { 'x-amzn-query-error': `${queryCode};Sender` });
}

/** Long polling: answers as soon as there is a message, or empty when the time is up or the client has gone. */
async function receiveOrWait(queues: Queues, clock: Clock, queue: string, input: ReceiveInput, gone: AbortSignal): Promise<QueueMessage[]> {
  const until = clock.now() + input.WaitTimeSeconds * 1000;
  // A message received for a client that has gone would be invisible for nothing.
  while (!gone.aborted) {
    const messages = queues.receive(queue, input.MaxNumberOfMessages, input.VisibilityTimeout);
    if (messages.length > 0 || clock.now() >= until) return messages;
    await nextChance(queues, clock, queue, until, gone);
  }
  return [];
}

function nextChance(queues: Queues, clock: Clock, queue: string, until: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const at = Math.min(until, queues.nextVisible(queue) ?? until);
    const finish = (): void => {
      stopListening();
      cancel();
      gone.removeEventListener('abort', finish);
      resolve();
    };
    const stopListening = queues.onChange(queue, finish);
    const cancel = clock.schedule(at - clock.now(), finish);
    gone.addEventListener('abort', finish);
  });
}

function toApi(message: QueueMessage, input: ReceiveInput): object {
  const system = {
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceived),
    SentTimestamp: String(message.sent),
    SenderId: 'local-cloud',
  };
  const attributes = selectAttributes(system, [...input.AttributeNames, ...input.MessageSystemAttributeNames]);
  const all = input.MessageAttributeNames.some((name) => name === 'All' || name === '.*');
  const custom = Object.entries(message.attributes).filter(([name]) => all || input.MessageAttributeNames.includes(name));
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(Object.keys(attributes).length === 0 ? {} : { Attributes: attributes }),
    ...(custom.length === 0 ? {} : { MessageAttributes: Object.fromEntries(custom) }),
  };
}

function queueAttributes(queue: WiredQueue, queues: Queues, wiring: Wiring): Readonly<Record<string, string>> {
  const counts = queues.counts(queue.name);
  const arn = (name: string): string => queueArn(wiring, name);
  return {
    QueueArn: arn(queue.name),
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    DelaySeconds: '0',
    ...(queue.redrive === undefined
      ? {}
      : { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn(queue.redrive.deadLetterQueue), maxReceiveCount: queue.redrive.maxReceiveCount }) }),
  };
}

function selectAttributes(attributes: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes('All') || names.includes(name)));
}

export function queueArn({ region, account }: Wiring, name: string): string {
  return `arn:aws:sqs:${region}:${account}:${name}`;
}
