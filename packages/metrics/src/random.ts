/**
 * Whole numbers from a seed: sfc32 ("small fast counting", Chris Doty-Humphrey, part of PractRand), made of additions,
 * shifts and exclusive-ors only, so that every machine draws the same ones.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c = 0;
  #counter = 1;

  /** @param seed whole number from 0 to 2⁵³ − 1 */
  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 2 ** 32) | 0;
    // The author's number of rounds after which every bit of the seed has reached every bit of the state.
    for (let round = 0; round < 15; round++) this.#next();
  }

  /** A whole number from 0 to `limit` − 1. The bias of scaling, limit / 2³², is far below what a figure can show. */
  below(limit: number): number {
    return Math.floor((this.#next() * limit) / 2 ** 32);
  }

  #next(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }
}
