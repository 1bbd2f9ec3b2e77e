/** What a person means by the id of an upload: an etag or its beginning, a key or a file's name, a job, a version. */
import { keys, parseDroppedKey, parseJobName, TrainingRequestSchema, TransformSourceSchema, type Zone } from '@dropforest/contracts';
import { wrongInput } from './errors.ts';
import { describeVersion, listVersions, parseVersion, requireVersion } from './registry.ts';
import type { Session } from './session.ts';

/** A content of a file that was dropped. */
export interface Content {
  readonly zone: Zone;
  readonly key: string;
  /** Its name below the data set's folder. */
  readonly file: string;
  readonly etag: string;
  /** When it was dropped, ISO 8601; `undefined` where another content lies there now. */
  readonly droppedAt: string | undefined;
}

export type Upload = ({ readonly kind: 'content' } & Content) | { readonly kind: 'training'; readonly job: string };

const ZONES = ['train', 'predict'] as const;

/** A shorter beginning of an etag is more likely a slip than an id. */
const SHORTEST_PREFIX = 6;

/** @throws CliError exit code 2 when nothing is known of the id, or several contents are meant by it */
export async function findUploads(dataset: string, id: string, session: Session): Promise<readonly Upload[]> {
  const version = parseVersion(id);
  if (version !== undefined && id.startsWith('v')) return [{ kind: 'training', job: await trainingJobOf(dataset, version, session) }];
  if (parseJobName(id) !== undefined) return uploadsOfJob(dataset, id, session);
  const found = matchContents(id, await contentsOf(dataset, session));
  if (found.length > 0) return found.map((content) => ({ kind: 'content', ...content }));
  throw wrongInput(`${dataset} has no upload, job or version ${JSON.stringify(id)}`, `Give the id that train or predict has printed (at least ${SHORTEST_PREFIX} characters), a key, a job name, or a version such as v2. See: dropforest status ${dataset}`);
}

async function trainingJobOf(dataset: string, version: number, session: Session): Promise<string> {
  const { modelPackageArn } = requireVersion(await listVersions(dataset, session), version, dataset);
  return (await describeVersion(modelPackageArn, session)).job;
}

async function uploadsOfJob(dataset: string, job: string, { bucket }: Session): Promise<readonly Upload[]> {
  const request = (await bucket.readJson(`${keys.jobConfigFolder(job)}job.json`, TrainingRequestSchema))?.value;
  if (request !== undefined) return [{ kind: 'training', job: request.compare?.challenger ?? job }];
  const source = (await bucket.readJson(keys.transformSource(job), TransformSourceSchema))?.value;
  if (source === undefined) throw wrongInput(`there is no job ${job} of ${dataset}`, `See: dropforest status ${dataset}`);
  return source.files.map(({ key, etag, file, droppedAt }) => ({ kind: 'content', zone: 'predict', key, etag, file, droppedAt }));
}

/**
 * A key or a name means what lies there now, or else what was predicted of it last. An etag means its content, wherever
 * it lies.
 * @throws CliError exit code 2 when a prefix fits several etags
 */
export function matchContents(id: string, contents: readonly Content[]): readonly Content[] {
  const named = contents.filter(({ key, file }) => key === id || file === id);
  const present = named.filter(({ droppedAt }) => droppedAt !== undefined);
  if (present.length > 0) return present;
  if (named.length > 0) return named.slice(-1);
  if (id.length < SHORTEST_PREFIX) return [];
  const found = contents.filter(({ etag }) => etag.startsWith(id));
  const etags = new Set(found.map(({ etag }) => etag));
  if (etags.size > 1) throw wrongInput(`${id} is the beginning of ${etags.size} ids: ${[...etags].slice(0, 5).join(', ')}`, 'Give more of it');
  return found;
}

/** What lies in the drop zones, and contents that were overwritten since but left a claim or a verdict. */
async function contentsOf(dataset: string, session: Session): Promise<readonly Content[]> {
  const [present, refused, claimed] = await Promise.all([
    Promise.all(ZONES.map((zone) => droppedContents(zone, dataset, session))).then((found) => found.flat()),
    Promise.all(ZONES.map((zone) => refusedContents(zone, dataset, session))).then((found) => found.flat()),
    claimedContents(dataset, session),
  ]);
  const isPresent = ({ key, etag }: Content) => present.some((one) => one.key === key && one.etag === etag);
  return [...present, ...[...claimed, ...refused].filter((one) => !isPresent(one))];
}

async function droppedContents(zone: Zone, dataset: string, { bucket }: Session): Promise<readonly Content[]> {
  const listed = await bucket.list(keys.dropFolder(zone, dataset));
  return listed.flatMap(({ key, etag, lastModified }): Content[] => {
    const parsed = parseDroppedKey(key);
    return parsed.kind === 'file' || parsed.kind === 'refused' ? [{ zone, key, file: parsed.file, etag, droppedAt: new Date(lastModified).toISOString() }] : [];
  });
}

async function claimedContents(dataset: string, { bucket }: Session): Promise<readonly Content[]> {
  const folder = keys.resultFolder(dataset);
  const claims = (await bucket.list(folder)).filter(({ key }) => key.endsWith('/claim.json')).sort((a, b) => a.lastModified - b.lastModified);
  return claims.map(({ key }): Content => {
    const [, file = '', etag = ''] = /^(.*)\/([^/]*)\/claim\.json$/.exec(key.slice(folder.length)) ?? [];
    return { zone: 'predict', key: keys.drop('predict', dataset, file), file, etag, droppedAt: undefined };
  });
}

async function refusedContents(zone: Zone, dataset: string, { bucket }: Session): Promise<readonly Content[]> {
  const folder = keys.verdictFolder(zone, dataset);
  const verdicts = await bucket.list(folder);
  return verdicts.map(({ key }): Content => {
    const [, file = '', etag = ''] = /^(.*)\/([^/]*)\.json$/.exec(key.slice(folder.length)) ?? [];
    return { zone, key: keys.drop(zone, dataset, file), file, etag, droppedAt: undefined };
  });
}
