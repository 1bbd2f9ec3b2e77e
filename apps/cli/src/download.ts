/** Fetching results from the bucket. */
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { CliError, EXIT } from './errors.ts';
import type { Session } from './session.ts';

/** The file is there whole or not at all. */
export async function download(key: string, path: string, { clients, bucket }: Session): Promise<void> {
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
  const partial = `${path}.partial`;
  try {
    if (!(Body instanceof Readable)) throw new TypeError(`s3://${bucket.name}/${key} has no body`);
    await pipeline(Body, createWriteStream(partial));
    renameSync(partial, path);
  } catch (cause) {
    rmSync(partial, { force: true });
    throw new CliError(EXIT.jobFailed, `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, { remedy: 'Check the folder and the free space', cause });
  }
}
