/** What a file to predict leads to. Pure: the same facts give the same actions. */
import { jobName, keys, makeEvent, transformJobBase, type Champion, type Claim, type ModelManifest, type UploadProblem } from '@dropforest/contracts';
import { refuse, type Action, type ObjectHead } from '@dropforest/lambda-kit';
import { transformJobInput } from './transform-job.ts';

/** The model that predicts now, and what it needs. */
export interface ChampionFacts extends Champion {
  readonly manifest: ModelManifest;
}

/** Facts of a file that has no receipt: one that has is done, whatever model comes later. */
export interface PredictionFacts {
  readonly dataset: string;
  /** Key of the file below the data set's folder. */
  readonly file: string;
  readonly object: ObjectHead;
  readonly champion: ChampionFacts | undefined;
  /** Who predicts this content of the file, if that is settled already. */
  readonly claim: Claim | undefined;
  /** How often a person has asked for this result. */
  readonly attempt: number;
  /** Why the file cannot be predicted. */
  readonly problem: UploadProblem | undefined;
  /** Digest of what the file is held against, and whether it was refused under the same before. */
  readonly settings: string;
  readonly hasVerdict: boolean;
  /** Whether the file's own arrival is handled, and not a model's promotion. */
  readonly isTrigger: boolean;
  readonly bucket: string;
  readonly now: number;
}

export function decidePrediction(facts: PredictionFacts): readonly Action[] {
  const { dataset, file, object, champion, claim, problem, now } = facts;
  if (claim !== undefined) return start(claim, facts);
  if (problem !== undefined) {
    // A file's own event tells of its refusal again, in case the first telling was cut short.
    if (facts.hasVerdict && !facts.isTrigger) return [];
    return refuse({ ...object, zone: 'predict', dataset, file, settings: facts.settings, problem }, now);
  }
  if (champion === undefined) return [{ type: 'emit', event: waiting(facts) }];
  return claimFile(champion, facts);
}

function waiting({ dataset, object: { key, etag }, now }: PredictionFacts) {
  const reason = `${dataset} has no approved model yet; the file is predicted as soon as there is one`;
  return makeEvent('PredictionWaiting', [key, etag], now, { dataset, key, etag, reason });
}

/**
 * The claim is the point of no return: everything that the job needs is written before it, and whoever finds it starts
 * the very job that it names.
 */
function claimFile(champion: ChampionFacts, facts: PredictionFacts): readonly Action[] {
  const { dataset, file, object, attempt, bucket, now } = facts;
  const { key, etag, size } = object;
  const job = jobName(transformJobBase(dataset, { key, etag, model: champion.model }), attempt);
  const snapshot = keys.snapshot(dataset, etag, file);
  const folder = keys.snapshotFolder(dataset);
  const model = { name: champion.model, version: champion.version, modelPackageArn: champion.modelPackageArn };
  const claim: Claim = { key, etag, size, dataset, file, snapshot, job, model, at: new Date(now).toISOString() };
  return [
    { type: 'copy', from: key, etag, to: snapshot },
    { type: 'write-json', key: keys.inputManifest(job), value: [{ prefix: `s3://${bucket}/${folder}` }, snapshot.slice(folder.length)] },
    { type: 'write-json', key: keys.transformSource(job), value: claim },
    { type: 'write-json', key: keys.claim(dataset, file, etag), value: claim, condition: { ifAbsent: true } },
    ...start(claim, facts),
  ];
}

function start(claim: Claim, { dataset, bucket, now }: PredictionFacts): readonly Action[] {
  const { key, etag, job, model } = claim;
  return [
    { type: 'create-transform-job', input: transformJobInput(claim, bucket) },
    { type: 'emit', event: makeEvent('PredictionStarted', [job], now, { dataset, key, etag, job, modelVersion: model.version }) },
  ];
}
