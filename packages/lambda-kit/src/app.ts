/**
 * How an app becomes a Lambda function: SQS batch in, one event at a time, failed messages named in the answer.
 * On the local cloud the same function is called in-process with other clients, another clock and another log.
 */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { createBucket, type Bucket } from './bucket.ts';
import { createClients, type Clients } from './clients.ts';
import { AppError, isAwsError, RetryLater } from './errors.ts';

/** Every app is told these by its environment. */
const CommonEnvironmentSchema = z.object({
  BUCKET: z.string().min(1),
  BUS: z.string().min(1),
  QUEUE_URL: z.string().min(1),
});

export interface Log {
  info(message: string, extra?: Readonly<Record<string, unknown>>): void;
  warn(message: string, extra?: Readonly<Record<string, unknown>>): void;
  error(message: string, extra?: Readonly<Record<string, unknown>>): void;
}

/** What surrounds the handling of one event. */
export interface AppContext<Environment> {
  readonly environment: Environment;
  readonly clients: Clients;
  readonly bucket: Bucket;
  readonly bus: string;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How often this event has been received, from 1. */
  readonly receiveCount: number;
}

/** An app: which events it takes, what it must be told, and what it does. */
export interface App<Event, Environment> {
  readonly name: string;
  readonly event: z.ZodType<Event>;
  readonly environment: z.ZodType<Environment>;
  handle(event: Event, context: AppContext<Environment>): Promise<void>;
}

/** What differs between Lambda and the local cloud. */
export interface Host {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clients?: Clients;
  readonly log?: Log;
  readonly now?: () => number;
}

export type SqsHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Errors of a service that has no room right now: the same call may go through later. */
const BUSY = ['ResourceLimitExceeded', 'ThrottlingException', 'Throttling', 'ThrottledException', 'RequestThrottled', 'TooManyRequestsException', 'RequestLimitExceeded', 'SlowDown'] as const;

/** How long a message is put back for: twice as long each time. */
interface Growth {
  readonly firstSeconds: number;
  readonly mostSeconds: number;
}
/** A quota may be full for hours. The queue's limit of receives covers days of such waits. */
const WHEN_BUSY: Growth = { firstSeconds: 15, mostSeconds: 2 * 3600 };
/** What failed for a moment goes through soon; what fails always becomes a dead letter within half a day. */
const WHEN_FAILED: Growth = { firstSeconds: 5, mostSeconds: 900 };

/** @throws z.ZodError when the environment lacks something the app must be told */
export function createHandler<Event, Environment>(app: App<Event, Environment>, host: Host): SqsHandler {
  const common = CommonEnvironmentSchema.parse(host.environment);
  const clients = host.clients ?? createClients();
  const shared = {
    environment: app.environment.parse(host.environment),
    clients,
    bucket: createBucket(clients.s3, common.BUCKET),
    bus: common.BUS,
    log: host.log ?? powertoolsLog(app.name),
    now: host.now ?? Date.now,
  };

  const handleRecord = async (record: SQSRecord): Promise<void> => {
    const receiveCount = Number(record.attributes.ApproximateReceiveCount);
    try {
      await app.handle(readEvent(app, record), { ...shared, receiveCount });
    } catch (error) {
      if (!isWait(error)) shared.log.error(`${app.name} failed`, { error, message: record.body });
      await putBack(asRetryLater(error, receiveCount), record);
      throw error;
    }
  };

  async function putBack({ seconds, message }: RetryLater, record: SQSRecord): Promise<void> {
    shared.log.info('put back', { seconds, why: message });
    await clients.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: common.QUEUE_URL, ReceiptHandle: record.receiptHandle, VisibilityTimeout: Math.ceil(seconds) }));
  }

  return (event, context) =>
    processPartialResponse(event, handleRecord, new BatchProcessor(EventType.SQS), { context, processInParallel: false, throwOnFullBatchFailure: false });
}

function readEvent<Event>(app: { readonly name: string; readonly event: z.ZodType<Event> }, record: SQSRecord): Event {
  const result = app.event.safeParse(JSON.parse(record.body));
  if (result.success) return result.data;
  throw new AppError('unreadable-event', `${app.name} cannot read the event: ${z.prettifyError(result.error)}`, { cause: result.error });
}

/** Nothing is wrong: the event only has to wait. */
function isWait(error: unknown): boolean {
  return error instanceof RetryLater || isAwsError(error, ...BUSY);
}

function asRetryLater(error: unknown, receiveCount: number): RetryLater {
  if (error instanceof RetryLater) return error;
  const { firstSeconds, mostSeconds } = isWait(error) ? WHEN_BUSY : WHEN_FAILED;
  return new RetryLater(Math.min(mostSeconds, firstSeconds * 2 ** (receiveCount - 1)), error instanceof Error ? error.message : String(error), { cause: error });
}

function powertoolsLog(serviceName: string): Log {
  const logger = new Logger({ serviceName });
  return {
    info: (message, extra = {}) => logger.info(message, extra),
    warn: (message, extra = {}) => logger.warn(message, extra),
    error: (message, extra = {}) => logger.error(message, extra),
  };
}
