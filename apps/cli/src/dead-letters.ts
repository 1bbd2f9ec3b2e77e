/** Messages that no function could handle, and the way back to the queue they came from. */
import { ChangeMessageVisibilityCommand, DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand, type Message } from '@aws-sdk/client-sqs';
import { parseJobName } from '@dropforest/contracts';
import { localWiring } from '@dropforest/infra';
import { inChunks } from '@dropforest/lambda-kit';
import { z } from 'zod';
import type { Session } from './session.ts';

/** What became of one queue's dead letters. */
export interface ReplayedQueue {
  /** The queue that they came from and went back to. */
  readonly queue: string;
  /** What each is of: `Object Created predict/sales/march.csv`. */
  readonly letters: readonly string[];
}

/** Members of any event of the flow that say what it is of. */
const LetterSchema = z.object({
  'detail-type': z.string().optional(),
  detail: z.object({
    dataset: z.string().optional(),
    id: z.string().optional(),
    object: z.object({ key: z.string() }).optional(),
    TrainingJobName: z.string().optional(),
    TransformJobName: z.string().optional(),
    ModelPackageGroupName: z.string().optional(),
    ModelPackageVersion: z.int().optional(),
  }),
});

export interface Letter {
  /** Empty where it cannot be told. */
  readonly dataset: string;
  readonly description: string;
}

/** What a message is of. Anything may lie in a dead-letter queue. */
export function readLetter(body: string): Letter {
  const parsed = LetterSchema.safeParse(parseJson(body));
  if (!parsed.success) return { dataset: '', description: 'a message that is no event' };
  const { 'detail-type': type = 'an event', detail } = parsed.data;
  const { object, TrainingJobName: trained, TransformJobName: transformed, ModelPackageGroupName: group, ModelPackageVersion: version } = detail;
  const job = trained ?? transformed;
  if (object !== undefined) return { dataset: object.key.split('/')[1] ?? '', description: `${type} ${object.key}` };
  if (job !== undefined) return { dataset: parseJobName(job)?.dataset ?? '', description: `${type} ${job}` };
  if (group !== undefined) return { dataset: group.replace(/^df-/, ''), description: `${type} ${group}/${version ?? '?'}` };
  return { dataset: detail.dataset ?? '', description: `${type} ${detail.id ?? ''}`.trim() };
}

/**
 * Puts the dead letters of every function's queue back: sent first, deleted then, so that a command that is cut off
 * doubles a message and loses none.
 * @param dataset only those of this data set
 * @param isDry only look
 */
export async function replayDeadLetters(dataset: string | undefined, isDry: boolean, session: Session): Promise<readonly ReplayedQueue[]> {
  const replayed: ReplayedQueue[] = [];
  for (const { name, redrive } of localWiring().queues) {
    if (redrive === undefined) continue;
    const letters = await replayQueue(name, redrive.deadLetterQueue, dataset, isDry, session);
    if (letters.length > 0) replayed.push({ queue: name, letters });
  }
  return replayed;
}

async function replayQueue(queue: string, deadLetterQueue: string, dataset: string | undefined, isDry: boolean, session: Session): Promise<readonly string[]> {
  const { sqs } = session.clients;
  const [QueueUrl, from] = await Promise.all([urlOf(queue, session), urlOf(deadLetterQueue, session)]);
  const taken = (await takeAll(from, session)).map((message) => ({ message, letter: readLetter(message.Body ?? '') }));
  const chosen = taken.filter(({ letter }) => dataset === undefined || letter.dataset === dataset);
  const left = isDry ? taken : taken.filter((one) => !chosen.includes(one));
  await inChunks(left, ({ message }) => sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: from, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 0 })));
  if (!isDry) {
    await inChunks(chosen, async ({ message }) => {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: message.Body }));
      await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle: message.ReceiptHandle }));
    });
  }
  return chosen.map(({ letter }) => letter.description);
}

async function urlOf(QueueName: string, { clients }: Session): Promise<string | undefined> {
  return (await clients.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
}

/** A command that is cut off leaves them to come back by themselves after this long. */
const TAKEN_SECONDS = 120;

async function takeAll(QueueUrl: string | undefined, { clients }: Session): Promise<readonly Message[]> {
  const taken: Message[] = [];
  for (;;) {
    const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: TAKEN_SECONDS }));
    if (Messages.length === 0) return taken;
    taken.push(...Messages);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
