/**
 * A file dropped under `predict/<dataset>/` becomes one transform job with the champion's model; where there is no
 * champion yet it waits, and is picked up when one is promoted.
 */
import {
  AttemptSchema,
  ChampionSchema,
  ClaimSchema,
  DropforestEnvelopeSchema,
  keys,
  ModelManifestSchema,
  parseDroppedKey,
  S3ObjectCreatedSchema,
  predictionSettings,
  VerdictSchema,
  type DroppedKey,
} from '@dropforest/contracts';
import { AppError, refuse, settle, type App, type AppContext, type ObjectHead } from '@dropforest/lambda-kit';
import { inspectHead } from '@dropforest/tabular';
import { z } from 'zod';
import { decidePrediction, type ChampionFacts, type PredictionFacts } from './decide.ts';
import { checkPredictionHead } from './door.ts';

const EnvironmentSchema = z.object({});
const EventSchema = z.union([S3ObjectCreatedSchema, DropforestEnvelopeSchema]);
type Event = z.output<typeof EventSchema>;
type Context = AppContext<z.output<typeof EnvironmentSchema>>;
type DroppedFile = Extract<DroppedKey, { kind: 'file' }>;

/** Enough for the header of any reasonable table and some rows. */
const HEAD_BYTES = 256 * 1024;

export const startTransform: App<Event, z.output<typeof EnvironmentSchema>> = {
  name: 'start-transform',
  event: EventSchema,
  environment: EnvironmentSchema,
  async handle(event, context) {
    if ('type' in event) return event.type === 'ModelPromoted' ? takeWaiting(event.detail.dataset, context) : undefined;
    const { key, etag } = event.detail.object;
    const dropped = parseDroppedKey(key);
    if (dropped.kind === 'ignored' || dropped.zone !== 'predict') return;
    if (dropped.kind === 'refused') return settle(async () => context.now(), (now) => refuse({ ...dropped, key, etag, settings: '' }, now), context);
    return predict(dropped, key, true, context);
  },
};

/** Every file of the data set that has no result yet. One that fails does not keep the others waiting. */
async function takeWaiting(dataset: string, context: Context): Promise<void> {
  const failures: unknown[] = [];
  for (const { key } of await context.bucket.list(keys.dropFolder('predict', dataset))) {
    const dropped = parseDroppedKey(key);
    if (dropped.kind !== 'file') continue;
    try {
      await predict(dropped, key, false, context);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

function predict(dropped: DroppedFile, key: string, isTrigger: boolean, context: Context): Promise<void> {
  return settle(() => gather(dropped, key, isTrigger, context), (facts) => (facts === undefined ? [] : decidePrediction(facts)), context);
}

async function gather({ dataset, file }: DroppedFile, key: string, isTrigger: boolean, context: Context): Promise<PredictionFacts | undefined> {
  const { bucket } = context;
  // What lies there now, not what the event was about: an older content was overwritten before anybody saw it.
  const object = await bucket.head(key);
  if (object === undefined) return undefined;
  const { etag } = object;
  if ((await bucket.head(keys.receipt(dataset, file, etag))) !== undefined) return undefined;
  const [champion, claim] = await Promise.all([readChampion(dataset, context), bucket.readJson(keys.claim(dataset, file, etag), ClaimSchema)]);
  // After the claim: whoever asks again raises the attempt first and lets go of the claim then.
  const attempt = await bucket.readJson(keys.resultAttempt(dataset, file, etag), AttemptSchema);
  const settings = predictionSettings(champion?.job);
  const verdict = await bucket.readJson(keys.verdict('predict', dataset, file, etag), VerdictSchema);
  return {
    dataset,
    file,
    object,
    champion,
    claim: claim?.value,
    attempt: attempt?.value.attempt ?? 1,
    problem: await checkHead(object, champion, context),
    settings,
    hasVerdict: verdict?.value.settings === settings,
    isTrigger,
    bucket: bucket.name,
    now: context.now(),
  };
}

async function readChampion(dataset: string, { bucket }: Context): Promise<ChampionFacts | undefined> {
  const champion = await bucket.readJson(keys.champion(dataset), ChampionSchema);
  if (champion === undefined) return undefined;
  const manifest = await bucket.readJson(keys.modelFile(dataset, champion.value.job, 'manifest.json'), ModelManifestSchema);
  if (manifest === undefined) throw new AppError('missing', `the manifest of ${champion.value.job} is not in the bucket`);
  return { ...champion.value, manifest: manifest.value };
}

async function checkHead(object: ObjectHead, champion: ChampionFacts | undefined, { bucket }: Context) {
  const head = object.size === 0 ? new Uint8Array() : await bucket.readHead(object.key, object.etag, HEAD_BYTES);
  const reading = champion === undefined ? {} : { reading: { header: champion.manifest.schema.header } };
  return checkPredictionHead(inspectHead(head, { complete: head.length === object.size, ...reading }), object.size, champion);
}
