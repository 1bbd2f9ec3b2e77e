/**
 * Random numbers: sfc32 ("small fast counting", Chris Doty-Humphrey, part of PractRand), a 128-bit state and 32-bit
 * results made of additions, shifts and exclusive-ors only, so that every machine draws the same numbers.
 */

/** 2³² divided by the golden ratio, the step of splitmix (Steele, Lea and Flood, 2014). */
const GOLDEN = 0x9e3779b9;

/** The stream of one tree. Different (seed, tree) start from different states: no stream repeats another. */
export class RandomStream {
  readonly #state: Int32Array;

  /**
   * @param seed whole number from 0 to 2⁵³ − 1
   * @param tree whole number from 0 to 2³² − 1
   */
  constructor(seed: number, tree: number) {
    const high = Math.floor(seed / 2 ** 32);
    this.#state = Int32Array.of(mix(seed | 0, 1), mix(high, 2), mix(tree, 3), 1);
    // The author's number of rounds after which every bit of the seed has reached every bit of the state.
    for (let round = 0; round < 15; round++) this.next();
  }

  /** A whole number from 0 to 2³² − 1. */
  next(): number {
    const state = this.#state;
    const a = state[0] ?? 0;
    const b = state[1] ?? 0;
    const c = state[2] ?? 0;
    const counter = state[3] ?? 0;
    const result = (a + b + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + result;
    state[3] = counter + 1;
    return result >>> 0;
  }

  /**
   * ⌊next · limit / 2³²⌋, a whole number from 0 to `limit` − 1. The bias of scaling, limit / 2³², is far below what a
   * forest can show.
   * @param limit whole number from 1 to 2³²
   */
  below(limit: number): number {
    const word = this.next();
    // In halves, because word · limit may have more bits than a double: each step here is exact.
    const low = Math.floor(((word & 0xffff) * limit) / 2 ** 16);
    return Math.floor(((word >>> 16) * limit + low) / 2 ** 16);
  }
}

/** Spreads a word's bits: the finaliser of splitmix32. It is a bijection, so different words stay different. */
function mix(word: number, step: number): number {
  let bits = (word + Math.imul(GOLDEN, step)) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return bits ^ (bits >>> 15);
}
