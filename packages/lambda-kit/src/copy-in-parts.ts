/** Copies of objects that one CopyObject request would refuse. */
import { AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, UploadPartCopyCommand, type CompletedPart, type S3Client } from '@aws-sdk/client-s3';
import { AppError } from './errors.ts';
import { inChunks } from './in-chunks.ts';

/**
 * What CopyObject, and UploadPartCopy of one part, take.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
export const LARGEST_COPY = 5 * 1024 ** 3;
/** S3 copies parts side by side, so smaller ones are sooner done. */
const USUAL_PART = 512 * 1024 ** 2;
const MOST_PARTS = 10_000;

export interface LargeCopy {
  readonly bucket: string;
  /** Bucket and key, URL-encoded. */
  readonly source: string;
  readonly etag: string;
  /** Bytes of the source. */
  readonly size: number;
  readonly to: string;
  /** Bytes that a part may have. */
  readonly largestPart: number;
}

/** An upload that cannot be finished is taken back: S3 would keep, and charge for, its parts. */
export async function copyInParts(s3: S3Client, copy: LargeCopy): Promise<{ readonly etag: string }> {
  const target = { Bucket: copy.bucket, Key: copy.to };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  if (UploadId === undefined) throw new AppError('missing', `S3 gave no UploadId for ${copy.to}`);
  try {
    const Parts = await inChunks(rangesOf(copy), (range, index) => copyPart(s3, copy, UploadId, index + 1, range));
    const { ETag = '' } = await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
    return { etag: ETag.replaceAll('"', '') };
  } catch (error) {
    await s3.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
    throw error;
  }
}

/** `bytes=0-536870911` and so on. */
function rangesOf({ size, largestPart }: LargeCopy): readonly string[] {
  const part = Math.min(largestPart, Math.max(USUAL_PART, Math.ceil(size / MOST_PARTS)));
  return Array.from({ length: Math.ceil(size / part) }, (_, index) => `bytes=${index * part}-${Math.min(size, (index + 1) * part) - 1}`);
}

/** Whatever checksum S3 made of a part has to be named when the parts are put together. */
async function copyPart(s3: S3Client, { bucket, source, etag, to }: LargeCopy, UploadId: string, PartNumber: number, CopySourceRange: string): Promise<CompletedPart> {
  const request = { Bucket: bucket, Key: to, UploadId, PartNumber, CopySource: source, CopySourceIfMatch: etag, CopySourceRange };
  const { CopyPartResult } = await s3.send(new UploadPartCopyCommand(request));
  const { LastModified: _, ...made } = CopyPartResult ?? {};
  return { ...made, PartNumber };
}
