/** Dropping local files into the bucket. */
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { keys, parseDroppedKey, type Zone } from '@dropforest/contracts';
import { wrongInput } from './errors.ts';
import type { Session } from './session.ts';

/** A file of this machine and its place in the bucket. */
export interface LocalFile {
  readonly path: string;
  readonly size: number;
  /** Its name below the data set's folder. */
  readonly name: string;
  readonly key: string;
}

/** A file that lies in the bucket. */
export interface DroppedFile extends LocalFile {
  readonly etag: string;
}

/** @throws CliError (exit code 2) when a path is no readable file, or two have the same name */
export function findFiles(zone: Zone, dataset: string, paths: readonly string[]): readonly LocalFile[] {
  const files = paths.map((path): LocalFile => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throw wrongInput(`there is no file ${path}`, 'Check the path');
    if (!stats.isFile()) throw wrongInput(`${path} is no file`, `Name the files in it: ${path}/*.csv`);
    return { path, size: stats.size, name: basename(path), key: keys.drop(zone, dataset, basename(path)) };
  });
  const ignored = files.find(({ key }) => ['ignored', 'marker'].includes(parseDroppedKey(key).kind));
  if (ignored !== undefined) throw wrongInput(`${ignored.path} has a name that is no table's`, 'Name tables *.csv, *.tsv or *.txt');
  const twice = files.find(({ name }, index) => files.findIndex((file) => file.name === name) !== index);
  if (twice !== undefined) throw wrongInput(`two files are called ${twice.name}`, 'Give them different names: they would lie at the same place in the bucket');
  return files;
}

export async function dropFile(file: LocalFile, { clients, bucket }: Session): Promise<DroppedFile> {
  const { ETag = '' } = await clients.s3.send(
    // A stream of no bytes has no length that a client would believe.
    new PutObjectCommand({ Bucket: bucket.name, Key: file.key, Body: file.size === 0 ? '' : createReadStream(file.path), ContentLength: file.size, ContentType: 'text/csv' }),
  );
  return { ...file, etag: ETag.replaceAll('"', '') };
}

/** Says that the data set's training files are all there: what starts a training where dataset.json asks for it. */
export function dropMarker(dataset: string, { bucket }: Session): Promise<void> {
  return bucket.write(keys.drop('train', dataset, '_SUCCESS'), '', 'text/plain');
}

/** The id is what `dropforest status <dataset> <id>` takes. */
export function describeDrop({ key, etag }: DroppedFile): string {
  return `dropped ${key}, id ${shortId(etag)}`;
}

/** As much of an etag as tells contents apart at a glance; `dropforest status` takes the beginning of one. */
export function shortId(etag: string): string {
  return etag.slice(0, 12);
}
