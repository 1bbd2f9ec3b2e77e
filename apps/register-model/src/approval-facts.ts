/** What a decision about a trained model depends on, read from the bucket and from SageMaker. */
import { ChampionSchema, ComparisonSchema, DatasetConfigSchema, DecisionSchema, keys, ModelManifestSchema, RegistrationSchema, TrainingRequestSchema, type Comparison } from '@dropforest/contracts';
import { AppError, findComparison, readModelPackage, type AppContext, type Bucket, type FoundComparison, type Stored } from '@dropforest/lambda-kit';
import type { ApprovalFacts } from './decide.ts';
import { readOutput } from './output-archive.ts';
import type { Rival } from './rival.ts';

export interface ApprovalEnvironment {
  readonly IMAGE: string;
  readonly JOB_ROLE_ARN: string;
}
type Context = AppContext<ApprovalEnvironment>;

/**
 * @param job the training job that the model comes from
 * @returns `undefined` where a person has deleted the version: there is nothing left to decide
 * @throws AppError `missing` when the job's records are not there
 */
export async function gatherApproval(dataset: string, job: string, context: Context): Promise<ApprovalFacts | undefined> {
  const { bucket, environment, now } = context;
  const folder = keys.jobConfigFolder(job);
  const [registration, config, request, manifest, decision, champion, stored] = await Promise.all([
    bucket.readJson(keys.registration(dataset, job), RegistrationSchema),
    bucket.readJson(`${folder}dataset.json`, DatasetConfigSchema),
    bucket.readJson(`${folder}job.json`, TrainingRequestSchema),
    bucket.readJson(keys.modelFile(dataset, job, 'manifest.json'), ModelManifestSchema),
    bucket.readJson(keys.decision(dataset, job), DecisionSchema),
    bucket.readJson(keys.champion(dataset), ChampionSchema),
    bucket.readJson(keys.modelFile(dataset, job, 'comparison.json'), ComparisonSchema),
  ]);
  if (registration === undefined || config === undefined || request === undefined || manifest === undefined) {
    throw new AppError('missing', `the registration, the settings or the manifest of ${job} are not in the bucket`);
  }
  const modelPackage = await readModelPackage(registration.value.modelPackageArn, context);
  if (modelPackage === undefined) return undefined;
  return {
    dataset,
    bucket: bucket.name,
    image: environment.IMAGE,
    roleArn: environment.JOB_ROLE_ARN,
    registration: registration.value,
    config: config.value,
    lineage: request.value.lineage,
    manifest: manifest.value,
    modelPackage,
    decision,
    rival: champion === undefined || champion.value.job === job ? undefined : await rivalOf(dataset, job, champion.value, stored, context),
    now: now(),
  };
}

/** The training itself may have compared the two; else it is for a job of its own. */
async function rivalOf(dataset: string, challenger: string, { job, version }: Pick<Rival, 'job' | 'version'>, stored: Stored<Comparison> | undefined, { bucket, clients }: Context): Promise<Rival> {
  if (stored?.value.champion === job) return { job, version, comparison: { state: 'done', value: stored.value, isStored: true } };
  const pair = { challenger, champion: job };
  const found = await findComparison(dataset, pair, clients.sagemaker);
  return { job, version, comparison: found === undefined ? { state: 'none' } : await comparisonOf(found, pair, bucket) };
}

async function comparisonOf({ job, status, reason }: FoundComparison, pair: Pick<Comparison, 'challenger' | 'champion'>, bucket: Bucket): Promise<Rival['comparison']> {
  if (status === 'Running') return { state: 'running' };
  if (status === 'Failed') return { state: 'failed', reason };
  const file = (await readOutput(job, bucket)).get('comparison.json');
  if (file === undefined) return { state: 'failed', reason: `${job} left no comparison` };
  // Which models they were is known by the job's name: a model that could not be opened did not say.
  return { state: 'done', value: { ...ComparisonSchema.parse(JSON.parse(new TextDecoder().decode(file))), ...pair }, isStored: false };
}
