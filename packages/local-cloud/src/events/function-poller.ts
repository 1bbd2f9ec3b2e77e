import { LocalCloudError } from '../errors.ts';
import type { CloudContext } from '../cloud-context.ts';
import type { LambdaContext, LambdaFunction, SqsEvent, SqsRecord, WiredFunction } from '../options.ts';
import type { LogStore } from '../logs/log-store.ts';
import { md5 } from '../sqs/queues.ts';
import type { QueueMessage, Queues } from '../sqs/queues.ts';
import { queueArn } from '../sqs/service.ts';

/** Feeds one function from its queue until it is stopped. */
export interface FunctionPoller {
  start(): void;
  /** Takes no more messages and waits for the runs under way, at most as long as the function's own timeout. */
  stop(): Promise<void>;
}

export interface PollerParts {
  readonly queues: Queues;
  readonly logs: LogStore;
}

/**
 * Lambda's event source mapping: takes up to `batchSize` messages at a time, runs up to `maximumConcurrency` batches
 * at once and deletes the messages that did not fail. A failed message stays invisible until its visibility timeout,
 * which the function may have changed meanwhile.
 */
export function createFunctionPoller(context: CloudContext, { queues, logs }: PollerParts, wired: WiredFunction, run: LambdaFunction): FunctionPoller {
  const { clock, activity } = context;
  const running = new Set<Promise<void>>();
  let stopped = true;
  let cancelTimer = (): void => undefined;
  let stopListening = (): void => undefined;

  const pump = (): void => {
    cancelTimer();
    while (!stopped && running.size < wired.maximumConcurrency) {
      const batch = queues.receive(wired.queue, wired.batchSize);
      if (batch.length === 0) return wakeAtNextVisible();
      start(batch);
    }
  };
  const wakeAtNextVisible = (): void => {
    const next = queues.nextVisible(wired.queue);
    if (next !== undefined) cancelTimer = clock.schedule(next - clock.now(), pump);
  };
  const start = (batch: readonly QueueMessage[]): void => {
    const end = activity.begin();
    const promise = runBatch(context, logs, wired, run, batch).then((done) => {
      for (const message of done) queues.delete(wired.queue, message.receipt);
      running.delete(promise);
      pump();
      end();
    });
    running.add(promise);
  };
  return {
    start() {
      stopped = false;
      stopListening = queues.onChange(wired.queue, pump);
      pump();
    },
    async stop() {
      stopped = true;
      stopListening();
      cancelTimer();
      await Promise.all(running);
    },
  };
}

/** Runs the function on one batch. Never rejects. @returns the messages that did not fail */
async function runBatch(context: CloudContext, logs: LogStore, wired: WiredFunction, run: LambdaFunction, batch: readonly QueueMessage[]): Promise<readonly QueueMessage[]> {
  const lambdaContext = createLambdaContext(context, wired);
  try {
    const answer = await withTimeout(context, wired, () => run(toEvent(context, wired, batch), lambdaContext));
    const failed = new Set((answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
    const unknown = [...failed].find((id) => !batch.some((message) => message.id === id));
    // Lambda, too, takes an identifier that it does not know for the failure of the whole batch.
    if (unknown !== undefined) throw new LocalCloudError('CorruptState', `The function reported "${unknown}" as failed, which is not a message of the batch.`);
    return batch.filter((message) => !failed.has(message.id));
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    context.log({ level: 'error', from: `function ${wired.name}`, message, error });
    logs.append(lambdaContext.logGroupName, lambdaContext.logStreamName, [`ERROR RequestId: ${lambdaContext.awsRequestId} ${error instanceof Error ? (error.stack ?? message) : message}`]);
    return [];
  }
}

function withTimeout<T>({ clock }: CloudContext, { timeoutSeconds }: WiredFunction, run: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(timeoutSeconds * 1000, () => reject(new Error(`Task timed out after ${timeoutSeconds.toFixed(2)} seconds`)));
    // The extra turn keeps a function that throws before its first await from throwing into the poller.
    Promise.resolve().then(run).then(resolve, reject).finally(cancel);
  });
}

function createLambdaContext({ clock, newId, wiring }: CloudContext, { name, timeoutSeconds }: WiredFunction): LambdaContext {
  const deadline = clock.now() + timeoutSeconds * 1000;
  const nothing = (): void => undefined;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${wiring.region}:${wiring.account}:function:${name}`,
    memoryLimitInMB: '512',
    awsRequestId: newId(),
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local-cloud',
    getRemainingTimeInMillis: () => Math.max(0, deadline - clock.now()),
    done: nothing,
    fail: nothing,
    succeed: nothing,
  };
}

function toEvent({ wiring }: CloudContext, { queue }: WiredFunction, batch: readonly QueueMessage[]): SqsEvent {
  return {
    Records: batch.map((message) => ({
      messageId: message.id,
      receiptHandle: message.receipt,
      body: message.body,
      attributes: {
        ApproximateReceiveCount: String(message.receives),
        SentTimestamp: String(message.sent),
        SenderId: 'local-cloud',
        ApproximateFirstReceiveTimestamp: String(message.firstReceived),
      },
      messageAttributes: toLambdaAttributes(message),
      md5OfBody: md5(message.body),
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn(wiring, queue),
      awsRegion: wiring.region,
    })),
  };
}

/** Lambda writes the members of an attribute in lower camel case. */
function toLambdaAttributes({ attributes }: QueueMessage): SqsRecord['messageAttributes'] {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { dataType: DataType, ...(StringValue === undefined ? {} : { stringValue: StringValue }), ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }) },
    ]),
  );
}
