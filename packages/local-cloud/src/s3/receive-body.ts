import { header } from '../http/message.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Bytes } from '../store/blobs.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { CHECKSUM_ALGORITHMS, createDigest, observe } from './digests.ts';
import type { ChecksumAlgorithm } from './digests.ts';
import { createByteCount } from './object-store.ts';
import { badDigest, incompleteBody, invalidRequest, notImplemented } from './s3-errors.ts';
import type { S3Context, S3Input } from './s3-context.ts';
import type { Checksum } from './stored-object.ts';

/** A body that has arrived whole and is what the client said it is. */
export interface ReceivedBody {
  readonly blob: string;
  readonly size: number;
  readonly md5: Buffer;
  readonly checksum: Checksum | undefined;
}

const DIGEST_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 };

/**
 * Streams the body of a request into a new blob, undoing aws-chunked, and checks length, Content-MD5 and checksum,
 * whether they came as header or as trailer. After an error no blob is left.
 *
 * @param usual the checksum to compute when the client names none
 * @throws WireError BadDigest, IncompleteBody, InvalidRequest
 */
export async function receiveBody({ http }: S3Input, { cloud, store }: S3Context, usual?: ChecksumAlgorithm): Promise<ReceivedBody> {
  const algorithm = announcedAlgorithm(http) ?? usual;
  const trailers = new Map<string, string>();
  const [md5, count] = [createDigest('MD5'), createByteCount()];
  const digest = algorithm === undefined ? undefined : createDigest(algorithm);
  const blob = cloud.newId();
  try {
    await cloud.blobs.write(blob, observe(payload(http, trailers), digest === undefined ? [md5, count] : [md5, count, digest]));
    checkLength(http, count.bytes());
    const hash = md5.digest();
    checkContentMd5(http, hash);
    const checksum = algorithm === undefined || digest === undefined ? undefined : checkedChecksum(http, trailers, algorithm, digest.digest());
    return { blob, size: count.bytes(), md5: hash, checksum };
  } catch (error) {
    store.discard(blob);
    throw error;
  }
}

/** What x-amz-checksum-algorithm asks for, in requests that have no body to be checked. @throws WireError NotImplemented */
export function namedAlgorithm({ http }: S3Input): ChecksumAlgorithm | undefined {
  const name = header(http, 'x-amz-checksum-algorithm');
  return name === undefined ? undefined : knownAlgorithm(name);
}

/** Some clients leave out one of the two marks of aws-chunked. */
function payload(http: HttpRequest, trailers: Map<string, string>): Bytes {
  const marked = (header(http, 'x-amz-content-sha256') ?? '').startsWith('STREAMING-') || (header(http, 'content-encoding') ?? '').includes('aws-chunked');
  return marked ? decodeAwsChunked(http.body, trailers) : http.body;
}

function checkLength(http: HttpRequest, size: number): void {
  const expected = header(http, 'x-amz-decoded-content-length');
  if (expected !== undefined && Number(expected) !== size) throw incompleteBody();
}

function checkContentMd5(http: HttpRequest, md5: Buffer): void {
  const expected = header(http, 'content-md5');
  if (expected !== undefined && expected !== md5.toString('base64')) throw badDigest('Content-MD5');
}

/**
 * The algorithm of the checksum header, or of the announced trailer. Checksums in a presigned URL's query are those of
 * an empty body; S3 ignores them.
 */
function announcedAlgorithm(http: HttpRequest): ChecksumAlgorithm | undefined {
  const named = [...Object.keys(http.headers), ...(header(http, 'x-amz-trailer') ?? '').split(',').map((name) => name.trim().toLowerCase())]
    .map((name) => /^x-amz-checksum-(?!algorithm$|type$|mode$)(.+)$/.exec(name)?.[1])
    .filter((name) => name !== undefined);
  const [first] = named;
  if (first === undefined) return undefined;
  if (named.length > 1) throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  return knownAlgorithm(first);
}

function knownAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = CHECKSUM_ALGORITHMS.find((candidate) => candidate === name.toUpperCase());
  if (algorithm === undefined) throw notImplemented(`the checksum algorithm ${name}`);
  return algorithm;
}

function checkedChecksum(http: HttpRequest, trailers: ReadonlyMap<string, string>, algorithm: ChecksumAlgorithm, digest: Buffer): Checksum {
  const name = `x-amz-checksum-${algorithm.toLowerCase()}`;
  const expected = header(http, name) ?? trailers.get(name);
  const value = digest.toString('base64');
  if (expected !== undefined && Buffer.from(expected, 'base64').length !== DIGEST_BYTES[algorithm]) throw invalidRequest(`Value for ${name} header is invalid.`);
  if (expected !== undefined && expected !== value) throw badDigest(algorithm);
  if (expected === undefined && (header(http, 'x-amz-trailer') ?? '').toLowerCase().includes(name)) throw invalidRequest(`The announced trailer ${name} is missing.`);
  return { algorithm, value, type: 'FULL_OBJECT' };
}
