/**
 * A finished training job becomes a SageMaker model, a model package version and a decision. Where another model
 * predicts than the one it was compared with, a job of its own compares them first, and its end brings the decision. A
 * job that failed or was stopped becomes an event that says why and what to do.
 */
import { DescribeTrainingJobCommand, type DescribeTrainingJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { keys, parseJobName, TrainingJobStateChangeSchema, TrainingRequestSchema, type JobName, type TrainingJobStateChange } from '@dropforest/contracts';
import { RetryLater, settle, type App, type AppContext } from '@dropforest/lambda-kit';
import { z } from 'zod';
import { gatherApproval } from './approval-facts.ts';
import { decideApproval } from './decide.ts';
import { decideFailure, type FailureFacts } from './decide-failure.ts';
import { register } from './register.ts';

const EnvironmentSchema = z.object({
  /** The container image that compares models. */
  IMAGE: z.string().min(1),
  /** The role that SageMaker jobs and models run as. */
  JOB_ROLE_ARN: z.string().min(1),
});
type Environment = z.output<typeof EnvironmentSchema>;
type Context = AppContext<Environment>;

export const registerModel: App<TrainingJobStateChange, Environment> = {
  name: 'register-model',
  event: TrainingJobStateChangeSchema,
  environment: EnvironmentSchema,
  async handle({ detail: { TrainingJobName: jobName } }, context) {
    const name = parseJobName(jobName);
    if (name === undefined) return;
    // The event may be old: the job itself says how it stands.
    const job = await context.clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: jobName }));
    if (!isOurs(job, context)) return;
    const request = await context.bucket.readJson(`${keys.jobConfigFolder(jobName)}job.json`, TrainingRequestSchema);
    if (request === undefined) return;
    if (job.TrainingJobStatus !== 'Completed' && job.TrainingJobStatus !== 'Failed' && job.TrainingJobStatus !== 'Stopped') {
      // The rule lets only ended jobs through, so the event has overtaken what the service says.
      throw new RetryLater(10, `${jobName} is said to be ${job.TrainingJobStatus ?? 'unknown'}`);
    }
    const { compare } = request.value;
    if (compare !== undefined) return decide(name.dataset, compare.challenger, context);
    if (job.TrainingJobStatus !== 'Completed') return settle(() => failureFacts(name, job, context), decideFailure, context);
    await register(name, job, context.environment.JOB_ROLE_ARN, context);
    return decide(name.dataset, jobName, context);
  },
};

/** Another stack in the account may call its jobs like ours. */
function isOurs({ OutputDataConfig }: DescribeTrainingJobCommandOutput, { bucket }: Context): boolean {
  return OutputDataConfig?.S3OutputPath?.startsWith(`s3://${bucket.name}/`) === true;
}

/** However a comparison ended, the model that it was for is looked at again. */
async function decide(dataset: string, job: string, context: Context): Promise<void> {
  await settle(() => gatherApproval(dataset, job, context), (facts) => (facts === undefined ? [] : decideApproval(facts)), context);
}

async function failureFacts({ dataset }: JobName, job: DescribeTrainingJobCommandOutput, { bucket, now }: Context): Promise<FailureFacts> {
  const name = job.TrainingJobName ?? '';
  return {
    dataset,
    job: name,
    status: job.TrainingJobStatus === 'Stopped' ? 'Stopped' : 'Failed',
    secondaryStatus: job.SecondaryStatus ?? '',
    reason: job.FailureReason,
    hasModel: (await bucket.head(keys.modelArtifact(name))) !== undefined,
    now: now(),
  };
}
