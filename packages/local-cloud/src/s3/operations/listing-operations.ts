import type { XmlNode } from '../../http/xml.ts';
import type { ListingEntry } from '../listing.ts';
import { requireBucket, xmlReply } from '../s3-context.ts';
import type { S3Handler, S3Input } from '../s3-context.ts';
import { invalidArgument } from '../s3-errors.ts';

const LARGEST_PAGE = 1000;

export const listObjectsV2: S3Handler = (input, s3) => {
  requireBucket(s3, input.bucket);
  const common = commonParameters(input);
  const { query } = input.http;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  const after = token === null ? startAfter : fromToken(token);
  const page = s3.store.list({ bucket: input.bucket, ...common, after });
  const truncated = page.truncated && common.limit > 0;
  return xmlReply('ListBucketResult', {
    ...echo(input, common),
    StartAfter: startAfter === '' ? undefined : common.encode(startAfter),
    ContinuationToken: token ?? undefined,
    NextContinuationToken: truncated ? toToken(page.last) : undefined,
    KeyCount: page.entries.length,
    IsTruncated: truncated,
    ...entryElements(page.entries, common.encode),
  });
};

export const listObjectsV1: S3Handler = (input, s3) => {
  requireBucket(s3, input.bucket);
  const common = commonParameters(input);
  const marker = input.http.query.get('marker') ?? '';
  const page = s3.store.list({ bucket: input.bucket, ...common, after: marker });
  const truncated = page.truncated && common.limit > 0;
  return xmlReply('ListBucketResult', {
    ...echo(input, common),
    Marker: common.encode(marker),
    NextMarker: truncated ? common.encode(page.last) : undefined,
    IsTruncated: truncated,
    ...entryElements(page.entries, common.encode),
  });
};

interface CommonParameters {
  readonly prefix: string;
  readonly delimiter: string;
  readonly limit: number;
  readonly encode: (text: string) => string;
  readonly encodingType: string | undefined;
}

function commonParameters({ http: { query } }: S3Input): CommonParameters {
  const encodingType = query.get('encoding-type') ?? undefined;
  if (encodingType !== undefined && encodingType !== 'url') throw invalidArgument('encoding-type', encodingType, 'Invalid Encoding Method specified in Request');
  const maxKeys = query.get('max-keys') ?? String(LARGEST_PAGE);
  if (!/^\d+$/.test(maxKeys)) throw invalidArgument('max-keys', maxKeys, 'Provided max-keys not an integer or within integer range');
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    limit: Math.min(Number(maxKeys), LARGEST_PAGE),
    encode: encodingType === undefined ? (text) => text : encodeKey,
    encodingType,
  };
}

function echo({ bucket, http }: S3Input, { prefix, delimiter, limit, encode, encodingType }: CommonParameters): Record<string, XmlNode> {
  return {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: http.query.has('delimiter') ? encode(delimiter) : undefined,
    MaxKeys: limit,
    EncodingType: encodingType,
  };
}

function entryElements(entries: readonly ListingEntry[], encode: (text: string) => string): Record<string, XmlNode> {
  return {
    Contents: entries
      .filter((entry) => entry.kind === 'object')
      .map(({ object }) => ({
        Key: encode(object.key),
        LastModified: new Date(object.modified).toISOString(),
        ETag: `"${object.etag}"`,
        ChecksumAlgorithm: object.checksum?.algorithm,
        ChecksumType: object.checksum?.type,
        Size: object.size,
        StorageClass: 'STANDARD',
      })),
    CommonPrefixes: entries.filter((entry) => entry.kind === 'prefix').map(({ prefix }) => ({ Prefix: encode(prefix) })),
  };
}

/** `encoding-type=url`: slashes stay. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/');
}

function toToken(last: string): string {
  return Buffer.from(last, 'utf8').toString('base64url');
}

function fromToken(token: string): string {
  const last = Buffer.from(token, 'base64url').toString('utf8');
  if (toToken(last) !== token) throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
  return last;
}
