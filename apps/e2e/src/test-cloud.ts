/** A local cloud in memory with the real apps and container programs, and what tests ask of it. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { ListModelPackagesCommand, ListTrainingJobsCommand, ListTransformJobsCommand } from '@aws-sdk/client-sagemaker';
import { startLocal } from '@dropforest/cli';
import { DropforestEventSchema, modelPackageGroup, type DropforestEvent } from '@dropforest/contracts';
import { matches, parsePattern } from '@dropforest/event-pattern';
import { LOCAL, localWiring } from '@dropforest/infra';
import { createBucket, isAwsError, type Bucket, type Clients } from '@dropforest/lambda-kit';
import { z } from 'zod';

export interface TestCloud {
  readonly url: string;
  readonly clients: Clients;
  readonly bucket: Bucket;
  /** Lines about what went wrong inside: functions that threw, dead letters. */
  readonly problems: readonly string[];
  /** Drops a file and returns its etag. */
  drop(key: string, body: string | Uint8Array): Promise<string>;
  /** Waits until nothing is left to do. */
  settle(): Promise<void>;
  /** Our events of a data set, oldest first. */
  journal(dataset: string): Promise<readonly DropforestEvent[]>;
  trainingJobs(dataset: string): Promise<readonly string[]>;
  transformJobs(dataset: string): Promise<readonly string[]>;
  modelPackages(dataset: string): Promise<readonly string[]>;
  /** Delivers an event once more to every queue whose rule it matches. */
  resend(event: JsonObject): Promise<void>;
  /** Every event that was put on any bus so far. */
  events(): Promise<readonly JsonObject[]>;
  stop(): Promise<void>;
}

const JsonObjectSchema = z.record(z.string(), z.json());
export type JsonObject = z.output<typeof JsonObjectSchema>;
const EventsSchema = z.object({ events: z.array(z.object({ event: JsonObjectSchema })) });

export async function startTestCloud(): Promise<TestCloud> {
  const problems: string[] = [];
  const { cloud, clients, stop } = await startLocal({ port: 0, storage: { kind: 'memory' }, onProblem: (line) => problems.push(line) });
  const bucket = createBucket(clients.s3, LOCAL.bucket);
  const { sagemaker, sqs } = clients;
  const wiring = localWiring();
  const rules = wiring.rules.map((rule) => ({ ...rule, pattern: parsePattern(rule.pattern) }));
  const named = (dataset: string) => ({ NameContains: `df-${dataset}-` });
  return {
    url: cloud.url,
    clients,
    bucket,
    problems,
    async drop(key, body) {
      await bucket.write(key, body, 'text/csv');
      return (await bucket.head(key))?.etag ?? '';
    },
    settle: () => cloud.idle({ delayed: 'wait' }),
    async journal(dataset) {
      const entries = await Promise.all((await bucket.list(`journal/${dataset}/`)).map(({ key }) => bucket.readJson(key, DropforestEventSchema)));
      return entries.flatMap((entry) => (entry === undefined ? [] : [entry.value])).sort((a, b) => (a.detail.at < b.detail.at ? -1 : 1));
    },
    async trainingJobs(dataset) {
      const { TrainingJobSummaries = [] } = await sagemaker.send(new ListTrainingJobsCommand(named(dataset)));
      return TrainingJobSummaries.map(({ TrainingJobName = '' }) => TrainingJobName);
    },
    async transformJobs(dataset) {
      const { TransformJobSummaries = [] } = await sagemaker.send(new ListTransformJobsCommand(named(dataset)));
      return TransformJobSummaries.map(({ TransformJobName = '' }) => TransformJobName);
    },
    async modelPackages(dataset) {
      try {
        const { ModelPackageSummaryList = [] } = await sagemaker.send(new ListModelPackagesCommand({ ModelPackageGroupName: modelPackageGroup(dataset) }));
        return ModelPackageSummaryList.map(({ ModelPackageArn = '' }) => ModelPackageArn);
      } catch (error) {
        if (isAwsError(error, 'ValidationException', 'ResourceNotFound')) return [];
        throw error;
      }
    },
    async resend(event) {
      for (const { queue } of rules.filter(({ pattern }) => matches(pattern, event))) {
        await sqs.send(new SendMessageCommand({ QueueUrl: `${cloud.url}/${wiring.account}/${queue}`, MessageBody: JSON.stringify(event) }));
      }
    },
    async events() {
      const answer = EventsSchema.parse(await (await fetch(`${cloud.url}/_local/events`)).json());
      return answer.events.map(({ event }) => event);
    },
    stop,
  };
}
