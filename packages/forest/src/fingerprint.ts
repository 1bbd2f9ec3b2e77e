/** Ties finished trees to the data and the settings they were grown with. */
import type { GrowSettings } from './options.ts';
import type { TrainingSet } from './training-set.ts';

/** Counts up whenever the same training set and settings would give other trees. */
const REVISION = 1;

/**
 * Two 32-bit words that are the same for the same training set and settings, and for others differ but for a chance of
 * 2⁻⁶⁴. The number of trees is left out, so that a forest can be continued. Made for accidents: it keeps nobody from
 * forging one.
 */
export function fingerprint(set: TrainingSet, settings: GrowSettings): readonly [number, number] {
  const hash = new Hash();
  const { rows, classes, features, weights, weightScale, sums, grid, targetRanks, targetLevels } = set;
  hash.add(Float64Array.of(REVISION, rows, classes, features.length, weightScale, grid.center, grid.scale, targetLevels.length));
  for (const { codes, levels, isCategorical } of features) {
    hash.add(Uint32Array.of(levels, isCategorical ? 1 : 0));
    hash.add(codes);
  }
  for (const array of [weights, sums, targetRanks, targetLevels]) hash.add(array);
  hash.add(new TextEncoder().encode(describe(settings)));
  return hash.words();
}

/** Every setting but the number of trees, so that none can be forgotten here. */
function describe(settings: GrowSettings): string {
  const entries = Object.entries(settings).filter(([name]) => name !== 'nEstimators');
  return entries.map(([name, value]) => `${name}=${String(value)}`).sort().join();
}

/** Two rounds of MurmurHash3 (Austin Appleby) side by side, with different multipliers. */
class Hash {
  #first = 0;
  #second = 0;
  #bytes = 0;

  /** Bytes as words; those of a last, incomplete word are filled up with zeros. */
  add(array: ArrayBufferView): void {
    const whole = array.byteLength >>> 2;
    const rest = new Uint8Array(4);
    rest.set(new Uint8Array(array.buffer, array.byteOffset + 4 * whole, array.byteLength & 3));
    // Words must be aligned in their buffer.
    const words = array.byteOffset % 4 === 0 ? new Uint32Array(array.buffer, array.byteOffset, whole) : copyWords(array, whole);
    this.#mix(words);
    this.#mix(new Uint32Array(rest.buffer));
    this.#bytes += array.byteLength;
  }

  /** Hot: ten million cells of 1 byte in about 10 ms. */
  #mix(words: Uint32Array): void {
    let first = this.#first;
    let second = this.#second;
    for (let i = 0; i < words.length; i++) {
      const word = words[i] ?? 0;
      const a = Math.imul(word, 0xcc9e2d51);
      const b = Math.imul(word, 0x239b961b);
      first ^= Math.imul((a << 15) | (a >>> 17), 0x1b873593);
      second ^= Math.imul((b << 16) | (b >>> 16), 0xab0e9789);
      first = (Math.imul((first << 13) | (first >>> 19), 5) + 0xe6546b64) | 0;
      second = (Math.imul((second << 17) | (second >>> 15), 5) + 0x561ccd1b) | 0;
    }
    this.#first = first;
    this.#second = second;
  }

  words(): readonly [number, number] {
    return [finish(this.#first ^ this.#bytes), finish(this.#second ^ this.#bytes)];
  }
}

function copyWords(array: ArrayBufferView, words: number): Uint32Array {
  const copy = new Uint32Array(words);
  new Uint8Array(copy.buffer).set(new Uint8Array(array.buffer, array.byteOffset, 4 * words));
  return copy;
}

/** MurmurHash3's last step: every bit changes about half of all bits. */
function finish(word: number): number {
  let bits = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
