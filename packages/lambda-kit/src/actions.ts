/**
 * What apps decide to do. An action is plain data, so a decision can be looked at and tested; carrying one out is a
 * single call, and doing it twice is the same as once.
 */
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  AddTagsCommand,
  CreateTrainingJobCommand,
  CreateTransformJobCommand,
  UpdateModelPackageCommand,
  type AddTagsCommandInput,
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
  /** Server-side copy; nothing happens when the source is no longer what was read. `size` spares a request. */
  | { readonly type: 'copy'; readonly from: string; readonly etag: string; readonly size?: number; readonly to: string }
  | { readonly type: 'create-training-job'; readonly input: CreateTrainingJobCommandInput }
  | { readonly type: 'create-transform-job'; readonly input: CreateTransformJobCommandInput }
  | { readonly type: 'update-model-package'; readonly input: UpdateModelPackageCommandInput }
  /** A tag of the same key is replaced. */
  | { readonly type: 'add-tags'; readonly input: AddTagsCommandInput }
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

/** PutEvents takes so many entries. */
const EVENTS_IN_A_REQUEST = 10;
const PASSING_ERRORS = ['ThrottlingException', 'InternalFailure', 'InternalException'] as const;
const BUSY_BUS_SECONDS = 15;

/**
 * Reads the facts, decides, and carries the decision out; starts over when a read or a write finds that the facts have
 * changed meanwhile.
 * @throws RetryLater when the decision is to wait, or when the facts would not stand still
 */
export async function settle<Facts>(gather: () => Promise<Facts>, decide: (facts: Facts) => readonly Action[], context: ActionContext): Promise<void> {
  await untilUnchanged(async () => carryOut(decide(await gather()), context));
}

/**
 * Does the work, and all of it again when it finds that something it has read was changed meanwhile.
 * @throws RetryLater when things would not stand still
 */
export async function untilUnchanged<T>(work: () => Promise<T>): Promise<T> {
  for (let round = 0; round < ROUNDS; round++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FactsChanged)) throw error;
    }
  }
  throw new RetryLater(1, `what it depends on was changed ${ROUNDS} times in a row`);
}

/** One after another; but copies in a row, which may be many, together, and events in a row as many in a request as it takes. */
export async function carryOut(actions: readonly Action[], context: ActionContext): Promise<void> {
  for (let at = 0; at < actions.length; ) {
    const copies = inARow(actions, at, 'copy');
    const emits = inARow(actions, at, 'emit');
    await inChunks(copies, (copy) => act(copy, context));
    for (let first = 0; first < emits.length; first += EVENTS_IN_A_REQUEST) await emit(context, emits.slice(first, first + EVENTS_IN_A_REQUEST).map(({ event }) => event));
    const done = copies.length + emits.length;
    const action = actions[at];
    if (done === 0 && action !== undefined) await act(action, context);
    at += Math.max(1, done);
  }
}

/** The actions of one type from a place on, up to the first of another. */
function inARow<T extends Action['type']>(actions: readonly Action[], at: number, type: T): readonly Extract<Action, { readonly type: T }>[] {
  const isOfType = (action: Action): action is Extract<Action, { readonly type: T }> => action.type === type;
  const rest = actions.slice(at);
  const end = rest.findIndex((action) => !isOfType(action));
  return rest.slice(0, end < 0 ? rest.length : end).filter(isOfType);
}

async function act(action: Action, context: ActionContext): Promise<void> {
  const { clients, bucket } = context;
  switch (action.type) {
    case 'write-json':
      return bucket.write(action.key, `${JSON.stringify(action.value, undefined, 2)}\n`, 'application/json', action.condition);
    case 'copy':
      await bucket.copy(action.from, action.etag, action.to, action.size);
      return;
    case 'create-training-job':
      return unlessThere(() => clients.sagemaker.send(new CreateTrainingJobCommand(action.input)));
    case 'create-transform-job':
      return unlessThere(() => clients.sagemaker.send(new CreateTransformJobCommand(action.input)));
    case 'update-model-package':
      await clients.sagemaker.send(new UpdateModelPackageCommand(action.input));
      return;
    case 'add-tags':
      await clients.sagemaker.send(new AddTagsCommand(action.input));
      return;
    case 'emit':
      return emit(context, [action.event]);
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

/**
 * PutEvents answers 200 even when it took nothing: each entry has its own answer. Those that a busy bus did not take
 * are told again with the rest when the event comes back; who listens knows them by their ids.
 */
async function emit({ clients, bus }: ActionContext, events: readonly DropforestEvent[]): Promise<void> {
  const Entries = events.map((event) => ({ Source: EVENT_SOURCE, DetailType: event.type, Detail: JSON.stringify(event.detail), EventBusName: bus }));
  const answer = await clients.eventBridge.send(new PutEventsCommand({ Entries }));
  const failed = answer.Entries?.find(({ ErrorCode }) => ErrorCode !== undefined);
  if (failed === undefined) return;
  const { ErrorCode, ErrorMessage = '' } = failed;
  const what = `bus ${bus} did not take ${answer.FailedEntryCount ?? 0} of ${events.length} events: ${ErrorCode} ${ErrorMessage}`;
  throw PASSING_ERRORS.some((code) => code === ErrorCode) ? new RetryLater(BUSY_BUS_SECONDS, what) : new AppError('missing', what);
}
