import type { CloudContext } from '../cloud-context.ts';
import { header } from '../http/message.ts';
import type { HttpReply, HttpRequest } from '../http/message.ts';
import { xmlDocument } from '../http/xml.ts';
import type { XmlNode } from '../http/xml.ts';
import type { Bucket } from './buckets.ts';
import type { S3Address } from './detect.ts';
import type { MultipartStore } from './multipart-store.ts';
import type { Origin } from './object-events.ts';
import type { ObjectStore } from './object-store.ts';
import { noSuchBucket } from './s3-errors.ts';
import type { Checksum } from './stored-object.ts';

/** What S3 operations work on. */
export interface S3Context {
  readonly cloud: CloudContext;
  readonly store: ObjectStore;
  readonly uploads: MultipartStore;
}

/** One request to one operation. */
export interface S3Input extends S3Address {
  readonly http: HttpRequest;
}

export type S3Handler = (input: S3Input, s3: S3Context) => Promise<HttpReply> | HttpReply;

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function xmlReply(root: string, content: XmlNode): HttpReply {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: xmlDocument(root, content, NAMESPACE) };
}

export function emptyReply(status: number, headers: Readonly<Record<string, string>> = {}): HttpReply {
  return { status, headers };
}

/** @throws WireError NoSuchBucket */
export function requireBucket({ store }: S3Context, name: string): Bucket {
  const bucket = store.buckets.find(name);
  if (bucket === undefined) throw noSuchBucket(name);
  return bucket;
}

export function originOf({ http }: S3Input): Origin {
  return { requestId: http.id, sourceAddress: http.sourceAddress };
}

/** `x-amz-checksum-crc32: …` and the type beside it. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (checksum === undefined) return {};
  return { [`x-amz-checksum-${checksum.algorithm.toLowerCase()}`]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** `<ChecksumCRC32>…</ChecksumCRC32>` and the type beside it. */
export function checksumElements(checksum: Checksum | undefined): Record<string, string> {
  return checksum === undefined ? {} : { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };
}

const KEPT_HEADERS = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires'];

/** The request headers that come back with the object. */
export function objectHeaders({ http }: S3Input): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of Object.keys(http.headers)) {
    const value = header(http, name);
    if (value !== undefined && (KEPT_HEADERS.includes(name) || name.startsWith('x-amz-meta-'))) kept[name] = value;
  }
  // aws-chunked is how the body travelled, not what it is.
  const encoding = (header(http, 'content-encoding') ?? '').split(',').map((item) => item.trim()).filter((item) => item !== '' && item !== 'aws-chunked');
  return encoding.length === 0 ? kept : { ...kept, 'content-encoding': encoding.join(',') };
}
