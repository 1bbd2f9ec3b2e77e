/**
 * The compiled kernel would be a fifth of the package. It is published deflated (RFC 1951): a few lines undo it, and at once,
 * which the decompression that browsers bring along cannot. As text it takes five letters for four bytes.
 */
import { readFile } from 'node:fs/promises';
import { deflateRawSync } from 'node:zlib';
import type { Plugin } from 'esbuild';

/** For esbuild: lets `kernel-bytes.ts` unpack its text when it is loaded. */
export const shrinkKernel: Plugin = {
  name: 'shrink-kernel',
  setup(build) {
    build.onLoad({ filter: /kernel-bytes\.ts$/ }, async ({ path }) => {
      const base64 = /'([A-Za-z0-9+/=]+)'/.exec(await readFile(path, 'utf8'))?.[1];
      if (base64 === undefined) throw new Error(`${path}: no base64 text`);
      const text = JSON.stringify(toText(pack(Buffer.from(base64, 'base64'))));
      return { contents: `${fromText.toString()}\n${unpack.toString()}\nexport const KERNEL_BASE64 = btoa(unpack(fromText(${text})));\n`, loader: 'js' };
    });
  },
};

/** @throws Error for bytes too few or too random for `unpack`, which knows only blocks with Huffman codes of their own */
export function pack(bytes: Uint8Array): Uint8Array {
  const packed = deflateRawSync(bytes, { level: 9, memLevel: 9 });
  if (((packed[0] ?? 0) & 7) !== 5) throw new Error(`${bytes.length} bytes: got no single block with Huffman codes of its own`);
  return packed;
}

/** Four bytes as a number of five digits to the base 85, the letters from # to w. Zeros fill the last four up. */
export function toText(bytes: Uint8Array): string {
  const filled = new Uint8Array(4 * Math.ceil(bytes.length / 4));
  filled.set(bytes);
  const view = new DataView(filled.buffer);
  let text = '';
  for (let at = 0; at < filled.length; at += 4) {
    for (let power = 85 ** 4; power >= 1; power /= 85) text += String.fromCharCode(35 + (Math.floor(view.getUint32(at) / power) % 85));
  }
  return text;
}

/** The inverse of `toText`, one letter a byte. Runs in the published package, as `unpack` does. */
export function fromText(text: string): string {
  return text.replaceAll(/.{5}/g, (digits) => {
    let word = 0;
    for (const digit of digits) word = 85 * word + digit.charCodeAt(0) - 35;
    return String.fromCharCode(word >>> 24, (word >> 16) & 255, (word >> 8) & 255, word & 255);
  });
}

/**
 * Runs in the published package: plain JavaScript that needs nothing around it. Text stands for bytes, one a letter. Names
 * of steps are those of RFC 1951, section 3.2.
 */
export function unpack(packed: string): string {
  let at = 0;
  const bit = (): number => (packed.charCodeAt(at >> 3) >> (at++ & 7)) & 1;
  const bits = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) value |= bit() << i;
    return value;
  };
  /** Symbols by the length of their code, then by number: with the count of each length they are the code. */
  const codeOf = (lengths: readonly number[]): number[][] =>
    Array.from({ length: 16 }, (_, length) => [...lengths.keys()].filter((symbol) => length > 0 && lengths[symbol] === length));
  const symbol = (code: readonly number[][]): number => {
    let offset = 0;
    for (let length = 1; ; length++) {
      const symbols = code[length] ?? [];
      offset = 2 * offset + bit();
      const found = symbols[offset];
      if (found !== undefined) return found;
      offset -= symbols.length;
    }
  };
  bits(3);
  const literals = bits(5) + 257;
  const all = literals + bits(5) + 1;
  const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15].slice(0, bits(4) + 4);
  const first: number[] = [];
  for (const place of order) first[place] = bits(3);
  const meta = codeOf(first);
  const lengths: number[] = [];
  while (lengths.length < all) {
    const length = symbol(meta);
    const [value, repeats] = length < 16 ? [length, 1] : length === 16 ? [lengths.at(-1) ?? 0, 3 + bits(2)] : [0, length === 17 ? 3 + bits(3) : 11 + bits(7)];
    for (let i = 0; i < repeats; i++) lengths.push(value);
  }
  const literal = codeOf(lengths.slice(0, literals));
  const distance = codeOf(lengths.slice(literals));
  /** Four numbers to a power of two for lengths, two for distances. */
  const spread = (number: number, ways: number): number => {
    const extra = Math.max(0, Math.floor(number / ways) - 1);
    return extra === 0 ? number : (number % ways + ways) * 2 ** extra + bits(extra);
  };
  const bytes: string[] = [];
  for (let next = symbol(literal); next !== 256; next = symbol(literal)) {
    if (next < 256) {
      bytes.push(String.fromCharCode(next));
      continue;
    }
    const length = next === 285 ? 258 : 3 + spread(next - 257, 4);
    const start = bytes.length - 1 - spread(symbol(distance), 2);
    for (let i = 0; i < length; i++) bytes.push(bytes[start + i] ?? '');
  }
  return bytes.join('');
}
