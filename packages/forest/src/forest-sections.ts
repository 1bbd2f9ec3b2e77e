/**
 * The container of the artifact: typed arrays in one buffer, each found through a table of three doubles an entry (id,
 * first byte, bytes). Sections begin at multiples of 8 bytes, so that typed arrays of every width can lie over them, and
 * absent ones cost nothing.
 */
import { ForestError } from './errors.ts';

/** The id of a section is its place in this list, counted from 1: new ones go to the end. */
const SECTION_NAMES = [
  'importances', 'categoricalLevels', 'cutStarts', 'cuts', 'leafValues', 'treeStarts', 'nodes', 'sets',
  'nodeWeights', 'oobCurve', 'leafTargetStarts', 'leafTargetRanks', 'leafTargetWeights', 'calibration',
  'shard', 'treeImportances',
] as const;

export type SectionName = (typeof SECTION_NAMES)[number];

/** Where a section lies in its buffer. */
export interface Extent {
  readonly start: number;
  readonly bytes: number;
}

export type Extents = ReadonlyMap<SectionName, Extent>;

/** Doubles of a table entry. */
const ENTRY = 3;

/** Places sections one after the other behind a head of `headBytes` (a multiple of 8) and the table; returns the end as well. */
export function placeSections(lengths: ReadonlyMap<SectionName, number>, headBytes: number): { readonly extents: Extents; readonly end: number } {
  const extents = new Map<SectionName, Extent>();
  let end = headBytes + 8 * ENTRY * lengths.size;
  for (const [name, bytes] of lengths) {
    extents.set(name, { start: end, bytes });
    end += Math.ceil(bytes / 8) * 8;
  }
  return { extents, end };
}

export function writeTable(buffer: ArrayBuffer, headBytes: number, extents: Extents): void {
  const entries = [...extents].flatMap(([name, { start, bytes }]) => [SECTION_NAMES.indexOf(name) + 1, start, bytes]);
  new Float64Array(buffer, headBytes, entries.length).set(entries);
}

/**
 * Reads the table and checks that its sections lie one after the other and end with the buffer. Sections of unknown ids
 * are passed over.
 * @throws ForestError `invalid-buffer`
 */
export function readTable(buffer: ArrayBuffer, headBytes: number, count: number): Extents {
  const extents = new Map<SectionName, Extent>();
  let end = headBytes + 8 * ENTRY * count;
  if (buffer.byteLength < end) {
    throw invalidBuffer(`${buffer.byteLength} bytes`, `at least ${end} for a table of ${count} sections: the file is cut off or damaged`);
  }
  const table = new Float64Array(buffer, headBytes, ENTRY * count);
  for (let entry = 0; entry < count; entry++) {
    const [id = 0, start = 0, bytes = 0] = table.subarray(ENTRY * entry, ENTRY * (entry + 1));
    if (start !== end) throw invalidBuffer(`section ${id} at byte ${start}`, `it at byte ${end}, where the one before it ends`);
    if (!Number.isSafeInteger(bytes) || bytes < 0) throw invalidBuffer(`section ${id} of ${bytes} bytes`, 'a whole number');
    end += Math.ceil(bytes / 8) * 8;
    const name = SECTION_NAMES[id - 1];
    if (name === undefined) continue;
    if (extents.has(name)) throw invalidBuffer(`section ${name} twice`, 'it once');
    extents.set(name, { start, bytes });
  }
  if (buffer.byteLength !== end) throw invalidBuffer(`${buffer.byteLength} bytes`, `${end}: the file is cut off or damaged`);
  return extents;
}

/** Typed views of sections. `length` is what the counts in the head demand, where they demand something. */
export class SectionViews {
  readonly #buffer: ArrayBuffer;
  readonly #extents: Extents;

  constructor(buffer: ArrayBuffer, extents: Extents) {
    this.#buffer = buffer;
    this.#extents = extents;
  }

  has(name: SectionName): boolean {
    return this.#extents.has(name);
  }

  /** @throws ForestError `invalid-buffer` where the section is absent or of another length */
  f64(name: SectionName, length?: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#buffer, ...this.#placeOf(name, 8, length));
  }

  /** @throws as `f64` */
  f32(name: SectionName, length?: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#buffer, ...this.#placeOf(name, 4, length));
  }

  /** @throws as `f64` */
  u32(name: SectionName, length?: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#buffer, ...this.#placeOf(name, 4, length));
  }

  #placeOf(name: SectionName, width: number, expected: number | undefined): [start: number, length: number] {
    const extent = this.#extents.get(name);
    if (extent === undefined) throw invalidBuffer(`no section ${name}`, 'one');
    const length = extent.bytes / width;
    if (!Number.isInteger(length)) throw invalidBuffer(`section ${name} of ${extent.bytes} bytes`, `a multiple of ${width}`);
    if (expected !== undefined && length !== expected) throw invalidBuffer(`section ${name} of length ${length}`, `${expected}`);
    return [extent.start, length];
  }
}

/**
 * Checks that `starts` goes from 0 to `end` in steps of at least `least`.
 * @throws ForestError `invalid-buffer`
 */
export function checkStarts(what: string, starts: Uint32Array, end: number, least: number): void {
  let previous = -least;
  for (const start of starts) {
    if (start < previous + least) throw invalidBuffer(`a ${what} that starts at ${start} after one at ${previous}`, 'ascending starts');
    previous = start;
  }
  if (starts.length < 2 || starts[0] !== 0 || previous !== end) {
    throw invalidBuffer(`${starts.length - 1} starts of a ${what}, from ${starts[0]} to ${previous}`, `at least one, from 0 to ${end}`);
  }
}

export function invalidBuffer(got: string, expected: string): ForestError {
  return new ForestError('invalid-buffer', `forest buffer: got ${got}, expected ${expected}`);
}
