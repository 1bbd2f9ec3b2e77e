import { constants, createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Bytes from a request, a file or another blob. */
export type Bytes = AsyncIterable<Uint8Array>;

/** First and last byte, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Immutable byte strings under ids that the caller chooses. A blob counts only once the database names it: what a
 * crash leaves half-written is found by `ids` and removed at the next start.
 */
export interface Blobs {
  write(id: string, bytes: Bytes): Promise<void>;
  /** The stream is open when this resolves: removing the blob afterwards does not disturb it. */
  read(id: string, range?: ByteRange): Promise<Readable>;
  /** Writes the blob's bytes to a new file. */
  copyTo(id: string, file: string): Promise<void>;
  remove(id: string): Promise<void>;
  ids(): Promise<string[]>;
}

export function createMemoryBlobs(): Blobs {
  const blobs = new Map<string, Buffer>();
  const bytesOf = (id: string): Buffer => {
    const bytes = blobs.get(id);
    if (bytes === undefined) throw new Error(`There is no blob ${id}.`);
    return bytes;
  };
  return {
    async write(id, bytes) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      blobs.set(id, Buffer.concat(chunks));
    },
    async read(id, range) {
      const bytes = bytesOf(id);
      return Readable.from([range === undefined ? bytes : bytes.subarray(range.start, range.end + 1)], { objectMode: false });
    },
    copyTo: async (id, file) => writeFile(file, bytesOf(id)),
    async remove(id) {
      blobs.delete(id);
    },
    ids: async () => [...blobs.keys()],
  };
}

/** Blobs as files in one folder, streamed both ways. */
export async function createDiskBlobs(folder: string): Promise<Blobs> {
  await mkdir(folder, { recursive: true });
  const fileOf = (id: string): string => join(folder, id);
  return {
    write: (id, bytes) => pipeline(bytes, createWriteStream(fileOf(id))),
    async read(id, range) {
      const handle = await open(fileOf(id));
      return createReadStream('', { fd: handle, ...range });
    },
    // A clone where the file system can: a container may write to its input, so a hard link would not do.
    copyTo: (id, file) => copyFile(fileOf(id), file, constants.COPYFILE_FICLONE),
    remove: (id) => rm(fileOf(id), { force: true }),
    ids: () => readdir(folder),
  };
}
