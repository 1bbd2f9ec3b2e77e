/** What a history has left behind, read back through the services' own interfaces. */
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { DescribeModelPackageCommand, DescribeTrainingJobCommand, DescribeTransformJobCommand, paginateListModelPackages, paginateListTrainingJobs, paginateListTransformJobs } from '@aws-sdk/client-sagemaker';
import {
  ChampionSchema,
  ComparisonSchema,
  DecisionSchema,
  DropforestEventSchema,
  keys,
  ModelManifestSchema,
  modelPackageGroup,
  ModelPackageStateChangeSchema,
  parseJobName,
  TrainingRequestSchema,
  type Champion,
  type Comparison,
  type Decision,
  type DropforestEvent,
  type ModelManifest,
  type TrainingRequest,
} from '@dropforest/contracts';
import { isAwsError, type Clients } from '@dropforest/lambda-kit';
import { z } from 'zod';
import { DATASETS, type Dataset } from './history.ts';
import type { Course } from './run.ts';
import type { World } from './world.ts';

/** A job of SageMaker. Times are milliseconds since 1970. */
export interface Job {
  readonly name: string;
  readonly dataset: string;
  readonly status: string;
  readonly reason: string;
  readonly created: number;
  readonly ended: number;
  /** Keys of the snapshots that it read. */
  readonly inputs: readonly string[];
}

export interface TrainedJob extends Job {
  readonly request: TrainingRequest;
  /** dataset.json as the job was given it. */
  readonly config: string;
  /** Training jobs of the models that it was given, by channel. */
  readonly given: Readonly<Record<string, string>>;
}

/** A version of a model. */
export interface ModelVersion {
  readonly arn: string;
  readonly version: number;
  readonly status: string;
  /** Training job that it was made by. */
  readonly job: string;
  readonly decision: Decision | undefined;
  readonly comparison: Comparison | undefined;
  readonly manifest: ModelManifest | undefined;
}

export interface Facts extends Course {
  readonly trainings: readonly TrainedJob[];
  readonly transforms: readonly Job[];
  readonly models: Readonly<Record<Dataset, readonly ModelVersion[]>>;
  readonly champions: Readonly<Record<Dataset, Champion | undefined>>;
  readonly journal: readonly DropforestEvent[];
  /** Text of every JSON record below `results/`, `rejected/` and `deliveries/`, and of the predictions, by key. */
  readonly records: ReadonlyMap<string, string>;
  /** Each change of a model package's approval, by ARN, in the order of the changes. */
  readonly approvals: readonly { readonly arn: string; readonly status: string }[];
  /** Subjects of the messages that went to subscribers. */
  readonly messages: readonly string[];
  readonly deadLetters: readonly { readonly queue: string }[];
}

export async function gatherFacts(course: Course): Promise<Facts> {
  const { world } = course;
  const { bucket } = world;
  const listed = (await Promise.all(['results/', 'rejected/', 'deliveries/'].map((prefix) => bucket.list(prefix)))).flat();
  const records = new Map(await Promise.all(listed.map(async ({ key }) => [key, (await bucket.readText(key)) ?? ''] as const)));
  const entries = await Promise.all((await bucket.list('journal/')).map(({ key }) => bucket.readJson(key, DropforestEventSchema)));
  const { events } = PageOfEvents.parse(await page(world, '/_local/events'));
  const { messages } = PageOfMessages.parse(await page(world, '/_local/messages'));
  const { deadLetters } = PageOfDeadLetters.parse(await page(world, '/_local/dead-letters'));
  return {
    ...course,
    trainings: await trainingsOf(world),
    transforms: await transformsOf(world),
    models: await byDataset((dataset) => modelsOf(dataset, world)),
    champions: await byDataset(async (dataset) => (await bucket.readJson(keys.champion(dataset), ChampionSchema))?.value),
    journal: entries.flatMap((entry) => (entry === undefined ? [] : [entry.value])),
    records,
    approvals: events.flatMap(({ event }) => approvalOf(event)),
    messages: messages.map(({ subject }) => subject ?? ''),
    deadLetters,
  };
}

const PageOfEvents = z.object({ events: z.array(z.object({ event: z.unknown() })) });
const PageOfMessages = z.object({ messages: z.array(z.object({ subject: z.string().nullable() })) });
const PageOfDeadLetters = z.object({ deadLetters: z.array(z.object({ queue: z.string() })) });
const ManifestSchema = z.tuple([z.object({ prefix: z.string() })], z.string());

/** One of the cloud's own pages. */
async function page({ cloud }: World, path: string): Promise<unknown> {
  const { body = '' } = await cloud.answer({ method: 'GET', path, query: new URLSearchParams(), headers: {}, body: Readable.from([]) });
  return JSON.parse(typeof body === 'string' ? body : await text(body));
}

async function byDataset<T>(look: (dataset: Dataset) => Promise<T>): Promise<Readonly<Record<Dataset, T>>> {
  const [alpha, beta] = await Promise.all([look(DATASETS[0]), look(DATASETS[1])]);
  return { alpha, beta };
}

async function trainingsOf(world: World): Promise<readonly TrainedJob[]> {
  const { sagemaker } = world.clients;
  const found: TrainedJob[] = [];
  for await (const { TrainingJobSummaries = [] } of paginateListTrainingJobs({ client: sagemaker }, { SortOrder: 'Ascending' })) {
    for (const { TrainingJobName: name = '' } of TrainingJobSummaries) {
      const job = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
      const folder = keys.jobConfigFolder(name);
      const request = await world.bucket.readJson(`${folder}job.json`, TrainingRequestSchema);
      if (request === undefined) throw new Error(`${name} has no job.json`);
      const config = (await world.bucket.readText(`${folder}dataset.json`)) ?? '';
      const channels = Object.fromEntries((job.InputDataConfig ?? []).map(({ ChannelName = '', DataSource }) => [ChannelName, DataSource?.S3DataSource?.S3Uri ?? '']));
      const given = Object.fromEntries(Object.entries(channels).flatMap(([name, uri]) => (uri.endsWith('/model.tar.gz') ? [[name, jobIn(uri)]] : [])));
      const common = jobOf(name, job.TrainingJobStatus, job.FailureReason, job.CreationTime, job.TrainingEndTime);
      found.push({ ...common, inputs: await inputsOf(channels['training'], world), request: request.value, config, given });
    }
  }
  return found;
}

async function transformsOf(world: World): Promise<readonly Job[]> {
  const { sagemaker } = world.clients;
  const found: Job[] = [];
  for await (const { TransformJobSummaries = [] } of paginateListTransformJobs({ client: sagemaker }, { SortOrder: 'Ascending' })) {
    for (const { TransformJobName: name = '' } of TransformJobSummaries) {
      const job = await sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: name }));
      const common = jobOf(name, job.TransformJobStatus, job.FailureReason, job.CreationTime, job.TransformEndTime);
      found.push({ ...common, inputs: await inputsOf(job.TransformInput?.DataSource?.S3DataSource?.S3Uri, world) });
    }
  }
  return found;
}

function jobOf(name: string, status = '', reason = '', created?: Date, ended?: Date): Omit<Job, 'inputs'> {
  return { name, status, reason, dataset: parseJobName(name)?.dataset ?? '', created: created?.getTime() ?? NaN, ended: ended?.getTime() ?? NaN };
}

/** The job that an artifact is of. */
function jobIn(uri: string): string {
  return uri.split('/').find((segment) => parseJobName(segment) !== undefined) ?? '';
}

async function inputsOf(uri = '', { bucket }: World): Promise<readonly string[]> {
  const within = `s3://${bucket.name}/`;
  const manifest = await bucket.readJson(uri.slice(within.length), ManifestSchema);
  if (manifest === undefined) throw new Error(`there is no manifest ${uri}`);
  const [{ prefix }, ...paths] = manifest.value;
  return paths.map((path) => `${prefix}${path}`.slice(within.length)).sort();
}

async function modelsOf(dataset: Dataset, { bucket, clients }: World): Promise<readonly ModelVersion[]> {
  const summaries = await versionsOf(dataset, clients);
  return Promise.all(
    summaries.map(async ({ arn, version, status, job }) => {
      const [decision, comparison, manifest] = await Promise.all([
        bucket.readJson(keys.decision(dataset, job), DecisionSchema),
        bucket.readJson(keys.modelFile(dataset, job, 'comparison.json'), ComparisonSchema),
        bucket.readJson(keys.modelFile(dataset, job, 'manifest.json'), ModelManifestSchema),
      ]);
      return { arn, version, status, job, decision: decision?.value, comparison: comparison?.value, manifest: manifest?.value };
    }),
  );
}

async function versionsOf(dataset: Dataset, { sagemaker }: Clients): Promise<readonly Pick<ModelVersion, 'arn' | 'version' | 'status' | 'job'>[]> {
  const found: Pick<ModelVersion, 'arn' | 'version' | 'status' | 'job'>[] = [];
  try {
    for await (const { ModelPackageSummaryList = [] } of paginateListModelPackages({ client: sagemaker }, { ModelPackageGroupName: modelPackageGroup(dataset), SortOrder: 'Ascending' })) {
      for (const { ModelPackageArn: arn = '', ModelPackageVersion: version = 0, ModelApprovalStatus: status = '' } of ModelPackageSummaryList) {
        const { InferenceSpecification } = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
        found.push({ arn, version, status, job: jobIn(InferenceSpecification?.Containers?.[0]?.ModelDataUrl ?? '') });
      }
    }
  } catch (error) {
    if (!isAwsError(error, 'ValidationException', 'ResourceNotFound')) throw error;
  }
  return found;
}

function approvalOf(event: unknown): Facts['approvals'] {
  const parsed = ModelPackageStateChangeSchema.safeParse(event);
  return parsed.success ? [{ arn: parsed.data.detail.ModelPackageArn, status: parsed.data.detail.ModelApprovalStatus }] : [];
}
