import { header } from '../http/message.ts';
import type { HttpRequest } from '../http/message.ts';
import { WireError } from '../http/wire-error.ts';
import { invalidRequest, notImplemented } from './s3-errors.ts';

export type S3Operation =
  | 'ListBuckets'
  | 'CreateBucket'
  | 'HeadBucket'
  | 'DeleteBucket'
  | 'GetBucketLocation'
  | 'GetBucketVersioning'
  | 'GetBucketNotificationConfiguration'
  | 'PutBucketNotificationConfiguration'
  | 'ListObjects'
  | 'ListObjectsV2'
  | 'DeleteObjects'
  | 'PutObject'
  | 'CopyObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'UploadPartCopy'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts';

/** Which bucket and key a request names; both decoded, empty where absent. */
export interface S3Address {
  readonly bucket: string;
  readonly key: string;
}

/** Reads path style (`/bucket/key`) and virtual-host style (`bucket.localhost`). @throws WireError InvalidURI */
export function addressOf(request: HttpRequest): S3Address {
  const virtualHost = /^(.+)\.localhost(?::\d+)?$/i.exec(header(request, 'host') ?? '')?.[1];
  const path = request.path.slice(1);
  if (virtualHost !== undefined) return { bucket: virtualHost, key: decode(path) };
  const slash = path.indexOf('/');
  return slash < 0 ? { bucket: decode(path), key: '' } : { bucket: decode(path.slice(0, slash)), key: decode(path.slice(slash + 1)) };
}

/** Sub-resources that exist in S3 and not here: taking them for a plain GET or PUT would damage data. */
const ABSENT = [
  'accelerate', 'acl', 'analytics', 'attributes', 'cors', 'encryption', 'intelligent-tiering', 'inventory', 'legal-hold', 'lifecycle', 'logging',
  'metrics', 'object-lock', 'ownershipControls', 'policy', 'policyStatus', 'publicAccessBlock', 'replication', 'requestPayment', 'restore',
  'retention', 'select', 'tagging', 'torrent', 'versionId', 'versions', 'website',
];

/** Which operation a request asks for; pure. @throws WireError for one that the local cloud does not have */
export function detectOperation(request: HttpRequest, { bucket, key }: S3Address): S3Operation {
  const absent = ABSENT.find((name) => request.query.has(name));
  if (absent !== undefined) throw notImplemented(`the sub-resource ?${absent}`);
  const operation = bucket === '' ? serviceOperation(request) : key === '' ? bucketOperation(request) : objectOperation(request);
  if (operation === undefined) throw new WireError(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
  return operation;
}

function serviceOperation({ method }: HttpRequest): S3Operation | undefined {
  return method === 'GET' ? 'ListBuckets' : undefined;
}

function bucketOperation({ method, query }: HttpRequest): S3Operation | undefined {
  switch (method) {
    case 'GET':
      if (query.has('location')) return 'GetBucketLocation';
      if (query.has('versioning')) return 'GetBucketVersioning';
      if (query.has('notification')) return 'GetBucketNotificationConfiguration';
      if (query.has('uploads')) throw notImplemented('ListMultipartUploads');
      return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
    case 'PUT':
      if (query.has('versioning')) throw notImplemented('versioning');
      return query.has('notification') ? 'PutBucketNotificationConfiguration' : 'CreateBucket';
    case 'HEAD':
      return 'HeadBucket';
    case 'DELETE':
      return 'DeleteBucket';
    case 'POST':
      return query.has('delete') ? 'DeleteObjects' : undefined;
    default:
      return undefined;
  }
}

function objectOperation(request: HttpRequest): S3Operation | undefined {
  const { method, query } = request;
  const isPart = query.has('uploadId');
  switch (method) {
    case 'GET':
      if (isPart) return 'ListParts';
      if (query.has('partNumber')) throw notImplemented('reading one part of an object');
      return 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'PUT':
      if (query.has('partNumber') !== isPart) throw invalidRequest('This operation takes both partNumber and uploadId.');
      if (header(request, 'x-amz-copy-source') !== undefined) return isPart ? 'UploadPartCopy' : 'CopyObject';
      return isPart ? 'UploadPart' : 'PutObject';
    case 'POST':
      if (query.has('uploads')) return 'CreateMultipartUpload';
      return isPart ? 'CompleteMultipartUpload' : undefined;
    case 'DELETE':
      return isPart ? 'AbortMultipartUpload' : 'DeleteObject';
    default:
      return undefined;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new WireError(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}
