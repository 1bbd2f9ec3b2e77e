import { createReadStream } from 'node:fs';

import type { ByteRange } from '../store/blobs.ts';

/** A record is longer than a request may be. */
export class RecordTooLargeError extends Error {
  override readonly name = 'RecordTooLargeError';
}

const NEWLINE = 0x0a;

/**
 * Cuts a file of lines into the bodies of requests. A record is a line with its line break; requests hold whole
 * records, in order, each byte once.
 *
 * @param size the file's length in bytes
 * @param mostBytes the longest body; with `single` the longest record
 * @param single one record a request, else as many as fit
 * @throws RecordTooLargeError
 */
export async function* recordRanges(file: string, size: number, mostBytes: number, single: boolean): AsyncGenerator<ByteRange> {
  let start = 0;
  let end = 0;
  for await (const recordEnd of recordEnds(file, size)) {
    const isFull = single || recordEnd - start > mostBytes;
    if (isFull && end > start) {
      yield { start, end: end - 1 };
      start = end;
    }
    if (recordEnd - start > mostBytes) throw new RecordTooLargeError(`A record of ${recordEnd - start} bytes is larger than the payload limit of ${mostBytes} bytes.`);
    end = recordEnd;
  }
  if (end > start) yield { start, end: end - 1 };
}

/** Offsets right after each line break, and the end of a last line that has none. */
async function* recordEnds(file: string, size: number): AsyncGenerator<number> {
  let offset = 0;
  let last = 0;
  const chunks: AsyncIterable<Buffer> = createReadStream(file);
  for await (const chunk of chunks) {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) {
      last = offset + at + 1;
      yield last;
    }
    offset += chunk.length;
  }
  if (last < size) yield size;
}
