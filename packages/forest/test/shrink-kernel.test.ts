import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromText, pack, toText, unpack } from '../scripts/shrink-kernel.ts';
import { KERNEL_BASE64 } from '../src/kernel/kernel-bytes.ts';

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Some bytes are smaller in another kind of block. */
function packIfPossible(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return pack(bytes);
  } catch {
    return undefined;
  }
}

describe('packing the kernel', () => {
  it('loses nothing of bytes of which some are frequent', () => {
    const piece = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 40, max: 20 }), fc.uint8Array({ maxLength: 4 }));
    // Copies of pieces, from near and far, one longer than any length that has a symbol.
    const bytes = fc.array(piece, { minLength: 20, maxLength: 120 }).chain((pieces) =>
      fc.array(fc.constantFrom(...pieces), { minLength: 100, maxLength: 400 }).map((copies) => Uint8Array.from([...pieces, ...copies, new Uint8Array(600)].flatMap((part) => [...part]))));
    fc.assert(fc.property(bytes, (plain) => {
      const packed = packIfPossible(plain);
      fc.pre(packed !== undefined);
      expect(unpack(latin1(packed))).toBe(latin1(plain));
    }));
  });

  it('makes text of any bytes, five letters of four', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      const text = toText(bytes);
      expect(text).toMatch(/^(?:[#-w]{5})*$/);
      expect(fromText(text).slice(0, bytes.length)).toBe(latin1(bytes));
      expect(fromText(text).length - bytes.length).toBeLessThan(4);
    }));
  });

  it('refuses what it could not unpack', () => {
    expect(() => pack(Uint8Array.of(1, 2, 3))).toThrow('3 bytes: got no single block');
  });

  it('takes more than half off', () => {
    const kernel = Buffer.from(KERNEL_BASE64, 'base64');
    expect(unpack(latin1(pack(kernel)))).toBe(latin1(kernel));
    expect(pack(kernel).length / kernel.length).toBeLessThan(1 / 2);
  });
});
