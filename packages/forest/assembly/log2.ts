/** Binary logarithms, operation by operation those of ../src/twin/log2.ts. */

const C0: f64 = 2 / 0.6931471805599453;
const C1: f64 = C0 / 3;
const C2: f64 = C0 / 5;
const C3: f64 = C0 / 7;
const C4: f64 = C0 / 9;
const C5: f64 = C0 / 11;
const C6: f64 = C0 / 13;
const C7: f64 = C0 / 15;
const C8: f64 = C0 / 17;
const C9: f64 = C0 / 19;
const C10: f64 = C0 / 21;
const ROOT: f64 = 1.4142135623730951;

/** log₂ of a positive normal number. */
export function log2(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let exponent = <i32>(bits >> 52) - 1023;
  let mantissa = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (mantissa > ROOT) {
    mantissa *= 0.5;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  const series = C0 + z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * (C6 + z * (C7 + z * (C8 + z * (C9 + z * C10)))))))));
  return <f64>exponent + s * series;
}

/** x · log₂ x, and 0 for 0. */
export function xlogx(x: f64): f64 {
  return x > 0 ? x * log2(x) : 0;
}
