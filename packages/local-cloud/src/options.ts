import type { JsonObject } from '@dropforest/event-pattern';

import type { Clock } from './clock.ts';

/** What `startLocalCloud` takes. */
export interface LocalCloudOptions {
  /** Port on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  readonly storage: { readonly kind: 'memory' } | { readonly kind: 'disk'; readonly directory: string };
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Default: `crypto.randomUUID`. */
  readonly newId?: () => string;
  readonly wiring: Wiring;
  /** The code of each function that the wiring names; called in-process. */
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  /** What stands for an image; `undefined` fails the job as if the image could not be pulled. */
  readonly containers: (image: string) => ContainerCommand | InProcessContainer | undefined;
  /** How many containers run at once; the other jobs wait in Starting. Default: 2. */
  readonly containersAtOnce?: number;
  /** How many jobs of a kind may be in progress before another is refused, as by an account's quota. Default: any number. */
  readonly quotas?: { readonly trainingJobs?: number; readonly transformJobs?: number };
  /**
   * Delivery as bad as AWS allows: for an event and a rule that it matches, the delay in milliseconds of each copy that
   * reaches the rule's queue. Default: one copy, at once.
   */
  readonly deliveries?: (event: JsonObject, rule: WiredRule) => readonly number[];
  /** Function errors, dead letters and internal errors; by default they are only in the cloud's own logs. */
  readonly onLog?: (entry: CloudLogEntry) => void;
}

/** What exists in the account. Plain data, derived elsewhere from the deployment's own definition. */
export interface Wiring {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly buckets: readonly { readonly name: string; readonly eventBridge: boolean }[];
  /** Besides `default`. */
  readonly buses: readonly string[];
  readonly queues: readonly WiredQueue[];
  readonly rules: readonly WiredRule[];
  readonly functions: readonly WiredFunction[];
  /** Topic names. */
  readonly topics: readonly string[];
}

export interface WiredQueue {
  readonly name: string;
  readonly visibilityTimeoutSeconds: number;
  readonly redrive?: { readonly deadLetterQueue: string; readonly maxReceiveCount: number };
}

/** A rule and its one target. `pattern` is an EventBridge event pattern. */
export interface WiredRule {
  readonly name: string;
  readonly bus: string;
  readonly pattern: unknown;
  readonly queue: string;
}

/** A function and the queue it is fed from. */
export interface WiredFunction {
  readonly name: string;
  readonly queue: string;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  readonly timeoutSeconds: number;
}

/** Returns the messages that failed; nothing means that all went well, throwing means that all failed. */
export type LambdaFunction = (
  event: SqsEvent,
  context: LambdaContext,
) => Promise<{ batchItemFailures: readonly { itemIdentifier: string }[] } | void>;

/** The event that Lambda hands to a function with an SQS event source. */
export interface SqsEvent {
  Records: SqsRecord[];
}

export interface SqsRecord {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: {
    ApproximateReceiveCount: string;
    SentTimestamp: string;
    SenderId: string;
    ApproximateFirstReceiveTimestamp: string;
  };
  messageAttributes: Record<string, { dataType: string; stringValue?: string; binaryValue?: string }>;
  md5OfBody: string;
  eventSource: 'aws:sqs';
  eventSourceARN: string;
  awsRegion: string;
}

/**
 * The part of Lambda's context that means something here. `done`, `fail` and `succeed` do nothing: they are there
 * because the type of handlers written for Lambda asks for them.
 */
export interface LambdaContext {
  callbackWaitsForEmptyEventLoop: boolean;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  awsRequestId: string;
  logGroupName: string;
  logStreamName: string;
  getRemainingTimeInMillis(): number;
  done(): void;
  fail(): void;
  succeed(): void;
}

/**
 * A program in place of a container image. `train` or `serve` is appended to `args`. It runs in the job's own work
 * folder, so paths in `command` and `args` are absolute (or found on PATH).
 */
export interface ContainerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Code of this process in place of a container image, for tests that run thousands of jobs. It sees the same folders,
 * and its lines and its end count as those of a program.
 */
export interface InProcessContainer {
  /** @returns the exit code; whatever it throws is logged and counts as 1 */
  train(run: InProcessRun): Promise<number>;
  /** Loads the model. Whatever it throws is logged; the container then never answers /ping. */
  serve(run: InProcessRun): Promise<InProcessServer>;
}

/** One run of a program. */
export interface InProcessRun {
  /** Stands for `/opt/ml`. */
  readonly optMl: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted in place of SIGTERM. */
  readonly terminated: AbortSignal;
  readonly log: (line: string) => void;
  /** Lets time pass on the cloud's clock, at most until the job is to end. `idle` does not wait for a job that sleeps. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** Answers the body of a POST to /invocations. */
export type InProcessServer = (body: Uint8Array) => Promise<{ readonly status: number; readonly body: string }>;

export interface CloudLogEntry {
  readonly level: 'info' | 'warn' | 'error';
  /** Which part speaks, such as `function start-training` or `training job df-…`. */
  readonly from: string;
  readonly message: string;
  readonly error?: unknown;
}
