/** The largest 32-bit float that is at most `x`: it separates 32-bit floats just as `x` does. */
export function floorToFloat(x: number): number {
  const nearest = Math.fround(x);
  return nearest <= x ? nearest : nextFloatDown(nearest);
}

/** The largest 32-bit float below a finite one, or -Infinity: neighbours have neighbouring bits, which grow with the magnitude. */
export function nextFloatDown(x: number): number {
  if (x === 0) return -(2 ** -149);
  const bits = new Int32Array(Float32Array.of(x).buffer);
  bits[0] = (bits[0] ?? 0) + (x > 0 ? -1 : 1);
  return new Float32Array(bits.buffer)[0] ?? x;
}

/** The smallest double above a finite `x`: `y < it` exactly where `y <= x`. */
export function nextUp(x: number): number {
  if (x === 0) return Number.MIN_VALUE;
  const bits = new BigInt64Array(Float64Array.of(x).buffer);
  bits[0] = (bits[0] ?? 0n) + (x > 0 ? 1n : -1n);
  return new Float64Array(bits.buffer)[0] ?? x;
}
