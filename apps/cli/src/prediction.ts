/** Dropping files to predict and following them to their results. */
import { AttemptSchema, ChampionSchema, ClaimSchema, keys, predictionSettings, ReceiptSchema, VerdictSchema, type Receipt } from '@dropforest/contracts';
import { CliError, jobFailed, wrongInput } from './errors.ts';
import { findHappening } from './journal.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';
import { refused, waitFor } from './training.ts';
import { dropFile, findFiles, type DroppedFile } from './upload.ts';

export interface PredictionOutcome {
  readonly file: string;
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
    if (again && (await forget(dataset, dropped, session))) dropped = await dropFile(file, session);
    terminal.say(`dropped ${dropped.key}`);
    known.push({ file: dropped, already: (await readReceipt(dataset, dropped, session)) !== undefined });
  }
  const ends = await Promise.allSettled(known.map(({ file, already }) => follow(dataset, file, already, session, terminal)));
  const failed = ends.filter((end) => end.status === 'rejected');
  for (const { reason } of failed.slice(1)) if (reason instanceof CliError) terminal.say(`error: ${reason.message}`);
  if (failed[0] !== undefined) throw failed[0].reason;
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
}

/** Lets go of what is known of a file's content; the attempt makes the next job another one. */
async function forget(dataset: string, { name, etag }: DroppedFile, { bucket }: Session): Promise<boolean> {
  const claim = await bucket.readJson(keys.claim(dataset, name, etag), ClaimSchema);
  if (claim === undefined) return false;
  const key = keys.resultAttempt(dataset, name, etag);
  const attempt = (await bucket.readJson(key, AttemptSchema))?.value.attempt ?? 1;
  await bucket.write(key, `${JSON.stringify({ attempt: attempt + 1 })}\n`, 'application/json');
  await bucket.delete(keys.receipt(dataset, name, etag));
  await bucket.delete(keys.claim(dataset, name, etag));
  return true;
}

async function follow(dataset: string, file: DroppedFile, already: boolean, session: Session, terminal: Terminal): Promise<PredictionOutcome> {
  let said: string | undefined;
  const receipt = await waitFor(async () => {
    const done = await readReceipt(dataset, file, session);
    if (done !== undefined) return done;
    const claim = (await session.bucket.readJson(keys.claim(dataset, file.name, file.etag), ClaimSchema))?.value;
    if (claim === undefined) return failUnlessComing(dataset, file, session);
    if (said !== claim.job) terminal.say(`transform job ${claim.job} with model version ${claim.model.version}`);
    said = claim.job;
    const failed = await findHappening('PredictionFailed', dataset, [claim.job], session);
    if (failed !== undefined) throw jobFailed(`transform job ${claim.job} failed for ${file.key}: ${failed.detail.reason}`, failed.detail.remedy, { job: claim.job, reason: failed.detail.reason });
    return undefined;
  }, terminal);
  terminal.say(already ? `${file.key} was predicted before by model version ${receipt.model.version}: nothing to do (--retry asks again)` : `predicted ${receipt.predicted} of ${receipt.rows} rows`);
  return { file: file.path, already, receipt };
}

/** Until somebody has claimed the file it may be refused, or wait for a model that does not come by itself. */
async function failUnlessComing(dataset: string, { key, etag, name }: DroppedFile, session: Session): Promise<undefined> {
  const champion = (await session.bucket.readJson(keys.champion(dataset), ChampionSchema))?.value;
  const verdict = (await session.bucket.readJson(keys.verdict('predict', dataset, name, etag), VerdictSchema))?.value;
  if (verdict !== undefined && (verdict.settings === predictionSettings(champion?.job) || verdict.settings === '')) throw refused(key, verdict.problem);
  const waiting = champion === undefined ? await findHappening('PredictionWaiting', dataset, [key, etag], session) : undefined;
  if (waiting !== undefined) throw wrongInput(`${key} waits: ${waiting.detail.reason}`, `Train a model: dropforest train ${dataset} <file.csv>. Where one was trained, dropforest status ${dataset} says why it does not predict`, { key, waiting: true });
}

async function readReceipt(dataset: string, { name, etag }: DroppedFile, { bucket }: Session): Promise<Receipt | undefined> {
  return (await bucket.readJson(keys.receipt(dataset, name, etag), ReceiptSchema))?.value;
}
