/** The training set in the kernel's memory, where all threads read it. */
import { ForestError } from '../errors.ts';
import type { CodedFeature, TrainingSet } from '../training-set.ts';
import type { OpenedKernel } from './kernel.ts';
import { MOST_PAGES, PAGE_BYTES } from './webassembly.ts';
import type { WasmMemory } from './webassembly.ts';

/** Where things lie; can be sent to a thread. Numbers are byte offsets into the memory. */
export interface PlacedSet extends OpenedKernel {
  readonly drawable: number;
  readonly weights: number;
  readonly sums: number;
  readonly targetRanks: number;
  readonly featureTable: number;
  /** Where the workspaces begin. */
  readonly end: number;
}

/** Fields of a feature's record, as in assembly/context.ts. */
const RECORD_WORDS = 8;
/** Cells are numbered in 16 bits. */
const MOST_CELLS = 65_536;
/** Features of fewer levels are counted in histograms, and of more where the rows are so many that most cells will be used. */
const FEWEST_NARROW = 256;
const ROWS_PER_CELL = 1024;
/** The first bytes stay unused, so that no pointer is 0. */
const FIRST = 64;

/** Copies the set into the memory, which grows as it must. */
export function placeSet({ kernel, memory }: OpenedKernel, set: TrainingSet): PlacedSet {
  growTo(memory, FIRST + bytesOf(set));
  const room = new Room(memory);
  const placed = {
    drawable: room.put(set.drawable),
    weights: room.put(set.weights),
    sums: room.put(set.sums),
    targetRanks: room.put(set.targetRanks),
    featureTable: room.put(featureTable(set, room)),
  };
  return { kernel, memory, ...placed, end: room.end };
}

/** At least what the set takes: to grow the memory feature by feature would take longer than to copy them. */
function bytesOf({ rows, features, drawable }: TrainingSet): number {
  const tables = 4 * drawable.length + 20 * rows + 4 * RECORD_WORDS * features.length;
  return features.reduce((sum, { codes }) => sum + codes.byteLength + (codes instanceof Uint8Array ? 0 : 4 * rows) + 32, tables + 128);
}

/**
 * Makes the memory reach to `end`.
 * @throws ForestError `too-large` beyond 4 GiB, or where the machine has not as much
 */
export function growTo(memory: WasmMemory, end: number): void {
  const pages = Math.ceil(end / PAGE_BYTES);
  const present = memory.buffer.byteLength / PAGE_BYTES;
  if (pages > MOST_PAGES) throw tooLarge(end, '4 GiB');
  if (pages <= present) return;
  try {
    memory.grow(pages - present);
  } catch (cause) {
    throw tooLarge(end, 'what this machine has', cause);
  }
}


function tooLarge(bytes: number, allowed: string, cause?: unknown): ForestError {
  return new ForestError('too-large', `memory: got work that needs ${(bytes / 2 ** 30).toFixed(1)} GiB, allowed: ${allowed}; use fewer threads or histogram: true`, { cause });
}

function featureTable(set: TrainingSet, room: Room): Uint32Array {
  const table = new Uint32Array(RECORD_WORDS * set.features.length);
  const used = { cells: 0, narrow: 0, wide: 0 };
  set.features.forEach((feature, index) => {
    const { codes, levels, isCategorical } = feature;
    const isNarrow = levels < Math.max(FEWEST_NARROW, set.rows / ROWS_PER_CELL) && used.cells + levels + 1 <= MOST_CELLS;
    const record = [room.put(codes), codes.BYTES_PER_ELEMENT, levels, isCategorical ? 1 : 0];
    table.set(isNarrow ? [...record, 0, used.cells, used.narrow] : [...record, room.put(sortedRows(feature)), used.wide, 0], RECORD_WORDS * index);
    if (isNarrow) {
      used.cells += levels + 1;
      used.narrow++;
    } else {
      used.wide++;
    }
  });
  return table;
}

/** Row ids in ascending order of their codes, by a counting sort. */
function sortedRows({ codes, levels }: CodedFeature): Uint32Array {
  const next = new Uint32Array(levels + 2);
  for (const code of codes) next[code + 1] = (next[code + 1] ?? 0) + 1;
  for (let code = 0; code <= levels; code++) next[code + 1] = (next[code + 1] ?? 0) + (next[code] ?? 0);
  const sorted = new Uint32Array(codes.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? 0;
    const position = next[code] ?? 0;
    sorted[position] = row;
    next[code] = position + 1;
  }
  return sorted;
}

/** Fills the memory from its beginning. */
class Room {
  end = FIRST;
  readonly #memory: WasmMemory;

  constructor(memory: WasmMemory) {
    this.#memory = memory;
  }

  /** Copies bytes in; returns where. */
  put(values: Uint8Array | Uint16Array | Uint32Array | Float64Array): number {
    const at = this.end;
    growTo(this.#memory, at + values.byteLength);
    new Uint8Array(this.#memory.buffer, at, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    this.end = Math.ceil((at + values.byteLength) / 16) * 16;
    return at;
  }
}
