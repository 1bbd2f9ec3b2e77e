import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../scripts/shrink-kernel.ts';
import { KERNEL_BASE64 } from '../src/kernel/kernel-bytes.ts';

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('packing the kernel', () => {
  it('loses nothing, whatever the bytes', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ max: 2, maxLength: 400 }));
    fc.assert(fc.property(bytes, (plain) => { expect(unpack(latin1(pack(plain)))).toBe(latin1(plain)); }));
  });

  it('takes a third off', () => {
    const kernel = Buffer.from(KERNEL_BASE64, 'base64');
    expect(unpack(latin1(pack(kernel)))).toBe(latin1(kernel));
    expect(pack(kernel).length / kernel.length).toBeLessThan(2 / 3);
  });
});
