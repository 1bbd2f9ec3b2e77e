/**
 * What an ended transform job wrote becomes `results/<dataset>/<file>/<etag>/predictions.csv` with a receipt beside it,
 * for each of its files; one that failed is told of by itself. The rows themselves are copied on the server side; their
 * counts come from the container's log.
 */
import { DescribeTransformJobCommand, type DescribeTransformJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { ClaimSchema, keys, parseJobName, ReceiptSchema, TransformJobStateChangeSchema, TransformSourceSchema, type TransformFile, type TransformJobStateChange, type TransformSource } from '@dropforest/contracts';
import { carryOut, inChunks, RetryLater, untilUnchanged, type App, type AppContext, type ObjectHead } from '@dropforest/lambda-kit';
import { z } from 'zod';
import { decideFiles, isIncomplete, secondsToWaitForLog, type EndedJob, type FileFacts } from './decide.ts';
import { readBatchCounts, readDataLog, reasonOf, type BatchCounts } from './job-log.ts';
import { outputOf } from './outputs.ts';

const EnvironmentSchema = z.object({});
type Context = AppContext<z.output<typeof EnvironmentSchema>>;

/** As many events go to the bus in one request. */
const FILES_TOGETHER = 10;

export const publishResults: App<TransformJobStateChange, z.output<typeof EnvironmentSchema>> = {
  name: 'publish-results',
  event: TransformJobStateChangeSchema,
  environment: EnvironmentSchema,
  async handle({ detail: { TransformJobName } }, context) {
    if (parseJobName(TransformJobName) === undefined) return;
    const source = await context.bucket.readJson(keys.transformSource(TransformJobName), TransformSourceSchema);
    if (source === undefined) return;
    // The event may be old: the job itself says how it stands.
    const job = await context.clients.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName }));
    const { TransformJobStatus: status } = job;
    // The rule lets only ended jobs through, so the event has overtaken what the service says.
    if (status !== 'Completed' && status !== 'Failed' && status !== 'Stopped') throw new RetryLater(10, `${TransformJobName} is said to be ${status ?? 'unknown'}`);
    await publish(endedJob(source.value, status, job, context), context);
  },
};

function endedJob(source: TransformSource, status: EndedJob['status'], job: DescribeTransformJobCommandOutput, { now, receiveCount }: Context): EndedJob {
  return {
    source,
    status,
    reason: job.FailureReason ?? `the job was ${status === 'Stopped' ? 'stopped' : 'ended'}`,
    startedAt: job.TransformStartTime?.toISOString() ?? source.at,
    endedAt: job.TransformEndTime?.toISOString() ?? new Date(now()).toISOString(),
    receiveCount,
    now: now(),
  };
}

/** @throws RetryLater when the log does not say everything yet; what it says is published by then */
async function publish(job: EndedJob, context: Context): Promise<void> {
  const { files } = job.source;
  const records = recordsOf(job, context);
  const groups = Array.from({ length: Math.ceil(files.length / FILES_TOGETHER) }, (_, index) => files.slice(index * FILES_TOGETHER, (index + 1) * FILES_TOGETHER));
  const incomplete = await inChunks(groups, (group) =>
    untilUnchanged(async () => {
      const facts = await Promise.all(group.map((file) => gather(job, file, records, context)));
      await carryOut(decideFiles({ ...job, now: context.now() }, facts), context);
      return isIncomplete(job, facts);
    }),
  );
  if (incomplete.some((is) => is)) throw new RetryLater(secondsToWaitForLog(job), `the output or the log of ${job.source.job} is not there yet`);
}

async function gather({ source: { dataset, job } }: EndedJob, file: TransformFile, records: Records, { bucket }: Context): Promise<FileFacts> {
  const [claim, receipt] = await Promise.all([
    bucket.readJson(keys.claim(dataset, file.file, file.etag), ClaimSchema),
    bucket.readJson(keys.receipt(dataset, file.file, file.etag), ReceiptSchema),
  ]);
  const known = { file, isCurrent: claim?.value.job === job, receipt: receipt?.value };
  if (!known.isCurrent || receipt !== undefined) return { ...known, output: undefined, counts: undefined, told: undefined };
  const output = outputOf(file, await records.outputs());
  if (output !== undefined) return { ...known, output, counts: (await records.counts()).get(file.sha256), told: undefined };
  return { ...known, output, counts: undefined, told: reasonOf(file, bucket.name, await records.dataLog()) };
}

/** What the job left behind, read when first asked for and then once. */
interface Records {
  outputs(): Promise<readonly ObjectHead[]>;
  counts(): Promise<ReadonlyMap<string, BatchCounts>>;
  dataLog(): Promise<readonly string[]>;
}

function recordsOf({ source: { job }, status }: EndedJob, { bucket, clients }: Context): Records {
  return {
    outputs: once(async () => (await bucket.list(keys.jobOutputFolder(job))).filter(({ key }) => key.endsWith('.out'))),
    counts: once(() => readBatchCounts(clients.logs, job)),
    dataLog: once(async () => (status === 'Failed' ? readDataLog(clients.logs, job) : [])),
  };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => (reading ??= read());
}
