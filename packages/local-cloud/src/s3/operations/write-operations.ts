import { createHash } from 'node:crypto';

import { z } from 'zod';

import { header } from '../../http/message.ts';
import type { HttpRequest } from '../../http/message.ts';
import { readText } from '../../http/read-body.ts';
import { WireError } from '../../http/wire-error.ts';
import { parseXml } from '../../http/xml.ts';
import { checkRead, checkWrite } from '../conditions.ts';
import type { WriteConditions } from '../conditions.ts';
import { createDigest } from '../digests.ts';
import type { ChecksumAlgorithm } from '../digests.ts';
import type { NewObject } from '../object-store.ts';
import { namedAlgorithm, receiveBody } from '../receive-body.ts';
import { checksumElements, checksumHeaders, emptyReply, objectHeaders, originOf, requireBucket, xmlReply } from '../s3-context.ts';
import type { S3Context, S3Handler, S3Input } from '../s3-context.ts';
import { badDigest, invalidArgument, invalidRequest, malformedXml, noSuchKey, preconditionFailed } from '../s3-errors.ts';
import type { Checksum, StoredObject } from '../stored-object.ts';

export const putObject: S3Handler = async (input, s3) => {
  const conditions = writeConditions(input.http);
  checkTarget(input, s3, conditions);
  const { blob, size, md5, checksum } = await receiveBody(input, s3);
  const object: NewObject = { bucket: input.bucket, key: input.key, blob, size, etag: md5.toString('hex'), headers: objectHeaders(input), checksum };
  try {
    const stored = s3.store.commit(object, { reason: 'PutObject', origin: originOf(input), conditions });
    return emptyReply(200, { etag: `"${stored.etag}"`, ...checksumHeaders(checksum) });
  } catch (error) {
    s3.store.discard(blob);
    throw error;
  }
};

/** Server side: source and copy share their bytes. */
export const copyObject: S3Handler = async (input, s3) => {
  const conditions = writeConditions(input.http);
  checkTarget(input, s3, conditions);
  const source = findSource(input, s3);
  const replaces = (header(input.http, 'x-amz-metadata-directive') ?? 'COPY').toUpperCase() === 'REPLACE';
  if (!replaces && source.bucket === input.bucket && source.key === input.key) {
    throw invalidRequest("This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
  }
  const target: NewObject = {
    bucket: input.bucket,
    key: input.key,
    blob: source.blob,
    size: source.size,
    etag: await wholeEtag(source, s3),
    headers: replaces ? objectHeaders(input) : source.headers,
    checksum: await copyChecksum(input, source, s3),
  };
  const stored = s3.store.share(source, target, { reason: 'CopyObject', origin: originOf(input), conditions });
  return xmlReply('CopyObjectResult', { LastModified: new Date(stored.modified).toISOString(), ETag: `"${stored.etag}"`, ...checksumElements(stored.checksum) });
};

export const deleteObject: S3Handler = (input, s3) => {
  requireBucket(s3, input.bucket);
  const ifMatch = header(input.http, 'if-match');
  if (ifMatch !== undefined) checkWrite(s3.store.find(input.bucket, input.key), input.key, { ifMatch });
  s3.store.delete(input.bucket, input.key, originOf(input));
  return emptyReply(204);
};

const DeleteSchema = z.object({
  Delete: z.object({ Object: z.array(z.object({ Key: z.string() })).min(1).max(1000), Quiet: z.stringbool().optional() }),
});

export const deleteObjects: S3Handler = async (input, s3) => {
  requireBucket(s3, input.bucket);
  const text = await readText(input.http);
  const md5 = header(input.http, 'content-md5');
  if (md5 !== undefined && md5 !== createHash('md5').update(text).digest('base64')) throw badDigest('Content-MD5');
  const { Delete } = parseDocument(DeleteSchema, text, ['Object']);
  for (const { Key } of Delete.Object) s3.store.delete(input.bucket, Key, originOf(input));
  return xmlReply('DeleteResult', Delete.Quiet === true ? '' : { Deleted: Delete.Object.map(({ Key }) => ({ Key })) });
};

/** @throws WireError MalformedXML */
export function parseDocument<T>(schema: z.ZodType<T>, text: string, lists: readonly string[]): T {
  let document: unknown;
  try {
    document = parseXml(text, lists);
  } catch {
    throw malformedXml();
  }
  const parsed = schema.safeParse(document);
  if (!parsed.success) throw malformedXml();
  return parsed.data;
}

export function writeConditions(http: HttpRequest): WriteConditions {
  return { ifMatch: header(http, 'if-match'), ifNoneMatch: header(http, 'if-none-match') };
}

/** Everything that can be refused before the body is read; the conditions are checked again when it is stored. */
export function checkTarget({ bucket, key }: S3Input, s3: S3Context, conditions: WriteConditions): void {
  requireBucket(s3, bucket);
  const bytes = Buffer.byteLength(key);
  if (bytes > 1024) throw new WireError(400, 'KeyTooLongError', 'Your key is too long', { Size: String(bytes), MaxSizeAllowed: '1024' });
  checkWrite(s3.store.find(bucket, key), key, conditions);
}

/** The object that x-amz-copy-source names, once its conditions hold. */
export function findSource({ http }: S3Input, s3: S3Context): StoredObject {
  const text = header(http, 'x-amz-copy-source') ?? '';
  const [, bucket = '', key = ''] = /^\/?([^/]+)\/(.+)$/s.exec(decodeSource(text)) ?? [];
  if (bucket === '') throw invalidArgument('x-amz-copy-source', text, 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  requireBucket(s3, bucket);
  const source = s3.store.find(bucket, key);
  if (source === undefined) throw noSuchKey(key);
  const state = checkRead(source, {
    ifMatch: header(http, 'x-amz-copy-source-if-match'),
    ifNoneMatch: header(http, 'x-amz-copy-source-if-none-match'),
    ifModifiedSince: header(http, 'x-amz-copy-source-if-modified-since'),
    ifUnmodifiedSince: header(http, 'x-amz-copy-source-if-unmodified-since'),
  });
  if (state === 'not-modified') throw preconditionFailed('x-amz-copy-source-If-None-Match');
  return source;
}

function decodeSource(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\?versionId=null$/, ''));
  } catch {
    throw invalidArgument('x-amz-copy-source', text, 'Copy Source is not a valid URL-encoded string');
  }
}

/** A copy is one part, so that its ETag is the MD5 of the whole, also where the source was a multipart upload. */
async function wholeEtag(source: StoredObject, s3: S3Context): Promise<string> {
  return source.etag.includes('-') ? (await digestOf(source, 'MD5', s3)).toString('hex') : source.etag;
}

/** Of the algorithm that the request names, else the source's own; always of the whole. */
async function copyChecksum(input: S3Input, source: StoredObject, s3: S3Context): Promise<Checksum | undefined> {
  const own = source.checksum?.type === 'COMPOSITE' ? undefined : source.checksum;
  const algorithm = namedAlgorithm(input);
  if (algorithm === undefined || algorithm === own?.algorithm) return own;
  return { algorithm, value: (await digestOf(source, algorithm, s3)).toString('base64'), type: 'FULL_OBJECT' };
}

async function digestOf(source: StoredObject, algorithm: ChecksumAlgorithm | 'MD5', { store }: S3Context): Promise<Buffer> {
  const digest = createDigest(algorithm);
  const bytes: AsyncIterable<Uint8Array> = await store.open(source);
  for await (const chunk of bytes) digest.update(chunk);
  return digest.digest();
}
