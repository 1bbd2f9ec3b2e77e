import type { Database } from '../store/database.ts';
import { ObjectRow } from './stored-object.ts';
import type { StoredObject } from './stored-object.ts';

export interface ListingRequest {
  readonly bucket: string;
  readonly prefix: string;
  /** Empty: none. */
  readonly delimiter: string;
  /** Only keys after this one; a common prefix that equals it, or lies before it, is not repeated. Empty: from the start. */
  readonly after: string;
  readonly limit: number;
}

/** One element of a listing: an object, or all keys that share a prefix up to the delimiter. */
export type ListingEntry = { readonly kind: 'object'; readonly object: StoredObject } | { readonly kind: 'prefix'; readonly prefix: string };

export interface Listing {
  readonly entries: readonly ListingEntry[];
  readonly truncated: boolean;
  /** Key or prefix of the last entry: `after` for the next page. */
  readonly last: string;
}

/** Sorts after every key that starts with the text it is appended to. */
const LAST_CHARACTER = '\u{10ffff}';
const PAGE = 'SELECT * FROM objects WHERE bucket = ? AND key >= ? AND key > ? AND key < ? ORDER BY key LIMIT ?';

/** Lists a bucket in the order of UTF-8 bytes. */
export function listObjects(database: Database, request: ListingRequest): Listing {
  const entries: ListingEntry[] = [];
  // With a common prefix as the last entry of the page before, all that it stands for is skipped.
  const skipsPrefix = request.delimiter !== '' && request.after.startsWith(request.prefix) && commonPrefix(request.after, request) === request.after;
  let after = skipsPrefix ? request.after + LAST_CHARACTER : request.after;
  for (;;) {
    const objects = database.all(ObjectRow, PAGE, request.bucket, request.prefix, after, request.prefix + LAST_CHARACTER, request.limit + 1);
    let jumped = false;
    for (const object of objects) {
      if (entries.length === request.limit) return { entries, truncated: true, last: nameOf(entries.at(-1)) };
      const prefix = commonPrefix(object.key, request);
      after = prefix === undefined ? object.key : prefix + LAST_CHARACTER;
      entries.push(prefix === undefined ? { kind: 'object', object } : { kind: 'prefix', prefix });
      jumped = prefix !== undefined;
      if (jumped) break;
    }
    if (!jumped) return { entries, truncated: false, last: nameOf(entries.at(-1)) };
  }
}

function commonPrefix(key: string, { prefix, delimiter }: ListingRequest): string | undefined {
  if (delimiter === '') return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

function nameOf(entry: ListingEntry | undefined): string {
  if (entry === undefined) return '';
  return entry.kind === 'object' ? entry.object.key : entry.prefix;
}
