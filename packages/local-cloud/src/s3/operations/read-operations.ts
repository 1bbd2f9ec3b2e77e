import { header } from '../../http/message.ts';
import type { HttpReply, HttpRequest } from '../../http/message.ts';
import { WireError } from '../../http/wire-error.ts';
import type { ByteRange } from '../../store/blobs.ts';
import { checkRead } from '../conditions.ts';
import { checksumHeaders, requireBucket } from '../s3-context.ts';
import type { S3Context, S3Handler, S3Input } from '../s3-context.ts';
import { noSuchKey } from '../s3-errors.ts';
import type { StoredObject } from '../stored-object.ts';

export const getObject: S3Handler = (input, s3) => read(input, s3, true);

export const headObject: S3Handler = (input, s3) => read(input, s3, false);

async function read(input: S3Input, s3: S3Context, withBody: boolean): Promise<HttpReply> {
  requireBucket(s3, input.bucket);
  const object = s3.store.find(input.bucket, input.key);
  if (object === undefined) throw noSuchKey(input.key);
  const { http } = input;
  const state = checkRead(object, {
    ifMatch: header(http, 'if-match'),
    ifNoneMatch: header(http, 'if-none-match'),
    ifModifiedSince: header(http, 'if-modified-since'),
    ifUnmodifiedSince: header(http, 'if-unmodified-since'),
  });
  if (state === 'not-modified') return { status: 304, headers: { etag: `"${object.etag}"` } };
  const range = parseRange(header(http, 'range'), object.size);
  const reply = { status: range === undefined ? 200 : 206, headers: responseHeaders(http, object, range) };
  return withBody && object.size > 0 ? { ...reply, body: await s3.store.open(object, range) } : reply;
}

function responseHeaders(http: HttpRequest, object: StoredObject, range: ByteRange | undefined): Record<string, string> {
  // The checksum is that of the whole object; clients would check a part against it.
  const wantsChecksum = header(http, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' && range === undefined;
  return {
    ...object.headers,
    ...overrides(http),
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modified).toUTCString(),
    'accept-ranges': 'bytes',
    'content-length': String(range === undefined ? object.size : range.end - range.start + 1),
    ...(range === undefined ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` }),
    ...(wantsChecksum ? checksumHeaders(object.checksum) : {}),
  };
}

/** `response-content-type=…` and its like, as presigned URLs use them. */
function overrides({ query }: HttpRequest): Record<string, string> {
  const names = ['content-type', 'content-language', 'expires', 'cache-control', 'content-disposition', 'content-encoding'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = query.get(`response-${name}`);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/**
 * One range of RFC 9110; several ranges, or anything that is none, are ignored, as S3 does.
 *
 * @throws WireError InvalidRange when it lies outside the object
 */
export function parseRange(text: string | undefined, size: number): ByteRange | undefined {
  const parsed = /^bytes=(\d*)-(\d*)$/.exec(text ?? '');
  if (parsed === null) return undefined;
  const [, first = '', last = ''] = parsed;
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && first !== '' && Number(last) < Number(first)) return undefined;
  if (start >= size || (first === '' && Number(last) === 0)) {
    throw new WireError(416, 'InvalidRange', 'The requested range is not satisfiable', { RangeRequested: text ?? '', ActualObjectSize: String(size) });
  }
  return { start, end };
}
