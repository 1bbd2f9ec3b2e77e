/** Dropping training files and following them to a decision. */
import { DescribeTrainingJobCommand, type DescribeTrainingJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { AttemptSchema, jobName, keys, ModelManifestSchema, parseDroppedKey, trainingJobBase, trainingSettings, VerdictSchema, type ManifestTuning, type ModelMetrics } from '@dropforest/contracts';
import { isAwsError } from '@dropforest/lambda-kit';
import { readChampion } from './champion.ts';
import type { Arguments } from './command.ts';
import { jobFailed, wrongInput } from './errors.ts';
import { findHappening } from './journal.ts';
import { followTrees } from './job-progress.ts';
import type { ApprovalStatus } from './registry.ts';
import type { Session } from './session.ts';
import { writeSettings, type Settings } from './settings.ts';
import { awaitStanding, followComparison, runningComparison } from './standing.ts';
import type { Terminal } from './terminal.ts';
import { describeDrop, dropFile, dropMarker, findFiles, type DroppedFile, type LocalFile } from './upload.ts';
import { POLL_MS, waitFor } from './wait-for.ts';

export interface TrainingOutcome {
  readonly dataset: string;
  /** What `dropforest status <dataset> <id>` follows each file by: the etag of its content. */
  readonly ids: readonly string[];
  readonly job: string;
  /** Whether the same files and settings had been trained before, so that nothing was done. */
  readonly already: boolean;
  readonly modelVersion: number;
  /** As it stands: what the gate said, or a person after it. */
  readonly decision: { readonly status: ApprovalStatus; readonly explanation: string };
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

const TERMINAL_STATES: readonly string[] = ['Completed', 'Failed', 'Stopped'];

/**
 * Drops the files and waits for the decision on their model.
 * @throws CliError exit code 2 when a file was refused, 1 when the job failed
 */
export async function trainAndFollow(dataset: string, paths: readonly string[], given: Arguments, session: Session, terminal: Terminal): Promise<TrainingOutcome> {
  const files = findFiles('train', dataset, paths);
  const settings = await writeSettings(dataset, given, session);
  const since = terminal.now();
  const dropped = await dropAll(dataset, files, settings, session);
  dropped.forEach((file) => terminal.say(describeDrop(file)));
  terminal.say(describeStart(settings));
  if (settings.areEarlier) terminal.say(`settings as before: s3://${session.bucket.name}/${keys.datasetConfig(dataset)} (change them with --set, replace them with --config)`);
  let job = await findOrRestore(dataset, dropped, settings, session, terminal);
  if (given.flag('retry')) job = await retry(dataset, job, files, settings, session, terminal);
  const already = (job.description.CreationTime?.getTime() ?? since) < since;
  const ids = dropped.map(({ etag }) => etag);
  return { ...(await follow(dataset, job, already, session, terminal)), ids };
}

async function dropAll(dataset: string, files: readonly LocalFile[], { config }: Settings, session: Session): Promise<readonly DroppedFile[]> {
  const dropped: DroppedFile[] = [];
  for (const file of files) dropped.push(await dropFile(file, session));
  if (config.startOn === '_SUCCESS') await dropMarker(dataset, session);
  return dropped;
}

function describeStart({ config: { startOn, quietSeconds } }: Settings): string {
  if (startOn === '_SUCCESS') return 'dropped _SUCCESS beside them, which starts the training';
  return quietSeconds > 0 ? `training starts when no new file has come for ${quietSeconds} s` : 'training starts at once';
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
    if (['ignored', 'marker'].includes(parseDroppedKey(key).kind)) continue;
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
  return findJob(dataset, await dropAll(dataset, files, settings, session), settings, session, terminal);
}

async function follow(dataset: string, { base, attempt, description }: FoundJob, already: boolean, session: Session, terminal: Terminal): Promise<Omit<TrainingOutcome, 'ids'>> {
  const job = jobName(base, attempt);
  const isOver = TERMINAL_STATES.includes(description.TrainingJobStatus ?? '');
  terminal.say(already ? `the same files and settings are training job ${job}${isOver ? ', which has ended: nothing to do' : ''}` : `training job ${job}`);
  const status = isOver ? description.TrainingJobStatus : await waitForJob(job, session, terminal);
  if (status !== 'Completed') throw await failure(dataset, job, already, session, terminal);
  const { modelVersion, metrics, modelPackageArn } = (await awaitRegistration(dataset, job, session, terminal)).detail;
  const { predicts, ...decision } = await awaitStanding(dataset, { version: modelVersion, modelPackageArn }, session, terminal);
  terminal.say(`model version ${modelVersion}: ${decision.explanation}`);
  if (predicts) terminal.say(`model version ${modelVersion} predicts from now on`);
  const { target, task, classes, tuning, notes } = await readManifest(dataset, job, session);
  notes.forEach((note) => terminal.say(note));
  return { dataset, job, already, modelVersion, decision, metrics, target, task, classes, tuning, notes, report: keys.modelFile(dataset, job, 'report.html') };
}

/** A model is told of once the gate has spoken, which may take a comparison with a champion that came meanwhile. */
function awaitRegistration(dataset: string, job: string, session: Session, terminal: Terminal) {
  const tell = followComparison(terminal);
  return waitFor(async () => {
    const registered = await findHappening('ModelRegistered', dataset, [job], session);
    if (registered !== undefined) return registered;
    const champion = await readChampion(dataset, session);
    const comparison = await runningComparison(dataset, job, champion, session);
    return comparison === undefined ? undefined : tell(comparison, champion);
  }, terminal);
}

/** @throws CliError where a finished job has left no manifest */
async function readManifest(dataset: string, job: string, { bucket }: Session) {
  const manifest = await bucket.readJson(keys.modelFile(dataset, job, 'manifest.json'), ModelManifestSchema);
  if (manifest === undefined) throw jobFailed(`${job} has left no manifest`, 'Train again');
  return manifest.value;
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
