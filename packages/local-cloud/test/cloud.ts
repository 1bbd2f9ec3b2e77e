/** A local cloud in memory and the official clients for it; both end with the test. */
import { fileURLToPath } from 'node:url';

import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

import { startLocalCloud } from '../src/index.ts';
import type { CloudLogEntry, LocalCloud, LocalCloudOptions, Wiring } from '../src/index.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
export const BUCKET = 'data';
export const IMAGE = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/tabular:1`;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/SageMaker`;

export interface TestCloud extends LocalCloud {
  readonly s3: S3Client;
  readonly sageMaker: SageMakerClient;
  readonly events: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly logs: CloudWatchLogsClient;
  /** What the cloud said through `onLog`. */
  readonly log: readonly CloudLogEntry[];
  /** GET of one of the cloud's own pages. */
  admin(path: string): Promise<unknown>;
  /** All events so far that have this detail type. */
  eventsOf(detailType: string): Promise<readonly CloudEvent[]>;
}

const EventSchema = z.looseObject({ id: z.string(), source: z.string(), 'detail-type': z.string(), resources: z.array(z.string()), detail: z.record(z.string(), z.unknown()) });
export type CloudEvent = z.infer<typeof EventSchema>;
const EventsPage = z.object({ events: z.array(z.object({ bus: z.string(), event: EventSchema })) });

export interface TestOptions extends Partial<Omit<LocalCloudOptions, 'wiring'>> {
  readonly wiring?: Partial<Wiring>;
}

export async function startTestCloud({ wiring, ...options }: TestOptions = {}): Promise<TestCloud> {
  const log: CloudLogEntry[] = [];
  const cloud = await startLocalCloud({
    port: 0,
    storage: { kind: 'memory' },
    functions: {},
    containers: (image) => (image === IMAGE ? { command: process.execPath, args: [fileURLToPath(new URL('fixtures/container.mjs', import.meta.url))] } : undefined),
    onLog: (entry) => log.push(entry),
    ...options,
    wiring: { account: ACCOUNT, region: REGION, buckets: [{ name: BUCKET, eventBridge: true }], buses: [], queues: [], rules: [], functions: [], topics: [], ...wiring },
  });
  onTestFinished(() => cloud.stop());
  const config = { endpoint: cloud.url, region: REGION, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };
  const clients = {
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sageMaker: new SageMakerClient(config),
    events: new EventBridgeClient(config),
    sqs: new SQSClient(config),
    sns: new SNSClient(config),
    logs: new CloudWatchLogsClient(config),
  };
  onTestFinished(() => {
    for (const client of Object.values(clients)) client.destroy();
  });
  const admin = async (path: string): Promise<unknown> => (await fetch(cloud.url + path)).json();
  return {
    ...cloud,
    ...clients,
    log,
    admin,
    async eventsOf(detailType) {
      const { events } = EventsPage.parse(await admin('/_local/events'));
      return events.map(({ event }) => event).filter((event) => event['detail-type'] === detailType);
    },
  };
}

/** What a promise is rejected with; fails when it is not. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('The call succeeded, though it should have been refused.');
}
