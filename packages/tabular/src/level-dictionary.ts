import { avalanche } from './hash.ts';
import { GrowingIntegers } from './growing.ts';

const FIRST_SLOTS = 256;
/** V8 copies shorter slices; a longer one would keep the whole piece of the file alive that it was cut from. */
const LONGEST_COPIED = 12;

/** Numbers texts in the order of their first appearance. A text that is known makes no string. */
export class LevelDictionary {
  readonly levels: string[] = [];
  readonly #hashes = new GrowingIntegers();
  /** Open addressing with linear probing; a slot is a code + 1, 0 where it is free. At most half of the slots are taken. */
  #slots = new Int32Array(FIRST_SLOTS);

  /** @param hash of the text between the two offsets, by `mixText` */
  codeOf(text: string, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = avalanche(hash) & mask;
    for (;;) {
      const code = (this.#slots[slot] ?? 0) - 1;
      if (code === -1) return this.#add(text.slice(start, end), hash, slot);
      if (this.#hashes.get(code) === hash) {
        const level = this.levels[code] ?? '';
        if (level.length === end - start && isAt(level, text, start)) return code;
      }
      slot = (slot + 1) & mask;
    }
  }

  #add(level: string, hash: number, slot: number): number {
    const code = this.levels.length;
    this.levels.push(level.length > LONGEST_COPIED ? Buffer.from(level).toString() : level);
    this.#hashes.set(code, hash);
    this.#slots[slot] = code + 1;
    if (2 * this.levels.length > this.#slots.length) this.#growSlots();
    return code;
  }

  #growSlots(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let code = 0; code < this.levels.length; code++) {
      let slot = avalanche(this.#hashes.get(code)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = code + 1;
    }
    this.#slots = slots;
  }
}

/** As `startsWith`, which costs a call out of compiled code: most levels are shorter than that takes. */
function isAt(level: string, text: string, start: number): boolean {
  for (let at = 0; at < level.length; at++) if (level.charCodeAt(at) !== text.charCodeAt(start + at)) return false;
  return true;
}
