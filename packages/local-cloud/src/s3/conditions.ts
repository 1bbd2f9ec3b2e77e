import { noSuchKey, notImplemented, preconditionFailed } from './s3-errors.ts';
import type { StoredObject } from './stored-object.ts';

/** Conditions of a write on what is at its key. */
export interface WriteConditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

/** Conditions of a read, or on the source of a copy. Dates are HTTP dates. */
export interface ReadConditions extends WriteConditions {
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
}

/** @throws WireError 412, 404 (If-Match on a missing key) or 501 (If-None-Match with anything but `*`) */
export function checkWrite(current: StoredObject | undefined, key: string, { ifMatch, ifNoneMatch }: WriteConditions): void {
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') throw notImplemented('a write with If-None-Match other than *');
    if (current !== undefined) throw preconditionFailed('If-None-Match');
  }
  if (ifMatch === undefined) return;
  if (current === undefined) throw noSuchKey(key);
  if (!etagMatches(ifMatch, current.etag)) throw preconditionFailed('If-Match');
}

/** `not-modified` is an answer to a read and a failed condition of a copy. A condition by ETag overrules its one by date. */
export function checkRead(object: StoredObject, conditions: ReadConditions): 'ok' | 'not-modified' {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!etagMatches(ifMatch, object.etag)) throw preconditionFailed('If-Match');
  } else if (ifUnmodifiedSince !== undefined && wholeSeconds(object.modified) > Date.parse(ifUnmodifiedSince)) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) return etagMatches(ifNoneMatch, object.etag) ? 'not-modified' : 'ok';
  return ifModifiedSince !== undefined && wholeSeconds(object.modified) <= Date.parse(ifModifiedSince) ? 'not-modified' : 'ok';
}

function etagMatches(list: string, etag: string): boolean {
  return list.split(',').some((item) => ['*', etag].includes(item.trim().replace(/^(?:W\/)?"(.*)"$/, '$1')));
}

/** HTTP dates have no finer parts. */
function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
