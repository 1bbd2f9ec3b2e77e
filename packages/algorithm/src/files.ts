import type { Files } from './algorithm.ts';
import { ArtifactError } from './errors.ts';

/**
 * A file of a saved model.
 * @param algorithm the algorithm that needs it, for the message
 * @throws ArtifactError naming the file and those that there are
 */
export function requireFile(files: Files, name: string, algorithm: string): Uint8Array {
  const bytes = files.get(name);
  if (bytes !== undefined) return bytes;
  const got = files.size === 0 ? 'no files' : [...files.keys()].join(', ');
  throw new ArtifactError(
    'missing-file',
    `algorithm ${JSON.stringify(algorithm)}: got ${got}, expected ${name}: the model is incomplete or was saved by another algorithm`,
  );
}

/**
 * The bytes as a buffer of their own: the same memory where they fill it, else a copy. What comes out of an archive
 * often begins in the middle of a larger buffer, where typed views of wider numbers cannot be laid.
 */
export function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? buffer : new Uint8Array(bytes).buffer;
}
