import type { Readable } from 'node:stream';

import { z } from 'zod';

import type { CloudContext } from '../cloud-context.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { ByteRange, Bytes } from '../store/blobs.ts';
import { createBuckets } from './buckets.ts';
import type { Buckets } from './buckets.ts';
import { checkWrite } from './conditions.ts';
import type { WriteConditions } from './conditions.ts';
import { createDigest, observe } from './digests.ts';
import { listObjects } from './listing.ts';
import type { Listing, ListingRequest } from './listing.ts';
import { emitCreated, emitDeleted } from './object-events.ts';
import type { CreationReason, Origin } from './object-events.ts';
import { conflict, noSuchBucket } from './s3-errors.ts';
import { ObjectRow } from './stored-object.ts';
import type { Checksum, StoredObject } from './stored-object.ts';

/** An object that is about to exist: its blob is written, its row is not. */
export interface NewObject {
  readonly bucket: string;
  readonly key: string;
  readonly blob: string;
  readonly size: number;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum: Checksum | undefined;
}

export interface CommitOptions {
  readonly reason: CreationReason;
  readonly origin: Origin;
  readonly conditions?: WriteConditions;
}

/** Buckets and objects: what the S3 operations and the SageMaker jobs both stand on. */
export interface ObjectStore {
  readonly buckets: Buckets;
  find(bucket: string, key: string): StoredObject | undefined;
  list(request: ListingRequest): Listing;
  open(object: StoredObject, range?: ByteRange): Promise<Readable>;
  copyToFile(object: StoredObject, file: string): Promise<void>;
  /** Stores bytes as an object. @throws WireError NoSuchBucket */
  put(bucket: string, key: string, bytes: Bytes, options?: { readonly contentType?: string }): Promise<StoredObject>;
  /** Makes a written blob an object, in one transaction with its event; checks conditions there. */
  commit(object: NewObject, options: CommitOptions): StoredObject;
  /** Makes a second object of the same bytes. @throws WireError 409 when the source changed meanwhile */
  share(source: StoredObject, target: NewObject, options: CommitOptions): StoredObject;
  /** False when there was nothing to delete. */
  delete(bucket: string, key: string, origin: Origin): boolean;
  /** Removes a blob that no object names any more. */
  discard(blob: string): void;
}

export const INTERNAL_ORIGIN: Origin = { requestId: 'local-cloud', sourceAddress: 'sagemaker.amazonaws.com' };

const FIND = 'SELECT * FROM objects WHERE bucket = ? AND key = ?';
const REPLACE = 'INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

export function createObjectStore(context: CloudContext, bus: EventBus): ObjectStore {
  const { database, blobs, clock, newId, log } = context;
  const buckets = createBuckets(context);
  const find = (bucket: string, key: string): StoredObject | undefined => database.get(ObjectRow, FIND, bucket, key);

  const discard = (blob: string): void => {
    const used = database.get(z.object({ used: z.number() }), 'SELECT EXISTS (SELECT 1 FROM objects WHERE blob = ?) AS used', blob);
    if (used?.used === 1) return;
    blobs.remove(blob).catch((error: unknown) => log({ level: 'warn', from: 's3', message: `Blob ${blob} could not be removed; the next start tries again.`, error }));
  };

  const commit = (object: NewObject, { reason, origin, conditions = {} }: CommitOptions): StoredObject =>
    database.transaction(() => {
      const bucket = buckets.find(object.bucket);
      if (bucket === undefined) throw noSuchBucket(object.bucket);
      const before = find(object.bucket, object.key);
      checkWrite(before, object.key, conditions);
      const stored: StoredObject = { ...object, modified: clock.now() };
      const { key, blob, size, etag, headers, checksum, modified } = stored;
      database.run(REPLACE, object.bucket, key, blob, size, etag, JSON.stringify(headers), checksum === undefined ? null : JSON.stringify(checksum), modified);
      if (before !== undefined && before.blob !== blob) database.afterCommit(() => discard(before.blob));
      if (bucket.eventBridge) emitCreated({ bus, database, account: context.wiring.account }, stored, reason, origin);
      return stored;
    });

  return {
    buckets,
    find,
    discard,
    commit,
    list: (request) => listObjects(database, request),
    open: (object, range) => blobs.read(object.blob, range),
    copyToFile: (object, file) => blobs.copyTo(object.blob, file),
    async put(bucket, key, bytes, { contentType = 'binary/octet-stream' } = {}) {
      const md5 = createDigest('MD5');
      const count = createByteCount();
      const blob = newId();
      try {
        await blobs.write(blob, observe(bytes, [md5, count]));
        const object: NewObject = { bucket, key, blob, size: count.bytes(), etag: md5.digest().toString('hex'), headers: { 'content-type': contentType }, checksum: undefined };
        return commit(object, { reason: 'PutObject', origin: INTERNAL_ORIGIN });
      } catch (error) {
        discard(blob);
        throw error;
      }
    },
    share: (source, target, options) =>
      database.transaction(() => {
        if (find(source.bucket, source.key)?.blob !== source.blob) throw conflict('x-amz-copy-source');
        return commit(target, options);
      }),
    delete: (bucketName, key, origin) =>
      database.transaction(() => {
        const bucket = buckets.find(bucketName);
        if (bucket === undefined) throw noSuchBucket(bucketName);
        const object = find(bucketName, key);
        if (object === undefined) return false;
        database.run('DELETE FROM objects WHERE bucket = ? AND key = ?', bucketName, key);
        database.afterCommit(() => discard(object.blob));
        if (bucket.eventBridge) emitDeleted({ bus, database, account: context.wiring.account }, object, origin);
        return true;
      }),
  };
}

/** Counts bytes on their way, in the place of a digest. */
export function createByteCount(): { update(bytes: Uint8Array): void; digest(): Buffer; bytes(): number } {
  let count = 0;
  return {
    update(bytes) {
      count += bytes.length;
    },
    digest: () => Buffer.alloc(0),
    bytes: () => count,
  };
}
