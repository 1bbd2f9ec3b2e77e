/** A stream of repeatable random numbers. */
export interface Random {
  /** Evenly spread in [0, 1). */
  next(): number;
  /** A whole number from 0 to `limit` − 1. */
  below(limit: number): number;
  /** About normal with mean 0 and deviation 1, by adding up twelve uniform numbers: never beyond ±6, exact everywhere. */
  normal(): number;
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough for sample data. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    below: (limit) => Math.floor(next() * limit),
    normal: () => Array.from({ length: 12 }, next).reduce((sum, value) => sum + value, -6),
  };
}
