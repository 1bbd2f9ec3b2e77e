/**
 * A number for each row that depends on the row's own cells and a seed alone: not on the order of rows or columns, not on
 * the other rows, the kinds of the columns, the file's dialect or the machine.
 */
import { avalanche, mixText } from './hash.ts';
import type { Row } from './row.ts';

export class RowHasher {
  readonly #seed: number;
  /** Tells columns apart by their names, so that a value is worth something else in another column. */
  readonly #salts: Int32Array;

  /** @param seed a whole number; another seed spreads the rows anew */
  constructor(header: readonly string[], seed: number) {
    this.#seed = avalanche(seed ^ 0x9e3779b9);
    this.#salts = Int32Array.from(header, (name) => avalanche(mixText(name, 0, name.length) ^ name.length));
  }

  /** A fraction in [0, 1), evenly spread: rows below 0.1 are a tenth of all. Equal rows get equal numbers. */
  fractionOf(row: Row): number {
    let sum = 0;
    for (let position = 0; position < row.count; position++) {
      sum = (sum + avalanche((row.hashes[position] ?? 0) ^ (this.#salts[position] ?? 0))) | 0;
    }
    return avalanche(avalanche(sum) ^ this.#seed) / 2 ** 32;
  }
}
