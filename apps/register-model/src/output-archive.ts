/** `output.tar.gz` of a training job: small, bounded, and the only archive that a Lambda function opens. */
import { gunzipSync } from 'node:zlib';
import { keys } from '@dropforest/contracts';
import type { Bucket } from '@dropforest/lambda-kit';
import { unpackTar } from 'modern-tar';

/** The files that are kept, with their content types. Anything else in the archive is left where it is. */
export const OUTPUT_FILES = {
  'manifest.json': 'application/json',
  'metrics.json': 'application/json',
  'comparison.json': 'application/json',
  'report.html': 'text/html; charset=utf-8',
  'rejected.csv': 'text/csv; charset=utf-8',
} as const;

export type OutputFile = keyof typeof OUTPUT_FILES;

const ARCHIVE_LIMIT = 64 << 20;
/** A small gzip may hold a huge file: no more than this is unpacked. */
const UNPACKED_LIMIT = 128 << 20;

/** @throws AppError `missing` when the job left no output, `too-large` when it is over 64 MB */
export async function readOutput(job: string, bucket: Bucket): Promise<ReadonlyMap<OutputFile, Uint8Array>> {
  return readOutputArchive(await bucket.readBytes(`${keys.jobOutputFolder(job)}output.tar.gz`, ARCHIVE_LIMIT));
}

/** @throws RangeError when the archive unpacks to more than 128 MB */
export async function readOutputArchive(archive: Uint8Array): Promise<ReadonlyMap<OutputFile, Uint8Array>> {
  const files = new Map<OutputFile, Uint8Array>();
  for (const { header, data } of await unpackTar(gunzipSync(archive, { maxOutputLength: UNPACKED_LIMIT }))) {
    const name = outputFile(header.name);
    if (name !== undefined && data !== undefined) files.set(name, data);
  }
  return files;
}

function outputFile(name: string): OutputFile | undefined {
  const plain = name.replace(/^\.\//, '');
  return Object.keys(OUTPUT_FILES).find((known): known is OutputFile => known === plain);
}
