/**
 * S3, REST with XML.
 *
 * Gaps: no versioning, ACLs, policies, tags, encryption, lifecycle, POST uploads, ListMultipartUploads, reading single
 * parts, XXHASH and SHA512 checksums; storage classes are ignored. An object sent without a checksum has none (S3
 * computes CRC64NVME).
 * By design: signatures, expiry and the payload hash are not checked, so any credentials and presigned URLs work. A
 * finished multipart upload is forgotten at once: completing it a second time answers NoSuchUpload.
 * Client quirks: JavaScript streams arrive as aws-chunked inside HTTP chunking, also over plain HTTP; boto waits a
 * second for 100-continue on each PUT if nobody answers it (Node does); `?uploads` and `?uploads=` are the same;
 * checksums in the query of a presigned URL are those of an empty body.
 */
import type { CloudContext } from '../cloud-context.ts';
import { isClientGone } from '../http/message.ts';
import type { HttpReply, HttpRequest } from '../http/message.ts';
import { WireError } from '../http/wire-error.ts';
import { xmlDocument } from '../http/xml.ts';
import { addressOf, detectOperation } from './detect.ts';
import type { S3Operation } from './detect.ts';
import * as buckets from './operations/bucket-operations.ts';
import * as listing from './operations/listing-operations.ts';
import * as multipart from './operations/multipart-operations.ts';
import * as reading from './operations/read-operations.ts';
import * as writing from './operations/write-operations.ts';
import type { S3Context, S3Handler } from './s3-context.ts';

const HANDLERS: Readonly<Record<S3Operation, S3Handler>> = {
  ListBuckets: buckets.listBuckets,
  CreateBucket: buckets.createBucket,
  HeadBucket: buckets.headBucket,
  DeleteBucket: buckets.deleteBucket,
  GetBucketLocation: buckets.getBucketLocation,
  GetBucketVersioning: buckets.getBucketVersioning,
  GetBucketNotificationConfiguration: buckets.getNotification,
  PutBucketNotificationConfiguration: buckets.putNotification,
  ListObjects: listing.listObjectsV1,
  ListObjectsV2: listing.listObjectsV2,
  DeleteObjects: writing.deleteObjects,
  PutObject: writing.putObject,
  CopyObject: writing.copyObject,
  GetObject: reading.getObject,
  HeadObject: reading.headObject,
  DeleteObject: writing.deleteObject,
  CreateMultipartUpload: multipart.createMultipartUpload,
  UploadPart: multipart.uploadPart,
  UploadPartCopy: multipart.uploadPartCopy,
  CompleteMultipartUpload: multipart.completeMultipartUpload,
  AbortMultipartUpload: multipart.abortMultipartUpload,
  ListParts: multipart.listParts,
};

export async function answerS3(request: HttpRequest, s3: S3Context): Promise<HttpReply> {
  const common = { 'x-amz-request-id': request.id, 'x-amz-id-2': 'local-cloud', server: 'AmazonS3' };
  try {
    const address = addressOf(request);
    const reply = await HANDLERS[detectOperation(request, address)]({ ...address, http: request }, s3);
    return { ...reply, headers: { ...common, ...reply.headers } };
  } catch (error) {
    if (!(error instanceof WireError) && !isClientGone(error)) logError(s3.cloud, error);
    const known = error instanceof WireError ? error : new WireError(500, 'InternalError', 'We encountered an internal error. Please try again.');
    return errorReply(request, known, common);
  }
}

function logError({ log }: CloudContext, error: unknown): void {
  log({ level: 'error', from: 's3', message: error instanceof Error ? error.message : String(error), error });
}

/** The answer to HEAD has no body: clients make the code from the status. */
function errorReply(request: HttpRequest, error: WireError, headers: Readonly<Record<string, string>>): HttpReply {
  if (request.method === 'HEAD') return { status: error.status, headers };
  const body = xmlDocument('Error', { Code: error.code, Message: error.message, ...error.details, RequestId: request.id, HostId: 'local-cloud' });
  return { status: error.status, headers: { ...headers, 'content-type': 'application/xml' }, body };
}
