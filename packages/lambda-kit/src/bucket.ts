/**
 * The one bucket, with the few things apps do to it: small JSON objects with conditional writes, listings, heads of
 * files, and copies on the server side. Table data never passes through here.
 */
import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { z } from 'zod';
import { copyInParts, LARGEST_COPY } from './copy-in-parts.ts';
import { AppError, FactsChanged, isAwsError } from './errors.ts';

export interface ObjectHead {
  readonly key: string;
  /** Unquoted. */
  readonly etag: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

/** A JSON object and the etag it was read with, for a later conditional write. */
export interface Stored<T> {
  readonly value: T;
  readonly etag: string;
}

/** What must be true for a write to happen; otherwise it throws FactsChanged. */
export type WriteCondition = { readonly ifAbsent: true } | { readonly ifMatch: string };

/** A copy that was made. */
export interface Copied {
  /** Unquoted. */
  readonly etag: string;
  /** SHA-256 of its content, base64; missing where the copy was made in parts. */
  readonly sha256?: string;
}

export interface Bucket {
  readonly name: string;
  /** `undefined` where there is no such object. */
  readJson<T>(key: string, schema: z.ZodType<T>): Promise<Stored<T> | undefined>;
  readText(key: string): Promise<string | undefined>;
  /** @throws AppError `missing`, or `too-large` for more than `limit` bytes */
  readBytes(key: string, limit: number): Promise<Uint8Array>;
  /** The first bytes of an object. @throws FactsChanged when its etag is not `etag` */
  readHead(key: string, etag: string, bytes: number): Promise<Uint8Array>;
  /** @throws FactsChanged when the condition does not hold */
  write(key: string, body: string | Uint8Array, contentType: string, condition?: WriteCondition): Promise<void>;
  head(key: string): Promise<ObjectHead | undefined>;
  /** Every object below a prefix, in the order of their keys. */
  list(prefix: string): Promise<readonly ObjectHead[]>;
  /**
   * Copies on the server side; what is larger than one request copies (5 GB), in parts.
   * @param size bytes of the source; S3 is asked where it is left out
   * @throws FactsChanged when the source's etag is not `etag`
   */
  copy(from: string, etag: string, to: string, size?: number): Promise<Copied>;
  delete(key: string): Promise<void>;
}

/** Configuration and records are small; the manifest of a model with thousands of columns is the largest. */
const TEXT_LIMIT = 32 << 20;
const PRECONDITION_ERRORS = ['PreconditionFailed', 'ConditionalRequestConflict'] as const;

/** @param largestCopy how many bytes one request may copy */
export function createBucket(s3: S3Client, name: string, largestCopy = LARGEST_COPY): Bucket {
  const Bucket = name;

  async function get(Key: string, limit: number): Promise<{ bytes: Uint8Array; etag: string } | undefined> {
    try {
      const { Body, ETag, ContentLength } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      if ((ContentLength ?? 0) > limit) throw new AppError('too-large', `s3://${name}/${Key} has ${ContentLength} bytes; at most ${limit} are read`);
      return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: unquote(ETag) };
    } catch (error) {
      if (isAwsError(error, 'NoSuchKey', 'NotFound')) return undefined;
      throw error;
    }
  }

  async function readText(key: string): Promise<string | undefined> {
    const found = await get(key, TEXT_LIMIT);
    return found === undefined ? undefined : new TextDecoder().decode(found.bytes);
  }

  async function head(Key: string): Promise<ObjectHead | undefined> {
    try {
      const { ETag, ContentLength, LastModified } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
      return { key: Key, etag: unquote(ETag), size: ContentLength ?? 0, lastModified: LastModified?.getTime() ?? 0 };
    } catch (error) {
      if (isAwsError(error, 'NotFound', 'NoSuchKey')) return undefined;
      throw error;
    }
  }

  async function copyWhole(CopySource: string, CopySourceIfMatch: string, Key: string): Promise<Copied> {
    const { CopyObjectResult } = await s3.send(new CopyObjectCommand({ Bucket, Key, CopySource, CopySourceIfMatch, ChecksumAlgorithm: 'SHA256', TaggingDirective: 'REPLACE' }));
    const sha256 = CopyObjectResult?.ChecksumSHA256;
    return { etag: unquote(CopyObjectResult?.ETag), ...(sha256 === undefined ? {} : { sha256 }) };
  }

  return {
    name,
    head,
    readText,
    async readJson(key, schema) {
      const found = await get(key, TEXT_LIMIT);
      if (found === undefined) return undefined;
      return { value: schema.parse(JSON.parse(new TextDecoder().decode(found.bytes))), etag: found.etag };
    },
    async readBytes(key, limit) {
      const found = await get(key, limit);
      if (found === undefined) throw new AppError('missing', `s3://${name}/${key} is not there`);
      return found.bytes;
    },
    async readHead(Key, etag, bytes) {
      return orFactsChanged(Key, async () => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, IfMatch: etag, Range: `bytes=0-${bytes - 1}` }));
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      });
    },
    async write(Key, Body, ContentType, condition) {
      await orFactsChanged(Key, () => s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength: Buffer.byteLength(Body), ContentType, ...conditionHeaders(condition) })));
    },
    async list(Prefix) {
      const found: ObjectHead[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix, ...(ContinuationToken === undefined ? {} : { ContinuationToken }) }));
        for (const { Key, ETag, Size, LastModified } of page.Contents ?? []) {
          if (Key !== undefined) found.push({ key: Key, etag: unquote(ETag), size: Size ?? 0, lastModified: LastModified?.getTime() ?? 0 });
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found;
    },
    async copy(from, etag, to, size) {
      const bytes = size ?? (await head(from))?.size ?? 0;
      const source = `${name}/${from.split('/').map(encodeURIComponent).join('/')}`;
      return orFactsChanged(from, () => (bytes <= largestCopy ? copyWhole(source, etag, to) : copyInParts(s3, { bucket: name, source, etag, size: bytes, to, largestPart: largestCopy })));
    },
    async delete(Key) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
  };
}

function conditionHeaders(condition: WriteCondition | undefined): { IfNoneMatch?: string; IfMatch?: string } {
  if (condition === undefined) return {};
  return 'ifAbsent' in condition ? { IfNoneMatch: '*' } : { IfMatch: condition.ifMatch };
}

/** A condition that does not hold, or an object that has gone since it was listed, means the same: look again. */
async function orFactsChanged<T>(key: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (isAwsError(error, ...PRECONDITION_ERRORS, 'NoSuchKey')) throw new FactsChanged(key, { cause: error });
    throw error;
  }
}

function unquote(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}
