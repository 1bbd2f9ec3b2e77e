/** Where a table's bytes come from. */

/** One file that can be read more than once: training reads it to tell the columns' kinds, and again to fill them. */
export interface CsvSource {
  /** Stands in error messages and in row problems. */
  readonly name?: string;
  /** The file's bytes from the beginning, in pieces of any size. */
  open(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Pieces of a file in memory, so that its text never stands there as a whole. */
const PIECE_BYTES = 1 << 18;

/** A file in memory as a source. */
export function bytesSource(bytes: Uint8Array, name?: string): CsvSource {
  return { ...(name === undefined ? {} : { name }), open: () => piecesOf(bytes) };
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
