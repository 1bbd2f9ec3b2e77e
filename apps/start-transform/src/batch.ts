/**
 * A batch of files becomes one transform job. Every step may be done twice, and by two at once: the copies, the list of
 * the files that the job is meant for, a claim for each file, the manifest of those that were won, a place, the job.
 */
import { jobName, keys, predictionSettings, transformJobBase, TransformSourceSchema, VerdictSchema, type Champion, type ModelManifest, type TransformFile, type TransformSource } from '@dropforest/contracts';
import { AppError, carryOut, FactsChanged, inChunks, settle, type AppContext, type Bucket } from '@dropforest/lambda-kit';
import { z } from 'zod';
import { chooseFiles, type OpenFile } from './backlog.ts';
import { readManifest } from './champion.ts';
import { claimFiles } from './claims.ts';
import { decideJob, refuseFile, type InspectedFile } from './decide.ts';
import { inspectFile } from './door.ts';
import type { Environment } from './environment.ts';
import { jobState, readSlots } from './slots.ts';
import { takeSnapshots } from './snapshots.ts';
import { inputManifest } from './transform-job.ts';

type Context = AppContext<Environment>;

/** Who asks for files to be predicted, with which model. */
export interface Request {
  readonly dataset: string;
  readonly champion: Champion;
  /** Key of the file whose arrival is handled; `undefined` where no file's is. */
  readonly asking: string | undefined;
}

/**
 * Starts a job on as many of the files as one takes, and refuses those that cannot be predicted.
 * @throws FactsChanged when the file that asks was changed or claimed meanwhile
 */
export async function startBatch(request: Request, open: readonly OpenFile[], context: Context): Promise<void> {
  const { dataset, champion, asking } = request;
  const { bucket, now } = context;
  const chosen = chooseFiles(open, asking);
  const manifest = await readManifest(dataset, champion, bucket);
  const inspected = await inChunks(chosen, async (file) => ({ file, ...(await inspectOpen(dataset, file, champion, manifest, bucket)) }));
  await carryOut(inspected.flatMap(({ inspection }) => (inspection === undefined ? [] : refuseFile(inspection, now()))), context);
  const good = inspected.flatMap(({ file, inspection }) => (inspection !== undefined && inspection.problem === undefined ? [file] : []));
  const files = await takeSnapshots(dataset, good, bucket);
  if (asking !== undefined && !files.some(({ key }) => key === asking)) throw new FactsChanged(asking);
  if (files.length === 0) return;
  await startJob(await writeSource(request, files, context), asking, context);
}

/** Starts the job of a source that was written, now or by somebody who did not come to the end. */
export async function startJob(source: TransformSource, asking: string | undefined, context: Context): Promise<void> {
  const { bucket, clients, environment, now, receiveCount } = context;
  const files = (await listedFiles(source, bucket)) ?? (await claimFiles(source, asking, bucket));
  const facts = async () => ({ source, files, slots: await readSlots(environment.MAX_TRANSFORM_JOBS, bucket, clients.sagemaker), receiveCount, bucket: bucket.name, now: now() });
  await settle(facts, decideJob, context);
}

/** Files that were refused under the champion before are left out. */
export async function withoutRefused({ dataset, champion, asking }: Request, open: readonly OpenFile[], bucket: Bucket): Promise<readonly OpenFile[]> {
  const settings = predictionSettings(champion.job);
  const isOpen = await inChunks(open, async ({ file, key, etag, hasVerdict }) => {
    if (!hasVerdict || key === asking) return true;
    return (await bucket.readJson(keys.verdict('predict', dataset, file, etag), VerdictSchema))?.value.settings !== settings;
  });
  return open.filter((_, index) => isOpen[index]);
}

/** Nothing where the file is no longer what was listed. */
async function inspectOpen(dataset: string, { file, ...object }: OpenFile, { job, version }: Champion, manifest: ModelManifest, bucket: Bucket): Promise<{ inspection: InspectedFile | undefined }> {
  try {
    const problem = await inspectFile(object, { version, manifest }, bucket);
    return { inspection: { dataset, file, object, problem, settings: predictionSettings(job) } };
  } catch (error) {
    if (error instanceof FactsChanged) return { inspection: undefined };
    throw error;
  }
}

/** What the job is meant for; what is there already under its name is the same. */
async function writeSource({ dataset, champion }: Request, files: readonly TransformFile[], { bucket, clients, now }: Context): Promise<TransformSource> {
  const { model: name, version, modelPackageArn } = champion;
  const base = transformJobBase(dataset, { files, model: name });
  let attempt = Math.max(...files.map((file) => file.attempt));
  // A name is used up for good: one that is taken although nobody claims the files had its results deleted.
  while ((await jobState(jobName(base, attempt), clients.sagemaker)) !== 'not-found') attempt += 1;
  const inOrder = files.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const source: TransformSource = { dataset, job: jobName(base, attempt), model: { name, version, modelPackageArn }, files: inOrder, at: new Date(now()).toISOString() };
  try {
    await bucket.write(keys.transformSource(source.job), `${JSON.stringify(source, undefined, 2)}\n`, 'application/json', { ifAbsent: true });
    return source;
  } catch (error) {
    if (!(error instanceof FactsChanged)) throw error;
    return readSource(source.job, bucket);
  }
}

/** @throws AppError `missing` */
export async function readSource(job: string, bucket: Bucket): Promise<TransformSource> {
  const source = await bucket.readJson(keys.transformSource(job), TransformSourceSchema);
  if (source === undefined) throw new AppError('missing', `${keys.transformSource(job)}, which says what ${job} is of, is not there`);
  return source.value;
}

/** The files of the job's manifest, which is written once every file has a claim. */
export async function listedFiles(source: TransformSource, bucket: Bucket): Promise<readonly TransformFile[] | undefined> {
  const found = await bucket.readJson(keys.inputManifest(source.job), z.array(z.json()));
  if (found === undefined) return undefined;
  const listed = new Set(found.value);
  return source.files.filter((file) => listed.has(inputManifest(source.dataset, [file], bucket.name)[1] ?? ''));
}
