import { avalanche } from './hash.ts';

const MOST_KEPT = 8192;
const FIRST_SLOTS = 64;

/**
 * Counts distinct texts by their hashes: exactly up to 8,192, beyond that by keeping every second, fourth … possible hash
 * (Wegman's adaptive sampling, Flajolet 1990; error about 1.5 %). The count does not depend on the order of the rows.
 */
export class DistinctCounter {
  /** Open addressing with linear probing over spread hashes, never 0; 0 is a free slot. At most half of the slots are taken. */
  #slots = new Int32Array(FIRST_SLOTS);
  #kept = 0;
  #sampling = 0;

  /** Whether the text was seen before, as far as is remembered. */
  has(hash: number): boolean {
    const key = keyOf(hash);
    return this.#slots[this.#slotOf(key)] === key;
  }

  add(hash: number): void {
    const key = keyOf(hash);
    if ((key & this.#sampling) !== 0) return;
    const slot = this.#slotOf(key);
    if (this.#slots[slot] === key) return;
    this.#slots[slot] = key;
    this.#kept++;
    if (this.#kept > MOST_KEPT) this.#sampling = 2 * this.#sampling + 1;
    if (this.#kept > MOST_KEPT || 2 * this.#kept > this.#slots.length) this.#rebuild();
  }

  get isExact(): boolean {
    return this.#sampling === 0;
  }

  get count(): number {
    return this.#kept * (this.#sampling + 1);
  }

  /** Where the key stands, or would. The low bits choose the sample, so the high ones choose the slot. */
  #slotOf(key: number): number {
    const mask = this.#slots.length - 1;
    let slot = (key >>> 16) & mask;
    while (this.#slots[slot] !== 0 && this.#slots[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #rebuild(): void {
    const old = this.#slots;
    const isFull = 2 * this.#kept > old.length;
    this.#slots = new Int32Array(isFull ? 2 * old.length : old.length);
    this.#kept = 0;
    for (const key of old) {
      if (key === 0 || (key & this.#sampling) !== 0) continue;
      this.#slots[this.#slotOf(key)] = key;
      this.#kept++;
    }
  }
}

/** The hash, spread over all bits; 0 is left free. */
function keyOf(hash: number): number {
  return avalanche(hash) | 0 || 1;
}
