import { keys, makeEvent, type UploadProblem, type Verdict, type Zone } from '@dropforest/contracts';
import type { Action } from './actions.ts';

/** A file that is refused at the door. */
export interface RefusedUpload {
  readonly zone: Zone;
  readonly dataset: string;
  readonly file: string;
  readonly key: string;
  readonly etag: string;
  /** Digest of what the file was held against. */
  readonly settings: string;
  readonly problem: UploadProblem;
}

/** The verdict beside the system's other records, and the event that tells of it. The file stays where it was. */
export function refuse({ zone, dataset, file, key, etag, settings, problem }: RefusedUpload, now: number): readonly Action[] {
  const verdict: Verdict = { key, etag, at: new Date(now).toISOString(), settings, problem };
  const verdictKey = keys.verdict(zone, dataset, file, etag);
  const happening = [key, etag, settings, problem.code];
  return [
    { type: 'write-json', key: verdictKey, value: verdict },
    { type: 'emit', event: makeEvent('UploadRejected', happening, now, { dataset, key, etag, verdict: verdictKey, problem }) },
  ];
}
