import { createHash } from 'node:crypto';

import { z } from 'zod';

import { header } from '../../http/message.ts';
import { readText } from '../../http/read-body.ts';
import { WireError } from '../../http/wire-error.ts';
import type { Blobs, Bytes } from '../../store/blobs.ts';
import { checkWrite } from '../conditions.ts';
import { createDigest, observe } from '../digests.ts';
import type { ChecksumAlgorithm } from '../digests.ts';
import { UploadChecksumSchema } from '../multipart-store.ts';
import type { Part, Upload } from '../multipart-store.ts';
import { createByteCount } from '../object-store.ts';
import { namedAlgorithm, receiveBody } from '../receive-body.ts';
import { checksumElements, checksumHeaders, emptyReply, objectHeaders, originOf, requireBucket, xmlReply } from '../s3-context.ts';
import type { S3Context, S3Handler, S3Input } from '../s3-context.ts';
import { badDigest, invalidArgument, invalidRequest, noSuchUpload } from '../s3-errors.ts';
import type { Checksum } from '../stored-object.ts';
import { parseRange } from './read-operations.ts';
import { checkTarget, findSource, parseDocument, writeConditions } from './write-operations.ts';

/** Every part but the last. */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;
const LARGEST_PART_NUMBER = 10_000;

export const createMultipartUpload: S3Handler = (input, s3) => {
  checkTarget(input, s3, {});
  const checksum = uploadChecksum(input);
  const id = s3.uploads.create({ bucket: input.bucket, key: input.key, headers: objectHeaders(input), checksum });
  const reply = xmlReply('InitiateMultipartUploadResult', { Bucket: input.bucket, Key: input.key, UploadId: id });
  const headers = checksum === undefined ? {} : { 'x-amz-checksum-algorithm': checksum.algorithm, 'x-amz-checksum-type': checksum.type };
  return { ...reply, headers: { ...reply.headers, ...headers } };
};

export const uploadPart: S3Handler = async (input, s3) => {
  const upload = findUpload(input, s3);
  const number = partNumber(input);
  const body = await receiveBody(input, s3, upload.checksum?.algorithm);
  storePart(s3, upload, number, body);
  return emptyReply(200, { etag: `"${body.md5.toString('hex')}"`, ...partChecksumHeader(body.checksum) });
};

export const uploadPartCopy: S3Handler = async (input, s3) => {
  const upload = findUpload(input, s3);
  const number = partNumber(input);
  const source = findSource(input, s3);
  const range = parseRange(header(input.http, 'x-amz-copy-source-range'), source.size);
  const algorithm = upload.checksum?.algorithm;
  const [md5, count, blob] = [createDigest('MD5'), createByteCount(), s3.cloud.newId()];
  const digest = algorithm === undefined ? undefined : createDigest(algorithm);
  await s3.cloud.blobs.write(blob, observe(await s3.store.open(source, range), digest === undefined ? [md5, count] : [md5, count, digest]));
  const hash = md5.digest();
  const checksum: Checksum | undefined = algorithm === undefined || digest === undefined ? undefined : { algorithm, value: digest.digest().toString('base64'), type: 'FULL_OBJECT' };
  storePart(s3, upload, number, { blob, size: count.bytes(), md5: hash, checksum });
  const { ChecksumType: _type, ...elements } = checksumElements(checksum);
  return xmlReply('CopyPartResult', { LastModified: new Date(s3.cloud.clock.now()).toISOString(), ETag: `"${hash.toString('hex')}"`, ...elements });
};

export const abortMultipartUpload: S3Handler = (input, s3) => {
  const { id } = findUpload(input, s3);
  for (const blob of s3.uploads.remove(id)) s3.store.discard(blob);
  return emptyReply(204);
};

export const listParts: S3Handler = (input, s3) => {
  const upload = findUpload(input, s3);
  const marker = Number(input.http.query.get('part-number-marker') ?? 0);
  const limit = Math.min(Number(input.http.query.get('max-parts') ?? 1000), 1000);
  const rest = s3.uploads.parts(upload.id).filter(({ number }) => number > marker);
  const page = rest.slice(0, limit);
  return xmlReply('ListPartsResult', {
    Bucket: upload.bucket,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.number ?? 0,
    MaxParts: limit,
    IsTruncated: rest.length > page.length,
    ChecksumAlgorithm: upload.checksum?.algorithm,
    ChecksumType: upload.checksum?.type,
    Part: page.map((part) => ({
      PartNumber: part.number,
      LastModified: new Date(part.modified).toISOString(),
      ETag: `"${part.etag}"`,
      Size: part.size,
      ...(part.checksum === undefined ? {} : { [`Checksum${part.checksum.algorithm}`]: part.checksum.value }),
    })),
  });
};

const CompleteSchema = z.object({
  CompleteMultipartUpload: z.object({ Part: z.array(z.looseObject({ PartNumber: z.coerce.number(), ETag: z.string() })).min(1) }),
});
type NamedPart = z.infer<typeof CompleteSchema>['CompleteMultipartUpload']['Part'][number];

export const completeMultipartUpload: S3Handler = async (input, s3) => {
  const upload = findUpload(input, s3);
  const conditions = writeConditions(input.http);
  checkWrite(s3.store.find(input.bucket, input.key), input.key, conditions);
  const document = parseDocument(CompleteSchema, await readText(input.http), ['Part']);
  const parts = chooseParts(upload, s3.uploads.parts(upload.id), document.CompleteMultipartUpload.Part);
  const blob = s3.cloud.newId();
  try {
    const { size, checksum } = await joinParts(s3.cloud.blobs, blob, parts, upload);
    checkWholeChecksum(input, checksum);
    const stored = s3.cloud.database.transaction(() => {
      const object = { bucket: upload.bucket, key: upload.key, blob, size, etag: multipartEtag(parts), headers: upload.headers, checksum };
      const committed = s3.store.commit(object, { reason: 'CompleteMultipartUpload', origin: originOf(input), conditions });
      for (const part of s3.uploads.remove(upload.id)) s3.cloud.database.afterCommit(() => s3.store.discard(part));
      return committed;
    });
    return xmlReply('CompleteMultipartUploadResult', {
      Location: `/${upload.bucket}/${upload.key}`,
      Bucket: upload.bucket,
      Key: upload.key,
      ETag: `"${stored.etag}"`,
      ...checksumElements(checksum),
    });
  } catch (error) {
    s3.store.discard(blob);
    throw error;
  }
};

function uploadChecksum(input: S3Input): Upload['checksum'] {
  const algorithm = namedAlgorithm(input);
  if (algorithm === undefined) return undefined;
  const usual = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  const parsed = UploadChecksumSchema.safeParse({ algorithm, type: header(input.http, 'x-amz-checksum-type') ?? usual });
  if (!parsed.success) throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  return parsed.data;
}

function findUpload({ bucket, key, http }: S3Input, s3: S3Context): Upload {
  requireBucket(s3, bucket);
  const id = http.query.get('uploadId') ?? '';
  const upload = s3.uploads.find(id);
  if (upload === undefined || upload.bucket !== bucket || upload.key !== key) throw noSuchUpload(id);
  return upload;
}

function partNumber({ http }: S3Input): number {
  const text = http.query.get('partNumber') ?? '';
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > LARGEST_PART_NUMBER) {
    throw invalidArgument('partNumber', text, `Part number must be an integer between 1 and ${LARGEST_PART_NUMBER}, inclusive`);
  }
  return number;
}

/** The upload may have been completed or aborted while the part arrived. */
function storePart(s3: S3Context, upload: Upload, number: number, body: Parameters<S3Context['uploads']['putPart']>[2]): void {
  if (s3.uploads.find(upload.id) === undefined) {
    s3.store.discard(body.blob);
    throw noSuchUpload(upload.id);
  }
  const replaced = s3.uploads.putPart(upload.id, number, body);
  if (replaced !== undefined) s3.store.discard(replaced);
}

function partChecksumHeader(checksum: Checksum | undefined): Record<string, string> {
  const { 'x-amz-checksum-type': _type, ...headers } = checksumHeaders(checksum);
  return headers;
}

function chooseParts(upload: Upload, stored: readonly Part[], named: readonly NamedPart[]): readonly Part[] {
  const byNumber = new Map(stored.map((part) => [part.number, part]));
  if (named.some((name, index) => name.PartNumber <= (named[index - 1]?.PartNumber ?? 0))) {
    throw new WireError(400, 'InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.');
  }
  return named.map((name, index) => {
    const part = byNumber.get(name.PartNumber);
    if (part === undefined || part.etag !== name.ETag.replaceAll('"', '')) throw invalidPart(upload, name);
    checkPartChecksum(upload, part, name);
    const isLast = index === named.length - 1;
    if (!isLast && part.size < SMALLEST_PART_BYTES) throw new WireError(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', { ProposedSize: String(part.size), MinSizeAllowed: String(SMALLEST_PART_BYTES), PartNumber: String(part.number) });
    return part;
  });
}

function checkPartChecksum({ checksum, ...upload }: Upload, part: Part, named: NamedPart): void {
  if (checksum === undefined) return;
  const given = named[`Checksum${checksum.algorithm}`];
  if (given === undefined && checksum.type === 'COMPOSITE' && part.checksum !== undefined) {
    throw invalidRequest(`The upload was created using a ${checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${part.number} in the request.`);
  }
  if (given !== undefined && given !== part.checksum?.value) throw invalidPart({ checksum, ...upload }, named);
}

function invalidPart({ id }: Upload, { PartNumber, ETag }: NamedPart): WireError {
  return new WireError(400, 'InvalidPart', "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.", {
    UploadId: id,
    PartNumber: String(PartNumber),
    ETag,
  });
}

async function joinParts(blobs: Blobs, blob: string, parts: readonly Part[], { checksum }: Upload): Promise<{ size: number; checksum: Checksum | undefined }> {
  const digest = checksum?.type === 'FULL_OBJECT' ? createDigest(checksum.algorithm) : undefined;
  await blobs.write(blob, observe(concatenate(blobs, parts), digest === undefined ? [] : [digest]));
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (checksum === undefined) return { size, checksum: undefined };
  const { algorithm, type } = checksum;
  return { size, checksum: digest === undefined ? composite(algorithm, parts) : { algorithm, type, value: digest.digest().toString('base64') } };
}

async function* concatenate(blobs: Blobs, parts: readonly Part[]): Bytes {
  for (const { blob } of parts) {
    const bytes: Bytes = await blobs.read(blob);
    yield* bytes;
  }
}

/** The checksum of the parts' checksums. */
function composite(algorithm: ChecksumAlgorithm, parts: readonly Part[]): Checksum | undefined {
  const digest = createDigest(algorithm);
  for (const part of parts) {
    if (part.checksum === undefined) return undefined;
    digest.update(Buffer.from(part.checksum.value, 'base64'));
  }
  return { algorithm, type: 'COMPOSITE', value: `${digest.digest().toString('base64')}-${parts.length}` };
}

function checkWholeChecksum({ http }: S3Input, checksum: Checksum | undefined): void {
  if (checksum === undefined) return;
  const given = header(http, `x-amz-checksum-${checksum.algorithm.toLowerCase()}`);
  const bare = checksum.value.replace(/-\d+$/, '');
  if (given !== undefined && given !== checksum.value && given !== bare) throw badDigest(checksum.algorithm);
}

function multipartEtag(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}
