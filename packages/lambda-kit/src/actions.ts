/**
 * What apps decide to do. An action is plain data, so a decision can be looked at and tested; carrying one out is a
 * single call, and doing it twice is the same as once.
 */
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateTrainingJobCommand,
  CreateTransformJobCommand,
  UpdateModelPackageCommand,
  type CreateTrainingJobCommandInput,
  type CreateTransformJobCommandInput,
  type UpdateModelPackageCommandInput,
} from '@aws-sdk/client-sagemaker';
import { EVENT_SOURCE, type DropforestEvent } from '@dropforest/contracts';
import type { Bucket, WriteCondition } from './bucket.ts';
import { inChunks } from './in-chunks.ts';
import type { Clients } from './clients.ts';
import { AppError, FactsChanged, isAwsError, RetryLater } from './errors.ts';

export type Action =
  | { readonly type: 'write-json'; readonly key: string; readonly value: unknown; readonly condition?: WriteCondition }
  | { readonly type: 'delete'; readonly key: string }
  /** Server-side copy; nothing happens when the source is no longer what was read. */
  | { readonly type: 'copy'; readonly from: string; readonly etag: string; readonly to: string }
  | { readonly type: 'create-training-job'; readonly input: CreateTrainingJobCommandInput }
  | { readonly type: 'create-transform-job'; readonly input: CreateTransformJobCommandInput }
  | { readonly type: 'update-model-package'; readonly input: UpdateModelPackageCommandInput }
  | { readonly type: 'emit'; readonly event: DropforestEvent }
  /** Put the event back for a while. Always the last action of a decision. */
  | { readonly type: 'wait'; readonly seconds: number; readonly why: string };

/** What carrying out actions needs. */
export interface ActionContext {
  readonly clients: Clients;
  readonly bucket: Bucket;
  /** Name of the event bus for `emit`. */
  readonly bus: string;
}

/** How often facts are read again because a write met a change, before the event is put back. */
const ROUNDS = 5;

/**
 * Reads the facts, decides, and carries the decision out; starts over when a read or a write finds that the facts have
 * changed meanwhile.
 * @throws RetryLater when the decision is to wait, or when the facts would not stand still
 */
export async function settle<Facts>(gather: () => Promise<Facts>, decide: (facts: Facts) => readonly Action[], context: ActionContext): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    try {
      await carryOut(decide(await gather()), context);
      return;
    } catch (error) {
      if (!(error instanceof FactsChanged)) throw error;
    }
  }
  throw new RetryLater(1, `what it depends on was changed ${ROUNDS} times in a row`);
}

/** One after another, but copies in a row, which may be many, together. */
async function carryOut(actions: readonly Action[], context: ActionContext): Promise<void> {
  let copies: Action[] = [];
  for (const action of actions) {
    if (action.type === 'copy') {
      copies.push(action);
      continue;
    }
    await inChunks(copies, (copy) => act(copy, context));
    copies = [];
    await act(action, context);
  }
  await inChunks(copies, (copy) => act(copy, context));
}

async function act(action: Action, { clients, bucket, bus }: ActionContext): Promise<void> {
  switch (action.type) {
    case 'write-json':
      return bucket.write(action.key, `${JSON.stringify(action.value, undefined, 2)}\n`, 'application/json', action.condition);
    case 'delete':
      return bucket.delete(action.key);
    case 'copy':
      return bucket.copy(action.from, action.etag, action.to);
    case 'create-training-job':
      return unlessThere(() => clients.sagemaker.send(new CreateTrainingJobCommand(action.input)));
    case 'create-transform-job':
      return unlessThere(() => clients.sagemaker.send(new CreateTransformJobCommand(action.input)));
    case 'update-model-package':
      await clients.sagemaker.send(new UpdateModelPackageCommand(action.input));
      return;
    case 'emit':
      return emit(clients, bus, action.event);
    case 'wait':
      throw new RetryLater(action.seconds, action.why);
  }
}

/** Creates something whose name follows from its inputs: what is already there under the name is what was asked for. */
export async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (isAwsError(error, 'ResourceInUse')) return;
    if (isAwsError(error, 'ValidationException') && /already exist/i.test(error.message)) return;
    throw error;
  }
}

/** PutEvents answers 200 even when it took nothing: each entry has its own answer. */
async function emit({ eventBridge }: Clients, bus: string, event: DropforestEvent): Promise<void> {
  const entry = { Source: EVENT_SOURCE, DetailType: event.type, Detail: JSON.stringify(event.detail), EventBusName: bus };
  const { FailedEntryCount, Entries } = await eventBridge.send(new PutEventsCommand({ Entries: [entry] }));
  if (FailedEntryCount === undefined || FailedEntryCount === 0) return;
  const { ErrorCode, ErrorMessage } = Entries?.[0] ?? {};
  throw new AppError('missing', `bus ${bus} did not take ${event.type}: ${ErrorCode ?? 'no code'} ${ErrorMessage ?? ''}`);
}
