/**
 * A finished transform job becomes `results/<dataset>/<file>/<etag>/predictions.csv` with a receipt beside it. The rows
 * themselves are copied on the server side; their counts come from the container's log.
 */
import { DescribeTransformJobCommand, type DescribeTransformJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { ClaimSchema, keys, parseJobName, ReceiptSchema, TransformJobStateChangeSchema, type Claim, type TransformJobStateChange } from '@dropforest/contracts';
import { RetryLater, settle, type App, type AppContext } from '@dropforest/lambda-kit';
import { z } from 'zod';
import { decideFailure, decidePublication, type FailureFacts, type PublicationFacts } from './decide.ts';
import { readBatchCounts, readFailure } from './job-log.ts';

const EnvironmentSchema = z.object({});
type Context = AppContext<z.output<typeof EnvironmentSchema>>;

export const publishResults: App<TransformJobStateChange, z.output<typeof EnvironmentSchema>> = {
  name: 'publish-results',
  event: TransformJobStateChangeSchema,
  environment: EnvironmentSchema,
  async handle({ detail: { TransformJobName } }, context) {
    if (parseJobName(TransformJobName) === undefined) return;
    const source = await context.bucket.readJson(keys.transformSource(TransformJobName), ClaimSchema);
    if (source === undefined) return;
    // The event may be old: the job itself says how it stands.
    const job = await context.clients.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName }));
    switch (job.TransformJobStatus) {
      case 'Completed':
        return settle(() => gather(source.value, job, context), decidePublication, context);
      case 'Failed':
      case 'Stopped':
        return settle(() => failureFacts(source.value, job, context), decideFailure, context);
      default:
        // The rule lets only ended jobs through, so the event has overtaken what the service says.
        throw new RetryLater(10, `${TransformJobName} is said to be ${job.TransformJobStatus ?? 'unknown'}`);
    }
  },
};

async function gather(claim: Claim, job: DescribeTransformJobCommandOutput, { bucket, clients, now, receiveCount }: Context): Promise<PublicationFacts> {
  const { dataset, file, etag } = claim;
  const [current, receipt] = await Promise.all([
    bucket.readJson(keys.claim(dataset, file, etag), ClaimSchema),
    bucket.readJson(keys.receipt(dataset, file, etag), ReceiptSchema),
  ]);
  const outputs = receipt === undefined ? (await bucket.list(keys.jobOutputFolder(claim.job))).filter(({ key }) => key.endsWith('.out')) : [];
  const counts = receipt === undefined ? await readBatchCounts(clients.logs, claim.job) : undefined;
  return {
    claim,
    isCurrent: current?.value.job === claim.job,
    receipt: receipt?.value,
    outputs,
    counts,
    receiveCount,
    startedAt: job.TransformStartTime?.toISOString() ?? claim.at,
    endedAt: job.TransformEndTime?.toISOString() ?? new Date(now()).toISOString(),
    now: now(),
  };
}

async function failureFacts(claim: Claim, job: DescribeTransformJobCommandOutput, { clients, now, receiveCount }: Context): Promise<FailureFacts> {
  const status = job.FailureReason ?? `the job was ${job.TransformJobStatus === 'Stopped' ? 'stopped' : 'ended'}`;
  return { claim, status, told: await readFailure(clients.logs, claim.job), isFailed: job.TransformJobStatus === 'Failed', receiveCount, now: now() };
}
