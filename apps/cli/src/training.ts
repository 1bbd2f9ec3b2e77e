/** Dropping training files and following them to a decision. */
import { DescribeTrainingJobCommand, type DescribeTrainingJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { AttemptSchema, ChampionSchema, jobName, keys, ModelManifestSchema, parseDroppedKey, trainingJobBase, trainingSettings, VerdictSchema, type ManifestTuning, type ModelMetrics } from '@dropforest/contracts';
import { isAwsError } from '@dropforest/lambda-kit';
import type { Arguments } from './command.ts';
import { jobFailed, wrongInput } from './errors.ts';
import { findHappening } from './journal.ts';
import { followTrees } from './job-progress.ts';
import type { Session } from './session.ts';
import { writeSettings, type Settings } from './settings.ts';
import type { Terminal } from './terminal.ts';
import { dropFile, findFiles, type DroppedFile, type LocalFile } from './upload.ts';

export interface TrainingOutcome {
  readonly dataset: string;
  readonly job: string;
  /** Whether the same files and settings had been trained before, so that nothing was done. */
  readonly already: boolean;
  readonly modelVersion: number;
  readonly decision: { readonly status: string; readonly explanation: string };
  readonly metrics: ModelMetrics;
  /** What is predicted, and as what: said aloud where it was inferred. */
  readonly target: string;
  readonly task: string;
  readonly classes?: readonly string[] | undefined;
  /** What was tried where settings were left to the algorithm. */
  readonly tuning?: ManifestTuning | undefined;
  readonly notes: readonly string[];
  /** Key in the bucket. */
  readonly report: string;
}

interface FoundJob {
  readonly base: string;
  readonly attempt: number;
  readonly description: DescribeTrainingJobCommandOutput;
}

const POLL_MS = 150;
const NOTICE_MS = 30_000;
const TERMINAL_STATES: readonly string[] = ['Completed', 'Failed', 'Stopped'];

/**
 * Drops the files and waits for the decision on their model.
 * @throws CliError exit code 2 when a file was refused, 1 when the job failed
 */
export async function trainAndFollow(dataset: string, paths: readonly string[], given: Arguments, session: Session, terminal: Terminal): Promise<TrainingOutcome> {
  const files = findFiles('train', dataset, paths);
  const settings = await writeSettings(dataset, given, session);
  const since = terminal.now();
  const dropped = await dropAll(files, session);
  terminal.say(`dropped ${dropped.map(({ key }) => key).join(', ')}`);
  if (settings.config.quietSeconds > 0) terminal.say(`training starts when no new file has come for ${settings.config.quietSeconds} s`);
  if (settings.areEarlier) terminal.say(`settings as before: s3://${session.bucket.name}/${keys.datasetConfig(dataset)} (change them with --set, replace them with --config)`);
  let job = await findOrRestore(dataset, dropped, settings, session, terminal);
  if (given.flag('retry')) job = await retry(dataset, job, files, settings, session, terminal);
  const already = (job.description.CreationTime?.getTime() ?? since) < since;
  return follow(dataset, job, already, session, terminal);
}

async function dropAll(files: readonly LocalFile[], session: Session): Promise<readonly DroppedFile[]> {
  const dropped: DroppedFile[] = [];
  for (const file of files) dropped.push(await dropFile(file, session));
  return dropped;
}

/** Settings with which the file was refused do not outlive the command. */
async function findOrRestore(dataset: string, dropped: readonly DroppedFile[], settings: Settings, session: Session, terminal: Terminal): Promise<FoundJob> {
  try {
    return await findJob(dataset, dropped, settings, session, terminal);
  } catch (error) {
    await settings.restore();
    throw error;
  }
}

/** Waits until the job on these files is there, or one of them was refused. */
function findJob(dataset: string, dropped: readonly DroppedFile[], settings: Settings, session: Session, terminal: Terminal): Promise<FoundJob> {
  return waitFor(() => describeExpected(dataset, dropped, settings, session), terminal);
}

/** The name of a job follows from what is in the bucket, exactly as `start-training` makes it. */
async function describeExpected(dataset: string, dropped: readonly DroppedFile[], { text, config }: Settings, session: Session): Promise<FoundJob | undefined> {
  const { bucket, clients, image } = session;
  const listed = await bucket.list(keys.dropFolder('train', dataset));
  const files: { key: string; etag: string }[] = [];
  for (const { key, etag } of listed) {
    if (parseDroppedKey(key).kind === 'ignored') continue;
    const name = key.slice(keys.dropFolder('train', dataset).length);
    const verdict = (await bucket.readJson(keys.verdict('train', dataset, name, etag), VerdictSchema))?.value;
    const isCurrent = verdict?.settings === trainingSettings(text) || verdict?.settings === '';
    if (verdict === undefined || !isCurrent) files.push({ key, etag });
    else if (dropped.some((file) => file.key === key && file.etag === etag)) throw refused(key, verdict.problem);
  }
  const base = trainingJobBase(dataset, { files, config, image });
  const attempt = (await bucket.readJson(keys.jobAttempt(base), AttemptSchema))?.value.attempt ?? 1;
  try {
    return { base, attempt, description: await clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: jobName(base, attempt) })) };
  } catch (error) {
    if (isAwsError(error, 'ValidationException', 'ResourceNotFound')) return undefined;
    throw error;
  }
}

/** A file was refused at the door: exit code 2. */
export function refused(key: string, problem: { readonly code: string; readonly message: string; readonly remedy: string }) {
  return wrongInput(`${key} was refused: ${problem.message}`, problem.remedy, { key, problem });
}

/** A retry raises the attempt, which is part of the job's name, and drops the files again. */
async function retry(dataset: string, { base, attempt, description }: FoundJob, files: readonly LocalFile[], settings: Settings, session: Session, terminal: Terminal): Promise<FoundJob> {
  const status = description.TrainingJobStatus ?? '';
  if (!['Failed', 'Stopped'].includes(status)) return { base, attempt, description };
  const next = attempt + 1;
  await session.bucket.write(keys.jobAttempt(base), `${JSON.stringify({ attempt: next })}\n`, 'application/json');
  terminal.say(`${jobName(base, attempt)} ended as ${status}; attempt ${next}`);
  return findJob(dataset, await dropAll(files, session), settings, session, terminal);
}

async function follow(dataset: string, { base, attempt, description }: FoundJob, already: boolean, session: Session, terminal: Terminal): Promise<TrainingOutcome> {
  const job = jobName(base, attempt);
  const isOver = TERMINAL_STATES.includes(description.TrainingJobStatus ?? '');
  terminal.say(already ? `the same files and settings are training job ${job}${isOver ? ', which has ended: nothing to do' : ''}` : `training job ${job}`);
  const status = isOver ? description.TrainingJobStatus : await waitForJob(job, session, terminal);
  if (status !== 'Completed') throw await failure(dataset, job, already, session, terminal);
  const registered = await waitFor(() => findHappening('ModelRegistered', dataset, [job], session), terminal);
  const { modelVersion, decision, metrics, modelPackageArn } = registered.detail;
  terminal.say(`model version ${modelVersion}: ${decision.explanation}`);
  if (decision.status === 'Approved') {
    await waitFor(() => isPromoted(dataset, modelVersion, modelPackageArn, session), terminal);
    terminal.say(`model version ${modelVersion} predicts from now on`);
  }
  const { target, task, classes, tuning, notes } = await readManifest(dataset, job, session);
  notes.forEach((note) => terminal.say(note));
  return { dataset, job, already, modelVersion, decision, metrics, target, task, classes, tuning, notes, report: keys.modelFile(dataset, job, 'report.html') };
}

/** @throws CliError where a finished job has left no manifest */
async function readManifest(dataset: string, job: string, { bucket }: Session) {
  const manifest = await bucket.readJson(keys.modelFile(dataset, job, 'manifest.json'), ModelManifestSchema);
  if (manifest === undefined) throw jobFailed(`${job} has left no manifest`, 'Train again');
  return manifest.value;
}

/** A newer model may have taken over meanwhile; that counts too. */
async function isPromoted(dataset: string, version: number, arn: string, session: Session): Promise<true | undefined> {
  const champion = (await session.bucket.readJson(keys.champion(dataset), ChampionSchema))?.value;
  if (champion === undefined || champion.version < version) return undefined;
  if (champion.version > version) return true;
  return (await findHappening('ModelPromoted', dataset, [arn], session)) === undefined ? undefined : true;
}

async function waitForJob(job: string, session: Session, terminal: Terminal): Promise<string> {
  const progress = followTrees(job, session, terminal);
  for (;;) {
    const { TrainingJobStatus: status = '' } = await session.clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: job }));
    if (TERMINAL_STATES.includes(status)) return status;
    await progress();
    await terminal.sleep(POLL_MS);
  }
}

async function failure(dataset: string, job: string, already: boolean, session: Session, terminal: Terminal) {
  const { detail } = await waitFor(() => findHappening('TrainingFailed', dataset, [job], session), terminal);
  const remedy = already ? 'Change the file or the settings, or run the same job once more with --retry' : detail.remedy;
  return jobFailed(`training job ${job} ended as ${detail.status}: ${detail.reason}`, remedy, { job, status: detail.status, reason: detail.reason });
}

/** Polls until `look` finds something, and says so when that takes long. */
export async function waitFor<T>(look: () => Promise<T | undefined>, terminal: Terminal): Promise<T> {
  let nextNotice = terminal.now() + NOTICE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (terminal.now() >= nextNotice) {
      terminal.say('still waiting; Ctrl-C leaves everything as it is, and dropforest status says how it stands');
      nextNotice += NOTICE_MS;
    }
    await terminal.sleep(POLL_MS);
  }
}
