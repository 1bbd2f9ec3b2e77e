/**
 * A file dropped under `train/<dataset>/` becomes one training job on all the files of the data set, once no new file
 * has come for a while, or a `_SUCCESS` beside them says that all are there. The same files, settings and image make no
 * second job.
 */
import { DescribeTrainingJobCommand, ListTrainingJobsCommand } from '@aws-sdk/client-sagemaker';
import {
  AttemptSchema,
  ChampionSchema,
  ContractError,
  jobName,
  keys,
  parseDatasetConfig,
  parseDroppedKey,
  parseJobName,
  S3ObjectCreatedSchema,
  TrainingRequestSchema,
  trainingSettings,
  VerdictSchema,
  type DatasetConfig,
  type S3ObjectCreated,
  type TrainingRequest,
} from '@dropforest/contracts';
import { inChunks, instanceTypeOf, isAwsError, refuse, settle, type App, type AppContext, type ObjectHead } from '@dropforest/lambda-kit';
import { inspectHead } from '@dropforest/tabular';
import { z } from 'zod';
import { decideTraining, jobBaseOf, secondsToWait, type DroppedFile, type TrainingFacts } from './decide.ts';
import { checkTrainingHead } from './door.ts';

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
  const { bucket, environment } = context;
  const configText = await bucket.readText(keys.datasetConfig(dataset));
  const listed = (await bucket.list(keys.dropFolder('train', dataset))).filter(({ key }) => parseDroppedKey(key).kind === 'file');
  const { key } = event.detail.object;
  const at = Date.parse(event.time);
  const jobs = await jobsOf(dataset, context);
  const common = {
    dataset,
    settings: trainingSettings(configText),
    now: context.now(),
    bucket: bucket.name,
    image: environment.IMAGE,
    roleArn: environment.JOB_ROLE_ARN,
    trigger: { key, at, isMarker: parseDroppedKey(key).kind === 'marker' },
    createdSince: context.receiveCount > 1 ? await requestsOf(jobs.filter((job) => job.createdAt >= at), context) : [],
  };
  try {
    const config = parseDatasetConfig(configText);
    return await lookAtFiles({ ...common, config, instanceType: instanceTypeOf(config), lastJobAt: jobs[0]?.createdAt }, listed, context);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return { ...common, configProblem: error.message, files: listed.map((object) => ({ ...object, file: fileOf(dataset, object), hasVerdict: false })) };
  }
}

type Known = Omit<Extract<TrainingFacts, { readonly config: DatasetConfig }>, 'files' | 'champion' | 'attempt' | 'jobExists'>;

/**
 * A burst of files is as many events, and each of them sees all files: their heads are read only by the event that may
 * start the job. Until then an event looks at its own file alone, so that a refusal is told at once.
 */
async function lookAtFiles(known: Known, listed: readonly ObjectHead[], context: Context): Promise<TrainingFacts> {
  const { dataset, config, trigger } = known;
  const undecided = await withVerdicts(known, listed, context);
  const job = await findJob(jobBaseOf(dataset, undecided, config, known.image), context);
  const mayStart = !job.jobExists && secondsToWait(listed, known) === 0;
  const files = await inChunks(undecided, (file) => (mayStart || file.key === trigger.key ? look(file, config, context) : Promise.resolve(file)));
  const found = mayStart ? await findJob(jobBaseOf(dataset, files, config, known.image), context) : job;
  return { ...known, files, ...found, champion: mayStart ? await findChampion(dataset, context) : undefined };
}

/** What was refused before under the same settings is not looked at again. */
async function withVerdicts({ dataset, settings }: Known, listed: readonly ObjectHead[], { bucket }: Context): Promise<readonly DroppedFile[]> {
  const known = new Set((await bucket.list(keys.verdictFolder('train', dataset))).map(({ key }) => key));
  return inChunks(listed, async (object) => {
    const file = fileOf(dataset, object);
    const key = keys.verdict('train', dataset, file, object.etag);
    const verdict = known.has(key) ? await bucket.readJson(key, VerdictSchema) : undefined;
    return verdict?.value.settings === settings ? { ...object, file, problem: verdict.value.problem, hasVerdict: true } : { ...object, file, hasVerdict: false };
  });
}

async function look(file: DroppedFile, config: DatasetConfig, { bucket }: Context): Promise<DroppedFile> {
  if (file.problem !== undefined) return file;
  const head = file.size === 0 ? new Uint8Array() : await bucket.readHead(file.key, file.etag, HEAD_BYTES);
  const problem = checkTrainingHead(inspectHead(head, { complete: head.length === file.size, reading: config.reading }), file.size, config);
  return problem === undefined ? file : { ...file, problem };
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

/** The model that predicts. A job that is given an artifact that is not there fails before it starts. */
async function findChampion(dataset: string, { bucket }: Context): Promise<string | undefined> {
  const champion = await bucket.readJson(keys.champion(dataset), ChampionSchema);
  if (champion === undefined || (await bucket.head(keys.modelArtifact(champion.value.job))) === undefined) return undefined;
  return champion.value.job;
}

interface CreatedJob {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** The data set's newest training jobs, the newest first. */
async function jobsOf(dataset: string, { clients }: Context): Promise<readonly CreatedJob[]> {
  const request = { NameContains: `df-${dataset}-`, SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 100 } as const;
  const { TrainingJobSummaries = [] } = await clients.sagemaker.send(new ListTrainingJobsCommand(request));
  return TrainingJobSummaries.flatMap(({ TrainingJobName: name = '', CreationTime }) =>
    CreationTime !== undefined && parseJobName(name)?.dataset === dataset ? [{ name, createdAt: CreationTime.getTime() }] : [],
  );
}

/** What the jobs that train were asked for; those that only compare are left out. */
async function requestsOf(jobs: readonly CreatedJob[], { bucket }: Context): Promise<readonly TrainingRequest[]> {
  const requests = await inChunks(jobs, ({ name }) => bucket.readJson(`${keys.jobConfigFolder(name)}job.json`, TrainingRequestSchema));
  return requests.flatMap((request) => (request === undefined || request.value.compare !== undefined ? [] : [request.value]));
}

function fileOf(dataset: string, { key }: ObjectHead): string {
  return key.slice(keys.dropFolder('train', dataset).length);
}
