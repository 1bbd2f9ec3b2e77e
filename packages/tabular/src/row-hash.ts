/**
 * A number for each row that depends on the row's content and a seed alone: not on the order of rows or columns, not on
 * the other rows, not on the machine. Mixing steps are those of MurmurHash3 (Austin Appleby, public domain).
 */
import type { Column, Table } from './table.ts';

const MISSING = 0x9e3779b9;

/**
 * One fraction in [0, 1) a row, evenly spread: rows below 0.1 are a tenth of all, the same ones in every table that
 * holds them. Equal rows get equal numbers.
 * @param seed a whole number; another seed spreads the rows anew
 */
export function rowHashes(table: Table, seed: number): Float64Array {
  const hashes = new Uint32Array(table.rowCount).fill(seed);
  const columns = [...table.columns].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const column of columns) addColumn(hashes, column);
  const fractions = new Float64Array(table.rowCount);
  for (let row = 0; row < fractions.length; row++) fractions[row] = avalanche(hashes[row] ?? 0) / 2 ** 32;
  return fractions;
}

function addColumn(hashes: Uint32Array, column: Column): void {
  const salt = hashText(column.name);
  const valueHash = column.kind === 'numeric' ? numberHasher(column.values) : levelHasher(column.codes, column.levels);
  for (let row = 0; row < hashes.length; row++) {
    hashes[row] = mix(mix(hashes[row] ?? 0, salt), valueHash(row));
  }
}

function numberHasher(values: Float64Array): (row: number) => number {
  const bytes = new DataView(new ArrayBuffer(8));
  return (row) => {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value)) return MISSING;
    // Adding 0 turns −0 into 0: they are the same number in a file.
    bytes.setFloat64(0, value + 0);
    return mix(bytes.getUint32(0), bytes.getUint32(4));
  };
}

function levelHasher(codes: Int32Array, levels: readonly string[]): (row: number) => number {
  const ofLevel = levels.map(hashText);
  return (row) => ofLevel[codes[row] ?? -1] ?? MISSING;
}

function hashText(text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i));
  return avalanche(hash);
}

function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let h = hash ^ Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

function avalanche(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
