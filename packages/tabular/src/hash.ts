/** 32-bit hashes of texts. Mixing steps are those of FNV-1a (Fowler, Noll, Vo) and MurmurHash3 (Austin Appleby, public domain). */

/** FNV-1a over UTF-16 units, from 0: fast, and good enough once it has been through `avalanche`. */
export function mixText(text: string, start: number, end: number): number {
  let hash = 0;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** Spreads every bit of a hash over all bits. @returns a whole number from 0 to 2³² − 1 */
export function avalanche(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
