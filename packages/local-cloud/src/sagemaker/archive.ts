import { readdir } from 'node:fs/promises';
import { createGzip } from 'node:zlib';

import { packTar } from 'modern-tar/fs';

import type { ObjectStore } from '../s3/object-store.ts';
import { below, parseS3Uri } from './s3-uri.ts';

/** Packs a folder's content into a `.tar.gz` object, paths relative to the folder. @returns the object's URI */
export async function uploadArchive(store: ObjectStore, folder: string, outputPath: string, name: string): Promise<string> {
  const uri = below(outputPath, name);
  const { bucket, key } = parseS3Uri(uri);
  const gzip = createGzip();
  packTar(folder)
    .on('error', (error) => gzip.destroy(error))
    .pipe(gzip);
  await store.put(bucket, key, gzip, { contentType: 'application/x-gzip' });
  return uri;
}

export async function isEmptyFolder(folder: string): Promise<boolean> {
  return (await readdir(folder)).length === 0;
}
