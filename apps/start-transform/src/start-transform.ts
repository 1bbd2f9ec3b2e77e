/**
 * Files dropped under `predict/<dataset>/` become transform jobs with the champion's model: those of a burst share one.
 * Where there is no champion yet they wait, and are picked up when one is promoted; where as many jobs run as may, they
 * wait for one to end.
 */
import {
  ClaimSchema,
  DropforestEnvelopeSchema,
  keys,
  parseDroppedKey,
  parseJobName,
  predictionSettings,
  S3ObjectCreatedSchema,
  TransformJobStateChangeSchema,
  type Claim,
  type DroppedKey,
} from '@dropforest/contracts';
import { carryOut, FactsChanged, refuse, settle, untilUnchanged, type App, type AppContext, type ObjectHead } from '@dropforest/lambda-kit';
import { z } from 'zod';
import { LARGEST_BATCH, readBacklog } from './backlog.ts';
import { listedFiles, readSource, startBatch, startJob, withoutRefused, type Request } from './batch.ts';
import { readChampion, readManifest, readQuietSeconds } from './champion.ts';
import { decideClaimed, decideWithoutModel, refuseFile, waitForSlot } from './decide.ts';
import { inspectFile } from './door.ts';
import { EnvironmentSchema, type Environment } from './environment.ts';
import { chooseSlot, jobState, readSlots } from './slots.ts';
import { secondsUntilQuiet } from './waiting.ts';

const EventSchema = z.union([S3ObjectCreatedSchema, TransformJobStateChangeSchema, DropforestEnvelopeSchema]);
type Event = z.output<typeof EventSchema>;
type Context = AppContext<Environment>;
type DroppedFile = Extract<DroppedKey, { kind: 'file' }>;

export const startTransform: App<Event, Environment> = {
  name: 'start-transform',
  event: EventSchema,
  environment: EnvironmentSchema,
  async handle(event, context) {
    if ('type' in event) return event.type === 'ModelPromoted' ? workOff(event.detail.dataset, event.detail.id, context) : undefined;
    if (event.source === 'aws.sagemaker') {
      const { TransformJobName } = event.detail;
      const job = parseJobName(TransformJobName);
      return job === undefined ? undefined : workOff(job.dataset, TransformJobName, context);
    }
    const { key, etag } = event.detail.object;
    const dropped = parseDroppedKey(key);
    if (dropped.kind === 'file' && dropped.zone === 'predict') return untilUnchanged(() => handleFile(dropped, key, context));
    if (dropped.kind === 'refused' && dropped.zone === 'predict') return settle(async () => context.now(), (now) => refuse({ ...dropped, key, etag, settings: '' }, now), context);
  },
};

/** A file's own event. What lies there by now counts: an older content was overwritten before anybody saw it. */
async function handleFile({ dataset, file }: DroppedFile, key: string, context: Context): Promise<void> {
  const { bucket, now } = context;
  const object = await bucket.head(key);
  if (object === undefined) return;
  const claim = await bucket.readJson(keys.claim(dataset, file, object.etag), ClaimSchema);
  if (claim !== undefined) return followUp(claim.value, context);
  const champion = await readChampion(dataset, bucket);
  if (champion !== undefined) return predict({ dataset, champion, asking: key }, file, object, context);
  const problem = await inspectFile(object, undefined, bucket);
  await carryOut(decideWithoutModel({ dataset, file, object, problem, settings: predictionSettings(undefined) }, now()), context);
}

/**
 * An unclaimed file. One event of a burst, the first that finds it over, takes all of its files; those before it have
 * found by their listing that it goes on, those after it find their claims.
 */
async function predict(request: Request, file: string, object: ObjectHead, context: Context): Promise<void> {
  const { dataset, champion } = request;
  const { bucket, now } = context;
  const quietSeconds = await readQuietSeconds(dataset, bucket);
  // A file that has just come needs no listing to know that the burst may go on.
  await waitForQuiet(quietSeconds, object.lastModified, [object], context);
  const dropped = await bucket.list(keys.dropFolder('predict', dataset));
  await waitForQuiet(quietSeconds, object.lastModified, dropped, context);
  const problem = await inspectFile(object, { version: champion.version, manifest: await readManifest(dataset, champion, bucket) }, bucket);
  if (problem !== undefined) return carryOut(refuseFile({ dataset, file, object, problem, settings: predictionSettings(champion.job) }, now()), context);
  await waitForPlace(`${object.key} ${object.etag}`, context);
  const { open, claims } = await readBacklog(dataset, dropped, bucket);
  if (claims.includes(keys.claim(dataset, file, object.etag))) throw new FactsChanged(object.key);
  if (open.some(({ key }) => key === object.key)) await startBatch(request, await withoutRefused(request, open, bucket), context);
}

/** A file that is claimed needs nothing but that its job runs. */
async function followUp(claim: Claim, context: Context): Promise<void> {
  const { bucket, clients, now } = context;
  const actions = decideClaimed(claim, await jobState(claim.job, clients.sagemaker), now());
  if (actions === undefined) return startJob(await readSource(claim.job, bucket), claim.key, context);
  await carryOut(actions, context);
}

/**
 * Every file of a data set that nobody has claimed, a batch at a time.
 * @param message what tells the message from others
 */
async function workOff(dataset: string, message: string, context: Context): Promise<void> {
  const champion = await readChampion(dataset, context.bucket);
  if (champion === undefined) return;
  const request: Request = { dataset, champion, asking: undefined };
  let left = Infinity;
  while (left > LARGEST_BATCH) left = await untilUnchanged(() => workOffBatch(request, message, context));
}

/** How many files there were that nobody had claimed. */
async function workOffBatch(request: Request, message: string, context: Context): Promise<number> {
  const { bucket, receiveCount } = context;
  const backlog = await readBacklog(request.dataset, await bucket.list(keys.dropFolder('predict', request.dataset)), bucket);
  // Only who has been here before can have left a batch half-way whose files have no event of their own any more.
  if (receiveCount > 1) await finishStarted(request, backlog.claims, context);
  const open = await withoutRefused(request, backlog.open, bucket);
  if (open.length === 0) return 0;
  await waitForQuiet(await readQuietSeconds(request.dataset, bucket), Math.min(...open.map(({ lastModified }) => lastModified)), open, context);
  await waitForPlace(message, context);
  await startBatch(request, open, context);
  return open.length;
}

/** Jobs that have claimed files and were never created. One claim leads to all files of a job whose list is complete. */
async function finishStarted({ dataset }: Request, claimKeys: readonly string[], context: Context): Promise<void> {
  const { bucket } = context;
  const left = new Set(claimKeys);
  for (const key of left) {
    const claim = await bucket.readJson(key, ClaimSchema);
    if (claim === undefined) continue;
    const files = (await listedFiles(await readSource(claim.value.job, bucket), bucket)) ?? [];
    for (const { file, etag } of files) left.delete(keys.claim(dataset, file, etag));
    await followUp(claim.value, context);
  }
}

/** @throws RetryLater while files of the burst may still be coming */
async function waitForQuiet(quietSeconds: number, since: number, files: readonly ObjectHead[], context: Context): Promise<void> {
  const newest = Math.max(...files.map(({ lastModified }) => lastModified));
  const seconds = secondsUntilQuiet({ newest, since, quietSeconds, now: context.now(), receiveCount: context.receiveCount });
  if (seconds > 0) await carryOut([{ type: 'wait', seconds, why: 'more files may still be coming' }], context);
}

/** Files are claimed only when their job can be started: as long as they wait, later ones may join them. @throws RetryLater */
async function waitForPlace(message: string, { environment, bucket, clients, now, receiveCount, ...context }: Context): Promise<void> {
  const slots = await readSlots(environment.MAX_TRANSFORM_JOBS, bucket, clients.sagemaker);
  if (chooseSlot(slots, undefined, now()) === undefined) await carryOut([waitForSlot(receiveCount, message)], { ...context, bucket, clients });
}
