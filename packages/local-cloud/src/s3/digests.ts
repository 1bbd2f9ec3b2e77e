import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

import type { Bytes } from '../store/blobs.ts';

/** The checksum algorithms of S3 that are computed here, by their names on the wire. */
export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** A running digest; `update` may be called many times, `digest` once, at the end. */
export interface Digest {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

export function createDigest(algorithm: ChecksumAlgorithm | 'MD5'): Digest {
  switch (algorithm) {
    case 'CRC32':
      return createCrc32();
    case 'CRC32C':
      return createCrc32c();
    case 'CRC64NVME':
      return createCrc64Nvme();
    default:
      return createCryptographic(algorithm);
  }
}

/** Passes bytes on and feeds them to digests on the way. */
export async function* observe(bytes: Bytes, digests: Iterable<Digest>): AsyncGenerator<Uint8Array> {
  const all = [...digests];
  for await (const chunk of bytes) {
    for (const digest of all) digest.update(chunk);
    yield chunk;
  }
}

function createCryptographic(algorithm: 'MD5' | 'SHA1' | 'SHA256'): Digest {
  const hash = createHash(algorithm);
  return {
    update(bytes) {
      hash.update(bytes);
    },
    digest: () => hash.digest(),
  };
}

function createCrc32(): Digest {
  let value = 0;
  return {
    update(bytes) {
      value = crc32(bytes, value);
    },
    digest: () => bigEndian(value),
  };
}

/** CRC-32C (Castagnoli), reflected. */
function createCrc32c(): Digest {
  const table = crc32cTable();
  let crc = 0xffffffff;
  return {
    update(bytes) {
      for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
    },
    digest: () => bigEndian(~crc >>> 0),
  };
}

function crc32cTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let crc = index;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    return crc;
  });
}

/**
 * CRC-64/NVME (polynomial 0xad93d23594c93659, reflected), the default of newer AWS clients. Two 32-bit halves: BigInt
 * would be some twenty times slower.
 */
function createCrc64Nvme(): Digest {
  const { high: tableHigh, low: tableLow } = crc64Tables();
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update(bytes) {
      for (const byte of bytes) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (tableLow[index] ?? 0);
        high = (high >>> 8) ^ (tableHigh[index] ?? 0);
      }
    },
    digest: () => Buffer.concat([bigEndian(~high >>> 0), bigEndian(~low >>> 0)]),
  };
}

function crc64Tables(): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let index = 0; index < 256; index++) {
    let [h, l] = [0, index];
    for (let bit = 0; bit < 8; bit++) {
      const carry = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (carry) [h, l] = [h ^ 0x9a6c9329, l ^ 0xac4bc9b5];
    }
    high[index] = h;
    low[index] = l;
  }
  return { high, low };
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
