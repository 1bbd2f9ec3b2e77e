/**
 * A finished training job becomes a SageMaker model, a model package version and a decision. A job that failed or was
 * stopped becomes an event that says why and what to do.
 */
import { DescribeModelPackageCommand, DescribeTrainingJobCommand, type DescribeTrainingJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { DatasetConfigSchema, keys, ModelManifestSchema, parseJobName, TrainingJobStateChangeSchema, type JobName, type TrainingJobStateChange } from '@dropforest/contracts';
import { AppError, RetryLater, settle, type App, type AppContext } from '@dropforest/lambda-kit';
import { z } from 'zod';
import { decideApproval, decideFailure, type ApprovalFacts } from './decide.ts';
import { register } from './register.ts';

const EnvironmentSchema = z.object({
  /** The role that SageMaker models run as. */
  JOB_ROLE_ARN: z.string().min(1),
});
type Environment = z.output<typeof EnvironmentSchema>;
type Context = AppContext<Environment>;

export const registerModel: App<TrainingJobStateChange, Environment> = {
  name: 'register-model',
  event: TrainingJobStateChangeSchema,
  environment: EnvironmentSchema,
  async handle(event, context) {
    const name = parseJobName(event.detail.TrainingJobName);
    if (name === undefined) return;
    // The event may be old: the job itself says how it stands.
    const job = await context.clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: event.detail.TrainingJobName }));
    switch (job.TrainingJobStatus) {
      case 'Completed':
        return registerAndDecide(name, job, context);
      case 'Failed':
      case 'Stopped':
        return settle(async () => failureFacts(name, job, context), decideFailure, context);
      default:
        // The rule lets only ended jobs through, so the event has overtaken what the service says.
        throw new RetryLater(10, `${event.detail.TrainingJobName} is said to be ${job.TrainingJobStatus ?? 'unknown'}`);
    }
  },
};

async function registerAndDecide(name: JobName, job: DescribeTrainingJobCommandOutput, context: Context): Promise<void> {
  const registration = await register(name, job, context.environment.JOB_ROLE_ARN, context);
  const gather = async (): Promise<ApprovalFacts> => {
    const [config, manifest, modelPackage] = await Promise.all([
      context.bucket.readJson(`${keys.jobConfigFolder(registration.job)}dataset.json`, DatasetConfigSchema),
      context.bucket.readJson(keys.modelFile(name.dataset, registration.job, 'manifest.json'), ModelManifestSchema),
      context.clients.sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: registration.modelPackageArn })),
    ]);
    if (config === undefined || manifest === undefined) throw new AppError('missing', `the settings or the manifest of ${registration.job} are not in the bucket`);
    const { gate, approval } = config.value;
    return {
      dataset: name.dataset,
      registration,
      metrics: manifest.value.metrics,
      gate,
      approval,
      status: modelPackage.ModelApprovalStatus ?? 'PendingManualApproval',
      explanation: modelPackage.ApprovalDescription,
      now: context.now(),
    };
  };
  await settle(gather, decideApproval, context);
}

function failureFacts({ dataset }: JobName, job: DescribeTrainingJobCommandOutput, { now }: Context) {
  return {
    dataset,
    job: job.TrainingJobName ?? '',
    status: job.TrainingJobStatus === 'Stopped' ? ('Stopped' as const) : ('Failed' as const),
    secondaryStatus: job.SecondaryStatus ?? '',
    reason: job.FailureReason,
    now: now(),
  };
}
