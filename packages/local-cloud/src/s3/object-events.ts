import type { EventBus } from '../events/event-bus.ts';
import type { Database } from '../store/database.ts';
import type { StoredObject } from './stored-object.ts';

export type CreationReason = 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';

/** Which request a change came from. */
export interface Origin {
  readonly requestId: string;
  readonly sourceAddress: string;
}

interface Sink {
  readonly bus: EventBus;
  readonly database: Database;
  readonly account: string;
}

/** Puts "Object Created" on the default bus. The key is raw, not URL-encoded; the ETag has no quotes. */
export function emitCreated(sink: Sink, { bucket, key, size, etag }: StoredObject, reason: CreationReason, origin: Origin): void {
  put(sink, 'Object Created', bucket, { key, size, etag }, origin, { reason });
}

/** Puts "Object Deleted" on the default bus. */
export function emitDeleted(sink: Sink, { bucket, key }: StoredObject, origin: Origin): void {
  put(sink, 'Object Deleted', bucket, { key }, origin, { reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' });
}

function put(
  { bus, database, account }: Sink,
  detailType: string,
  bucket: string,
  object: Readonly<Record<string, string | number>>,
  { requestId, sourceAddress }: Origin,
  rest: Readonly<Record<string, string>>,
): void {
  bus.put({
    source: 'aws.s3',
    detailType,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: { ...object, sequencer: sequencer(database.next('s3-sequencer')) },
      'request-id': requestId,
      requester: account,
      'source-ip-address': sourceAddress,
      ...rest,
    },
  });
}

/** Hex digits of equal length, so that later compares greater. */
function sequencer(count: number): string {
  return count.toString(16).toUpperCase().padStart(18, '0');
}
