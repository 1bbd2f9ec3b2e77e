/** Files under `predict/` that have no result, and what is done about each. */
import { SendMessageCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { ClaimSchema, digest, keys, parseDroppedKey, VerdictSchema, type S3ObjectCreated, type TransformJobStateChange } from '@dropforest/contracts';
import { LOCAL, localWiring } from '@dropforest/infra';
import { inChunks, type ObjectHead } from '@dropforest/lambda-kit';
import { askAgain } from './ask-again.ts';
import { readChampion } from './champion.ts';
import { findHappening } from './journal.ts';
import { isCurrent } from './prediction.ts';
import { decideReplay, type ClaimedJobStatus, type ClaimFacts, type ReplayDecision } from './replay.ts';
import type { Session } from './session.ts';
import { describeTransformJob } from './transform-job.ts';

/** A file to predict and what is to be done about it. */
export interface BacklogFile extends ReplayDecision {
  readonly dataset: string;
  /** Its name below the data set's folder. */
  readonly file: string;
  readonly object: ObjectHead;
  /** The transform job that its claim names. */
  readonly job: string | undefined;
}

type DroppedFile = Pick<BacklogFile, 'dataset' | 'file' | 'object'>;

/** Every file of the data set, or of all of them, with what is to be done about it. */
export async function readBacklog(dataset: string | undefined, session: Session): Promise<readonly BacklogFile[]> {
  const listed = await session.bucket.list(dataset === undefined ? 'predict/' : keys.dropFolder('predict', dataset));
  const dropped = listed.flatMap((object): DroppedFile[] => {
    const parsed = parseDroppedKey(object.key);
    return parsed.kind === 'file' || parsed.kind === 'refused' ? [{ dataset: parsed.dataset, file: parsed.file, object }] : [];
  });
  const backlog: BacklogFile[] = [];
  for (const [name, files] of Map.groupBy(dropped, (file) => file.dataset)) backlog.push(...(await readDataset(name, files, session)));
  return backlog;
}

async function readDataset(dataset: string, files: readonly DroppedFile[], session: Session): Promise<readonly BacklogFile[]> {
  const records = new Set((await session.bucket.list(keys.resultFolder(dataset))).map(({ key }) => key));
  const champion = await readChampion(dataset, session);
  const lookAt = jobReader(session);
  return inChunks(files, async ({ file, object }) => {
    const { etag } = object;
    const hasReceipt = records.has(keys.receipt(dataset, file, etag));
    const claimed = !hasReceipt && records.has(keys.claim(dataset, file, etag)) ? await readClaim(dataset, file, object, lookAt, session) : undefined;
    const verdict = hasReceipt || claimed !== undefined ? undefined : (await session.bucket.readJson(keys.verdict('predict', dataset, file, etag), VerdictSchema))?.value;
    const refusal = verdict !== undefined && isCurrent(verdict, champion?.job) ? verdict.problem.message : undefined;
    const decision = decideReplay({ hasReceipt, refusal, hasChampion: champion !== undefined, claimed });
    return { dataset, file, object, job: claimed?.job, ...decision };
  });
}

async function readClaim(dataset: string, file: string, { key, etag }: ObjectHead, lookAt: JobReader, session: Session): Promise<ClaimFacts | undefined> {
  const claim = (await session.bucket.readJson(keys.claim(dataset, file, etag), ClaimSchema))?.value;
  if (claim === undefined) return undefined;
  const { job } = claim;
  const [{ status, outputs }, failed] = await Promise.all([lookAt(job), findHappening('PredictionFailed', dataset, [job, key], session)]);
  return { job, status, hasOutput: outputs.some((output) => output.key.endsWith(`/${etag}/${file}.out`)), hasFailed: failed !== undefined };
}

/** How a transform job stands and what it has written. */
type JobReader = (job: string) => Promise<{ readonly status: ClaimedJobStatus; readonly outputs: readonly ObjectHead[] }>;

/** Asks once for each job: a thousand files may share one. */
function jobReader(session: Session): JobReader {
  const known = new Map<string, ReturnType<JobReader>>();
  const read: JobReader = async (job) => {
    const [found, written] = await Promise.all([describeTransformJob(job, session), session.bucket.list(keys.jobOutputFolder(job))]);
    return { status: found?.TransformJobStatus ?? 'Missing', outputs: written };
  };
  return (job) => {
    const asked = known.get(job) ?? read(job);
    known.set(job, asked);
    return asked;
  };
}

/** Does what was decided, and leaves the rest as it is. Files that share an ended job are published by one message. */
export async function replayFiles(files: readonly BacklogFile[], now: number, session: Session): Promise<void> {
  const [toStart, toPublish] = await Promise.all([senderTo('start-transform', session), senderTo('publish-results', session)]);
  await inChunks(files, async ({ dataset, file, object, action }) => {
    if (action === 'ask-again') await askAgain(dataset, { file, etag: object.etag }, session);
    if (action === 'ask-again' || action === 'send') await toStart(objectCreated(object, session.bucket.name, now));
  });
  const ended = new Set(files.flatMap(({ action, job }) => (action === 'publish' && job !== undefined ? [job] : [])));
  await inChunks([...ended], (job) => toPublish(transformJobEnded(job, now)));
}

async function senderTo(name: string, { clients }: Session): Promise<(event: object) => Promise<unknown>> {
  const queue = localWiring().functions.find((one) => one.name === name)?.queue;
  if (queue === undefined) throw new RangeError(`the definition has no function ${name}`);
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
  return (event) => clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
}

/** The event that S3 sent when the file was dropped, as far as anybody reads it. */
export function objectCreated({ key, etag, size, lastModified }: ObjectHead, bucket: string, now: number): S3ObjectCreated {
  const detail = { bucket: { name: bucket }, object: { key, size, etag } };
  return { ...envelope(lastModified, { key, etag, now }), source: 'aws.s3', 'detail-type': 'Object Created', detail };
}

/** The event that SageMaker sent when the job ended, as far as anybody reads it: how it ended is asked of the job itself. */
function transformJobEnded(job: string, now: number): TransformJobStateChange {
  const detail = { TransformJobName: job, TransformJobStatus: 'Completed' as const };
  return { ...envelope(now, { job, now }), source: 'aws.sagemaker', 'detail-type': 'SageMaker Transform Job State Change', detail };
}

function envelope(time: number, told: object) {
  return { id: `replay-${digest(told)}`, account: LOCAL.account, region: LOCAL.region, time: new Date(time).toISOString() };
}
