/**
 * The compiled kernel would be a fifth of the package. It is published packed by the scheme of LZ77 (Ziv and Lempel, 1977):
 * a few lines undo it, and at once, which the decompression that browsers bring along cannot.
 *
 * Packed bytes are pieces. The first byte of one holds a number of literals (upper four bits) and the length of a copy, less 3
 * (lower four bits); after it the literals and, but for length 0, how far back the copy begins (two bytes, low first).
 */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const LEAST_COPY = 4;
const LONGEST_COPY = 18;
const MOST_LITERALS = 15;
const FURTHEST = 65_535;
/** Earlier places with the same beginning that are looked at. */
const TRIES = 256;

/** For esbuild: lets `kernel-bytes.ts` unpack its text when it is loaded. */
export const shrinkKernel: Plugin = {
  name: 'shrink-kernel',
  setup(build) {
    build.onLoad({ filter: /kernel-bytes\.ts$/ }, async ({ path }) => {
      const base64 = /'([A-Za-z0-9+/=]+)'/.exec(await readFile(path, 'utf8'))?.[1];
      if (base64 === undefined) throw new Error(`${path}: no base64 text`);
      const packed = Buffer.from(pack(Buffer.from(base64, 'base64'))).toString('base64');
      return { contents: `${unpack.toString()}\nexport const KERNEL_BASE64 = btoa(unpack(atob('${packed}')));\n`, loader: 'js' };
    });
  },
};

/** Always takes the longest copy. */
export function pack(bytes: Uint8Array): Uint8Array {
  const packed: number[] = [];
  const places = new Map<string, number[]>();
  let literals: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const copy = longestCopy(bytes, at, places);
    if (copy === undefined) literals.push(bytes[at] ?? 0);
    for (const end = at + (copy?.length ?? 1); at < end; at++) remember(places, bytes, at);
    if (copy === undefined && literals.length < MOST_LITERALS && at < bytes.length) continue;
    packed.push((literals.length << 4) | (copy === undefined ? 0 : copy.length - 3), ...literals);
    if (copy !== undefined) packed.push(copy.distance & 255, copy.distance >> 8);
    literals = [];
  }
  return Uint8Array.from(packed);
}

/** Runs in the published package: plain JavaScript that needs nothing around it. Text stands for bytes, one a letter. */
export function unpack(packed: string): string {
  const bytes: string[] = [];
  for (let at = 0; at < packed.length;) {
    const piece = packed.charCodeAt(at++);
    for (const end = at + (piece >> 4); at < end; at++) bytes.push(packed.charAt(at));
    if ((piece & 15) === 0) continue;
    const distance = packed.charCodeAt(at++) + 256 * packed.charCodeAt(at++);
    for (let left = (piece & 15) + 3; left > 0; left--) bytes.push(bytes[bytes.length - distance] ?? '');
  }
  return bytes.join('');
}

function keyOf(bytes: Uint8Array, at: number): string {
  return bytes.subarray(at, at + LEAST_COPY).join();
}

function remember(places: Map<string, number[]>, bytes: Uint8Array, at: number): void {
  const key = keyOf(bytes, at);
  const known = places.get(key);
  if (known === undefined) places.set(key, [at]);
  else known.push(at);
}

function longestCopy(bytes: Uint8Array, at: number, places: ReadonlyMap<string, readonly number[]>): { readonly length: number; readonly distance: number } | undefined {
  if (at + LEAST_COPY > bytes.length) return undefined;
  const candidates = (places.get(keyOf(bytes, at)) ?? []).slice(-TRIES).filter((place) => at - place <= FURTHEST);
  const copies = candidates.map((place) => ({ length: commonLength(bytes, place, at), distance: at - place }));
  return copies.reduce<(typeof copies)[number] | undefined>((best, copy) => (best === undefined || copy.length > best.length ? copy : best), undefined);
}

function commonLength(bytes: Uint8Array, place: number, at: number): number {
  let length = 0;
  while (length < LONGEST_COPY && at + length < bytes.length && bytes[place + length] === bytes[at + length]) length++;
  return length;
}
