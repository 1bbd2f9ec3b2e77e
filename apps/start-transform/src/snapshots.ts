/** The files of a batch, copied so that overwriting a drop does not change what its job reads. */
import { AttemptSchema, keys, type TransformFile } from '@dropforest/contracts';
import { AppError, FactsChanged, inChunks, type Bucket } from '@dropforest/lambda-kit';
import type { OpenFile } from './backlog.ts';

/** Files that were changed or deleted since they were listed are left out: their own events bring them again. */
export async function takeSnapshots(dataset: string, files: readonly OpenFile[], bucket: Bucket): Promise<readonly TransformFile[]> {
  const taken = await inChunks(files, (file) => takeSnapshot(dataset, file, bucket));
  return taken.filter((file) => file !== undefined);
}

async function takeSnapshot(dataset: string, { key, etag, size, file, lastModified, hasAttempt }: OpenFile, bucket: Bucket): Promise<TransformFile | undefined> {
  const snapshot = keys.snapshot(dataset, etag, file);
  const attempts = hasAttempt ? await bucket.readJson(keys.resultAttempt(dataset, file, etag), AttemptSchema) : undefined;
  try {
    const { sha256 } = await bucket.copy(key, etag, snapshot, size);
    if (sha256 === undefined) throw new AppError('missing', `S3 gave no SHA-256 of ${snapshot}`);
    return { key, etag, size, file, snapshot, sha256, attempt: attempts?.value.attempt ?? 1, droppedAt: new Date(lastModified).toISOString() };
  } catch (error) {
    if (error instanceof FactsChanged) return undefined;
    throw error;
  }
}
