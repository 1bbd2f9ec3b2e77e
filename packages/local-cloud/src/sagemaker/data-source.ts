import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';

import { unpackTar } from 'modern-tar/fs';
import { z } from 'zod';

import { parseJson } from '../json.ts';
import type { ObjectStore } from '../s3/object-store.ts';
import type { StoredObject } from '../s3/stored-object.ts';
import { JobFailure } from './job-failure.ts';
import { parseS3Uri } from './s3-uri.ts';

/** Where data comes from, as a request says it. */
export interface S3DataSource {
  readonly S3DataType: 'S3Prefix' | 'ManifestFile';
  readonly S3Uri: string;
}

/** An object and its path below the source. */
export interface SourceObject {
  readonly object: StoredObject;
  /** With forward slashes; never leaves the folder it is joined to. */
  readonly path: string;
}

/** `[{"prefix": "s3://bucket/folder/"}, "one.csv", "sub/two.csv"]` */
const ManifestSchema = z.tuple([z.object({ prefix: z.string().startsWith('s3://') })], z.string());

/**
 * The objects of a source. A prefix is a string, not a folder: `s3://b/train` also finds `train_old/…`. Keys that end in
 * a slash stand for folders and are left out.
 *
 * @throws JobFailure `ClientError` when there are none, or the manifest is none
 */
export async function resolveSource(store: ObjectStore, source: S3DataSource): Promise<readonly SourceObject[]> {
  const found = source.S3DataType === 'S3Prefix' ? byPrefix(store, source.S3Uri) : await byManifest(store, source.S3Uri);
  if (found.length === 0) throw new JobFailure(`ClientError: ${noObjects(source.S3Uri)}`);
  return found;
}

/** Whether a prefix has an object; the service looks before it accepts a transform job. */
export function hasObjects(store: ObjectStore, { S3DataType, S3Uri }: S3DataSource): boolean {
  const { bucket, key } = parseS3Uri(S3Uri);
  if (S3DataType === 'ManifestFile') return store.find(bucket, key) !== undefined;
  return store.list({ bucket, prefix: key, delimiter: '', after: '', limit: 1 }).entries.length > 0;
}

export function noObjects(uri: string): string {
  return `No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists in the selected region and that objects exist under that S3 prefix.`;
}

function byPrefix(store: ObjectStore, uri: string): readonly SourceObject[] {
  const { bucket, key: prefix } = parseS3Uri(uri);
  const found: SourceObject[] = [];
  for (let after = '', truncated = true; truncated;) {
    const page = store.list({ bucket, prefix, delimiter: '', after, limit: 1000 });
    for (const entry of page.entries) {
      if (entry.kind === 'object' && !entry.object.key.endsWith('/')) found.push({ object: entry.object, path: checkedPath(relativePath(entry.object.key, prefix)) });
    }
    ({ truncated, last: after } = page);
  }
  return found;
}

/** Below the prefix when it names a folder (with or without its slash), else below the folder that the prefix is in. */
function relativePath(key: string, prefix: string): string {
  if (key === prefix) return basename(key);
  if (key.startsWith(`${prefix}/`)) return key.slice(prefix.length + 1);
  return key.slice(prefix.lastIndexOf('/') + 1);
}

async function byManifest(store: ObjectStore, uri: string): Promise<readonly SourceObject[]> {
  const { bucket, key } = parseS3Uri(uri);
  const manifest = store.find(bucket, key);
  if (manifest === undefined) throw new JobFailure(`ClientError: Manifest file not found: ${uri}`);
  const parsed = ManifestSchema.safeParse(parseJson(await text(await store.open(manifest))));
  if (!parsed.success) throw new JobFailure(`ClientError: ${uri} is no manifest: it must be a JSON list whose first element is {"prefix": "s3://bucket/…"} and whose other elements are the paths below it.`);
  const [{ prefix }, ...paths] = parsed.data;
  return paths.map((path) => {
    const target = parseS3Uri(prefix + path);
    const object = store.find(target.bucket, target.key);
    if (object === undefined) throw new JobFailure(`ClientError: The object ${prefix + path}, listed in the manifest ${uri}, does not exist.`);
    return { object, path: checkedPath(path) };
  });
}

function checkedPath(path: string): string {
  if (path.split('/').some((segment) => segment === '..' || segment === '.' || segment === '') || path.includes('\0')) {
    throw new JobFailure(`ClientError: The key "${path}" cannot become a path in the container.`);
  }
  return path;
}

/** Copies objects below a folder, keeping their paths. */
export async function downloadInto(store: ObjectStore, objects: readonly SourceObject[], folder: string): Promise<void> {
  for (const { object, path } of objects) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await store.copyToFile(object, file);
  }
}

/** Unpacks a `.tar.gz` object. @throws JobFailure when it is missing or no such archive */
export async function unpackInto(store: ObjectStore, uri: string, folder: string): Promise<void> {
  const { bucket, key } = parseS3Uri(uri);
  const object = store.find(bucket, key);
  if (object === undefined) throw new JobFailure(`ClientError: Could not find model data at ${uri}.`);
  try {
    await pipeline(await store.open(object), createGunzip(), unpackTar(folder));
  } catch (cause) {
    throw new JobFailure(`ClientError: Failed to extract model data archive ${uri}. Please ensure that the object is a valid tar.gz archive.`, { cause });
  }
}

/** Writes an object to a file, unpacked when it is gzipped. */
export async function downloadFile(store: ObjectStore, object: StoredObject, file: string, gzipped: boolean): Promise<void> {
  if (!gzipped) return store.copyToFile(object, file);
  try {
    await pipeline(await store.open(object), createGunzip(), createWriteStream(file));
  } catch (cause) {
    throw new JobFailure(`ClientError: s3://${object.bucket}/${object.key} is not gzip-compressed, though CompressionType says so.`, { cause });
  }
}
