/**
 * Binary logarithms out of + − × ÷ alone. `Math.log2` may differ in its last bits between engines and is not the one that a
 * WebAssembly module would call; these operations are fixed by IEEE 754, so every machine and both kernels grow the
 * same trees.
 */

const bits = new DataView(new ArrayBuffer(8));
const MANTISSA = 0xfffff;
const EXPONENT_OF_ONE = 0x3ff00000;

const C0 = 2 / 0.6931471805599453;
const C1 = C0 / 3;
const C2 = C0 / 5;
const C3 = C0 / 7;
const C4 = C0 / 9;
const C5 = C0 / 11;
const C6 = C0 / 13;
const C7 = C0 / 15;
const C8 = C0 / 17;
const C9 = C0 / 19;
const C10 = C0 / 21;

/**
 * log₂ of a positive normal number, to 2 units in the last place; exact for powers of two.
 *
 * x = 2ᵉ · m with m in [√½, √2], and ln m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …) with s = (m − 1) / (m + 1). As |s| < 0.172,
 * the first term left out, s²³/23, is below 2⁻⁵⁷ of the sum.
 */
export function log2(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let exponent = (high >>> 20) - 1023;
  bits.setUint32(0, (high & MANTISSA) | EXPONENT_OF_ONE);
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa *= 0.5;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  const series = C0 + z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * (C6 + z * (C7 + z * (C8 + z * (C9 + z * C10)))))))));
  return exponent + s * series;
}

/** x · log₂ x for x ≥ 0, with its limit 0 at 0: the term of which entropies are made. */
export function xlogx(x: number): number {
  return x > 0 ? x * log2(x) : 0;
}
