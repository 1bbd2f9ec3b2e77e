import type { Bytes } from '../store/blobs.ts';
import { incompleteBody } from './s3-errors.ts';

/** Longest line that a chunk header or trailer may be: a signature and some room. */
const LONGEST_LINE = 4096;

/**
 * Decodes `aws-chunked`, the framing that S3 clients put inside HTTP's own chunked encoding:
 *
 *     5;chunk-signature=…\r\nhello\r\n0;chunk-signature=…\r\nx-amz-checksum-crc32:…\r\n\r\n
 *
 * Signatures are not checked. Trailers are put into `trailers` before the generator ends.
 *
 * @throws WireError when the body ends early or is not framed
 */
export async function* decodeAwsChunked(source: Bytes, trailers: Map<string, string>): AsyncGenerator<Uint8Array> {
  const reader = createReader(source);
  for (;;) {
    const size = chunkSize(await reader.line());
    if (size === 0) break;
    yield* reader.take(size);
    if ((await reader.line()) !== '') throw incompleteBody();
  }
  // A signed body without trailers may end right after its last chunk header.
  for (let line = await reader.line(true); line !== ''; line = await reader.line(true)) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}

function chunkSize(line: string): number {
  const digits = /^([0-9a-f]{1,8})(?:;|$)/i.exec(line)?.[1];
  if (digits === undefined) throw incompleteBody();
  return Number.parseInt(digits, 16);
}

interface Reader {
  /** The next line without its line break; with `endAllowed`, the empty line at the end of the source. */
  line(endAllowed?: boolean): Promise<string>;
  take(size: number): AsyncGenerator<Uint8Array>;
}

function createReader(source: Bytes): Reader {
  const iterator = source[Symbol.asyncIterator]();
  let buffered: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await iterator.next();
    if (next.done === true) return false;
    const bytes = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    buffered = buffered.length === 0 ? bytes : Buffer.concat([buffered, bytes]);
    return true;
  };
  return {
    async line(endAllowed = false) {
      let end = buffered.indexOf('\r\n');
      while (end < 0) {
        if (buffered.length > LONGEST_LINE) throw incompleteBody();
        if (!(await more())) {
          if (endAllowed && buffered.length === 0) return '';
          throw incompleteBody();
        }
        end = buffered.indexOf('\r\n');
      }
      const line = buffered.toString('latin1', 0, end);
      buffered = buffered.subarray(end + 2);
      return line;
    },
    async *take(size) {
      for (let left = size; left > 0;) {
        if (buffered.length === 0 && !(await more())) throw incompleteBody();
        const piece = buffered.subarray(0, left);
        buffered = buffered.subarray(piece.length);
        left -= piece.length;
        yield piece;
      }
    },
  };
}
