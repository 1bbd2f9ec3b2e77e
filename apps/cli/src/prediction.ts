/** Dropping files to predict and following them to their results. */
import { ClaimSchema, keys, predictionSettings, ReceiptSchema, VerdictSchema, type Receipt, type Verdict } from '@dropforest/contracts';
import { askAgain } from './ask-again.ts';
import { readChampion } from './champion.ts';
import { CliError, jobFailed, wrongInput } from './errors.ts';
import { findHappening } from './journal.ts';
import { listVersions } from './registry.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';
import { refused } from './training.ts';
import { describeDrop, dropFile, findFiles, type DroppedFile } from './upload.ts';
import { waitFor } from './wait-for.ts';

export interface PredictionOutcome {
  readonly file: string;
  /** What `dropforest status <dataset> <id>` follows the file by: the etag of its content. */
  readonly id: string;
  /** Whether the same content had been predicted before, so that nothing was done. */
  readonly already: boolean;
  readonly receipt: Receipt;
}

/**
 * Drops the files and waits for every result.
 * @param again ask for results anew: after a failure, or of a newer model
 * @throws CliError exit code 2 when a file was refused or there is no model, 1 when a job failed; the first that ended so
 */
export async function predictAndFollow(dataset: string, paths: readonly string[], again: boolean, session: Session, terminal: Terminal): Promise<readonly PredictionOutcome[]> {
  const files = findFiles('predict', dataset, paths);
  const known: { readonly file: DroppedFile; readonly already: boolean }[] = [];
  for (const file of files) {
    let dropped = await dropFile(file, session);
    if (again && (await askAgain(dataset, { file: dropped.name, etag: dropped.etag }, session)) !== undefined) dropped = await dropFile(file, session);
    terminal.say(describeDrop(dropped));
    known.push({ file: dropped, already: (await readReceipt(dataset, dropped, session)) !== undefined });
  }
  const ends = await Promise.allSettled(known.map(({ file, already }) => follow(dataset, file, already, session, terminal)));
  const failed = ends.filter((end) => end.status === 'rejected');
  for (const { reason } of failed.slice(1)) if (reason instanceof CliError) terminal.say(`error: ${reason.message}`);
  if (failed[0] !== undefined) throw failed[0].reason;
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
}

async function follow(dataset: string, file: DroppedFile, already: boolean, session: Session, terminal: Terminal): Promise<PredictionOutcome> {
  const receipt = await awaitReceipt(dataset, file, session, terminal);
  terminal.say(already ? `${file.key} was predicted before by model version ${receipt.model.version}: nothing to do (--retry asks again)` : `predicted ${receipt.predicted} of ${receipt.rows} rows`);
  return { file: file.path, id: file.etag, already, receipt };
}

/** A content of a file that was dropped; `name` is the key below the data set's folder. */
type DroppedContent = Pick<DroppedFile, 'key' | 'name' | 'etag'>;

/**
 * Waits for a file's result.
 * @throws CliError exit code 2 when the file was refused or there is no model, 1 when its job failed
 */
export async function awaitReceipt(dataset: string, file: DroppedContent, session: Session, terminal: Terminal): Promise<Receipt> {
  let said: string | undefined;
  return waitFor(async () => {
    const done = await readReceipt(dataset, file, session);
    if (done !== undefined) return done;
    const claim = (await session.bucket.readJson(keys.claim(dataset, file.name, file.etag), ClaimSchema))?.value;
    if (claim === undefined) return failUnlessComing(dataset, file, session);
    if (said !== claim.job) terminal.say(`transform job ${claim.job} with model version ${claim.model.version}`);
    said = claim.job;
    const failed = await findHappening('PredictionFailed', dataset, [claim.job, file.key], session);
    if (failed !== undefined) throw jobFailed(`transform job ${claim.job} failed for ${file.key}: ${failed.detail.reason}`, failed.detail.remedy, { job: claim.job, reason: failed.detail.reason });
    return undefined;
  }, terminal);
}

/** Until somebody has claimed the file it may be refused, or wait for a model that does not come by itself. */
async function failUnlessComing(dataset: string, { key, etag, name }: DroppedContent, session: Session): Promise<undefined> {
  const champion = await readChampion(dataset, session);
  const verdict = (await session.bucket.readJson(keys.verdict('predict', dataset, name, etag), VerdictSchema))?.value;
  if (verdict !== undefined && isCurrent(verdict, champion?.job)) throw refused(key, verdict.problem);
  const waiting = champion === undefined ? await findHappening('PredictionWaiting', dataset, [key, etag], session) : undefined;
  if (waiting !== undefined) throw wrongInput(`${key} waits: ${waiting.detail.reason}`, await remedyForWaiting(dataset, session), { key, waiting: true });
}

async function remedyForWaiting(dataset: string, session: Session): Promise<string> {
  const pending = (await listVersions(dataset, session)).find(({ status }) => status === 'PendingManualApproval');
  if (pending !== undefined) return `Model version ${pending.version} waits for a person: dropforest approve ${dataset} ${pending.version}`;
  return `Train a model: dropforest train ${dataset} <file.csv>. Where one was trained, dropforest status ${dataset} says why it does not predict`;
}

/** Whether a file to predict would be refused in the same words today: by the model of this training job, or by its name alone. */
export function isCurrent(verdict: Verdict, championJob: string | undefined): boolean {
  return verdict.settings === predictionSettings(championJob) || verdict.settings === '';
}

async function readReceipt(dataset: string, { name, etag }: DroppedContent, { bucket }: Session): Promise<Receipt | undefined> {
  return (await bucket.readJson(keys.receipt(dataset, name, etag), ReceiptSchema))?.value;
}
