/** gzip by its magic bytes, whatever the file is called, with a bound on what comes out. */
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { TabularError } from './errors.ts';
import type { FileProblem } from './problems.ts';

/** What a file in memory may unpack to: one string holds it. */
const LARGEST_IN_MEMORY = 0x1fff_ffe8;
/** What a streamed file may unpack to. A thousandfold is what gzip makes of nothing but blanks. */
const LARGEST_STREAMED = 2 ** 36;

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks a file in memory, or the beginning of one.
 * @param complete whether `bytes` are the whole file; otherwise what can be unpacked is enough
 * @throws TabularError `broken-gzip`, `too-large`
 */
export function gunzip(bytes: Uint8Array, complete: boolean, maximum = LARGEST_IN_MEMORY): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: maximum, finishFlush: complete ? constants.Z_FINISH : constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw gunzipError(cause, maximum);
  }
}

/**
 * Unpacks a stream piece by piece.
 * @throws TabularError `broken-gzip`, `too-large`
 */
export async function* gunzipStream(pieces: AsyncIterable<Uint8Array>, maximum = LARGEST_STREAMED): AsyncGenerator<Uint8Array> {
  const unpacker = createGunzip({ chunkSize: 1 << 18 });
  let failed = false;
  const feeding = feed(pieces, unpacker).catch((cause: unknown) => {
    failed = true;
    unpacker.destroy(cause instanceof Error ? cause : new Error(String(cause)));
  });
  let unpacked = 0;
  try {
    for await (const piece of unpacker as AsyncIterable<Uint8Array>) {
      unpacked += piece.length;
      if (unpacked > maximum) throw new TabularError(bomb(maximum));
      yield piece;
    }
  } catch (cause) {
    // A failure of the source is its owner's business and passes as it is.
    throw failed || cause instanceof TabularError ? cause : gunzipError(cause, maximum);
  } finally {
    unpacker.destroy();
    await feeding;
  }
}

async function feed(pieces: AsyncIterable<Uint8Array>, into: ReturnType<typeof createGunzip>): Promise<void> {
  for await (const piece of pieces) {
    if (into.destroyed) return;
    // Called once the piece is unpacked, or the unpacker gone: until then the piece must not change.
    await new Promise<void>((resolve) => {
      into.write(piece, () => {
        resolve();
      });
    });
  }
  into.end();
}

function gunzipError(cause: unknown, maximum: number): TabularError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return new TabularError(code === 'ERR_BUFFER_TOO_LARGE' ? bomb(maximum) : broken(), undefined, { cause });
}

function bomb(maximum: number): FileProblem {
  return {
    code: 'too-large',
    message: `the gzip file unpacks to more than ${maximum} bytes`,
    remedy: 'split the table into several files, each with the header',
  };
}

function broken(): FileProblem {
  return { code: 'broken-gzip', message: 'the gzip file is damaged or cut off', remedy: 'pack it again, check it with "gzip -t", and upload it whole' };
}
