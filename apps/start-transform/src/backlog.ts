/**
 * Which files of a data set have no result yet: told by listings alone. A file has the place
 * `results/<dataset>/<file>/<etag>/` for its claim and its receipt.
 */
import { keys, parseDroppedKey } from '@dropforest/contracts';
import type { Bucket, ObjectHead } from '@dropforest/lambda-kit';

/** A file that nobody has claimed. */
export interface OpenFile extends ObjectHead {
  /** Key of the file below the data set's folder. */
  readonly file: string;
  /** Whether a person has asked for its result more than once. */
  readonly hasAttempt: boolean;
  /** Whether it was refused, possibly by the needs of another model. */
  readonly hasVerdict: boolean;
}

export interface Backlog {
  readonly open: readonly OpenFile[];
  /** Keys of the claims of files whose results are not there: their jobs run, have failed, or were never created. */
  readonly claims: readonly string[];
}

/** What lies under `predict/`, `results/` and `rejected/` of a data set. */
export interface Listings {
  readonly dropped: readonly ObjectHead[];
  readonly results: readonly ObjectHead[];
  readonly verdicts: readonly ObjectHead[];
}

/** A job reads so many files at most: what a message's worth of work comes to stays within a function's time. */
export const LARGEST_BATCH = 1000;

/** @param dropped what lies under `predict/` */
export async function readBacklog(dataset: string, dropped: readonly ObjectHead[], bucket: Bucket): Promise<Backlog> {
  const [results, verdicts] = await Promise.all([bucket.list(keys.resultFolder(dataset)), bucket.list(keys.verdictFolder('predict', dataset))]);
  return backlogOf(dataset, { dropped, results, verdicts });
}

export function backlogOf(dataset: string, { dropped, results, verdicts }: Listings): Backlog {
  const there = new Set([...results, ...verdicts].map(({ key }) => key));
  const open: OpenFile[] = [];
  const claims: string[] = [];
  for (const object of dropped) {
    const parsed = parseDroppedKey(object.key);
    if (parsed.kind !== 'file') continue;
    const { file } = parsed;
    const claim = keys.claim(dataset, file, object.etag);
    if (there.has(keys.receipt(dataset, file, object.etag))) continue;
    if (there.has(claim)) claims.push(claim);
    else open.push({ ...object, file, hasAttempt: there.has(keys.resultAttempt(dataset, file, object.etag)), hasVerdict: there.has(keys.verdict('predict', dataset, file, object.etag)) });
  }
  return { open, claims };
}

/** The files that one job is meant for: the one that asks for it, and those that have waited longest. */
export function chooseFiles(open: readonly OpenFile[], asking: string | undefined): readonly OpenFile[] {
  const byAge = open.toSorted((a, b) => a.lastModified - b.lastModified || (a.key < b.key ? -1 : 1));
  const [first, others] = [byAge.filter(({ key }) => key === asking), byAge.filter(({ key }) => key !== asking)];
  return [...first, ...others].slice(0, LARGEST_BATCH);
}
