/**
 * A model package that was approved, by the gate or by a person, becomes the champion: the model that predicts. The
 * champion is one small object in the bucket, moved by compare-and-swap. Where the gate's approval is about another
 * champion, the model is compared again first. A rejection, too, is told of here, whoever rejected.
 */
import { ChampionSchema, DatasetConfigSchema, DecisionSchema, keys, ModelPackageStateChangeSchema, TrainingRequestSchema, type Champion, type ModelPackageStateChange } from '@dropforest/contracts';
import { AppError, findComparison, findTrainingJob, readModelPackage, settle, type App, type AppContext, type ModelPackage } from '@dropforest/lambda-kit';
import { z } from 'zod';
import { championNotCompared, decidePromotion, type ComparisonFacts, type PromotionFacts } from './decide.ts';

const EnvironmentSchema = z.object({
  /** The container image that compares models. */
  IMAGE: z.string().min(1),
  /** The role that SageMaker jobs run as. */
  JOB_ROLE_ARN: z.string().min(1),
});
type Environment = z.output<typeof EnvironmentSchema>;
type Context = AppContext<Environment>;

export const promoteModel: App<ModelPackageStateChange, Environment> = {
  name: 'promote-model',
  event: ModelPackageStateChangeSchema,
  environment: EnvironmentSchema,
  async handle({ detail }, context) {
    await settle(() => gather(detail.ModelPackageArn, context), (facts) => (facts === undefined ? [] : decidePromotion(facts)), context);
  },
};

/** The event may be old: the package itself says how it stands. */
async function gather(arn: string, context: Context): Promise<PromotionFacts | undefined> {
  const modelPackage = await readModelPackage(arn, context);
  if (modelPackage === undefined) return undefined;
  const { dataset, job } = modelPackage;
  const [decision, champion] = await Promise.all([
    context.bucket.readJson(keys.decision(dataset, job), DecisionSchema),
    context.bucket.readJson(keys.champion(dataset), ChampionSchema),
  ]);
  const standing = { modelPackage, decision, champion };
  const other = championNotCompared(standing);
  const again = other === undefined || (await isBeingCompared(modelPackage, context)) ? undefined : await comparisonFacts(modelPackage, other, context);
  return { ...standing, again, now: context.now() };
}

/** An approval that was taken back names the job that compares the two; its end brings the next decision. */
async function isBeingCompared({ status, properties }: ModelPackage, { clients }: Context): Promise<boolean> {
  const job = properties['comparisonJob'];
  return status === 'PendingManualApproval' && job !== undefined && (await findTrainingJob(job, clients.sagemaker)) !== undefined;
}

/** @throws AppError `missing` when the records of the model's training are not there */
async function comparisonFacts({ dataset, job }: ModelPackage, champion: Champion, { bucket, clients, environment }: Context): Promise<ComparisonFacts> {
  const folder = keys.jobConfigFolder(job);
  const [config, request, found] = await Promise.all([
    bucket.readJson(`${folder}dataset.json`, DatasetConfigSchema),
    bucket.readJson(`${folder}job.json`, TrainingRequestSchema),
    findComparison(dataset, { challenger: job, champion: champion.job }, clients.sagemaker),
  ]);
  if (config === undefined || request === undefined) throw new AppError('missing', `the settings of ${job} are not in the bucket`);
  return { champion, bucket: bucket.name, image: environment.IMAGE, roleArn: environment.JOB_ROLE_ARN, config: config.value, lineage: request.value.lineage, found };
}
