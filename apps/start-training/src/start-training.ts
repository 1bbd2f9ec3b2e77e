/**
 * A file dropped under `train/<dataset>/` becomes one training job on all the files of the data set, once no new file
 * has come for a while. The same files, settings and image make no second job.
 */
import { DescribeTrainingJobCommand, ListTrainingJobsCommand } from '@aws-sdk/client-sagemaker';
import {
  AttemptSchema,
  ContractError,
  jobName,
  keys,
  parseDatasetConfig,
  parseDroppedKey,
  parseJobName,
  S3ObjectCreatedSchema,
  trainingSettings,
  VerdictSchema,
  type DatasetConfig,
  type S3ObjectCreated,
} from '@dropforest/contracts';
import { inChunks, isAwsError, refuse, settle, type App, type AppContext, type ObjectHead } from '@dropforest/lambda-kit';
import { inspectHead } from '@dropforest/tabular';
import { z } from 'zod';
import { decideTraining, jobBaseOf, type DroppedFile, type TrainingFacts } from './decide.ts';
import { checkTrainingHead } from './door.ts';
import { instanceTypeOf } from './training-job.ts';

export const EnvironmentSchema = z.object({
  /** The container image that trains, and later serves, the model. */
  IMAGE: z.string().min(1),
  /** The role that SageMaker jobs run as. */
  JOB_ROLE_ARN: z.string().min(1),
});
type Environment = z.output<typeof EnvironmentSchema>;
type Context = AppContext<Environment>;

/** Enough for the header of any reasonable table and some rows. */
const HEAD_BYTES = 256 * 1024;

export const startTraining: App<S3ObjectCreated, Environment> = {
  name: 'start-training',
  event: S3ObjectCreatedSchema,
  environment: EnvironmentSchema,
  async handle(event, context) {
    const dropped = parseDroppedKey(event.detail.object.key);
    if (dropped.kind === 'ignored' || dropped.zone !== 'train') return;
    if (dropped.kind === 'refused') {
      const { key, etag } = event.detail.object;
      return settle(async () => context.now(), (now) => refuse({ ...dropped, key, etag, settings: '' }, now), context);
    }
    return settle(() => gather(dropped.dataset, event, context), decideTraining, context);
  },
};

async function gather(dataset: string, event: S3ObjectCreated, context: Context): Promise<TrainingFacts> {
  const { bucket, environment, now } = context;
  const configText = await bucket.readText(keys.datasetConfig(dataset));
  const settings = trainingSettings(configText);
  const listed = (await bucket.list(keys.dropFolder('train', dataset))).filter(({ key }) => parseDroppedKey(key).kind === 'file');
  const common = { dataset, settings, now: now(), bucket: bucket.name, image: environment.IMAGE, roleArn: environment.JOB_ROLE_ARN };
  const trigger = { key: event.detail.object.key, at: Date.parse(event.time) };
  try {
    const config = parseDatasetConfig(configText);
    const instanceType = instanceTypeOf(config);
    const files = await inChunks(listed, (object) => look(dataset, object, config, settings, context));
    const job = await findJob(jobBaseOf(dataset, files, config, environment.IMAGE), context);
    return { ...common, trigger, config, instanceType, files, lastJobAt: await lastJobAt(dataset, context), ...job };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return { ...common, trigger, configProblem: error.message, files: listed.map((object) => ({ ...object, file: fileOf(dataset, object), hasVerdict: false })) };
  }
}

/** Reads a file's head and whether it was refused before under the same settings. */
async function look(dataset: string, object: ObjectHead, config: DatasetConfig, settings: string, { bucket }: Context): Promise<DroppedFile> {
  const file = fileOf(dataset, object);
  const head = object.size === 0 ? new Uint8Array() : await bucket.readHead(object.key, object.etag, HEAD_BYTES);
  const problem = checkTrainingHead(inspectHead(head, { complete: head.length === object.size, reading: config.reading }), object.size, config);
  if (problem === undefined) return { ...object, file, hasVerdict: false };
  const verdict = await bucket.readJson(keys.verdict('train', dataset, file, object.etag), VerdictSchema);
  return { ...object, file, problem, hasVerdict: verdict?.value.settings === settings };
}

/** The attempt that a person has asked for last, and whether its job is there already. */
async function findJob(base: string, { bucket, clients }: Context): Promise<{ readonly attempt: number; readonly jobExists: boolean }> {
  const attempt = (await bucket.readJson(keys.jobAttempt(base), AttemptSchema))?.value.attempt ?? 1;
  try {
    await clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: jobName(base, attempt) }));
    return { attempt, jobExists: true };
  } catch (error) {
    if (isAwsError(error, 'ValidationException', 'ResourceNotFound')) return { attempt, jobExists: false };
    throw error;
  }
}

/** When the data set's newest training job was created. */
async function lastJobAt(dataset: string, { clients }: Context): Promise<number | undefined> {
  const request = { NameContains: `df-${dataset}-`, SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 100 } as const;
  const { TrainingJobSummaries = [] } = await clients.sagemaker.send(new ListTrainingJobsCommand(request));
  return TrainingJobSummaries.find(({ TrainingJobName = '' }) => parseJobName(TrainingJobName)?.dataset === dataset)?.CreationTime?.getTime();
}

function fileOf(dataset: string, { key }: ObjectHead): string {
  return key.slice(keys.dropFolder('train', dataset).length);
}
