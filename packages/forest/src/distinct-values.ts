/** The distinct values of a feature, and how often they occur. */

/** Ascending, without `NaN`; `-0` is 0. */
export interface DistinctValues {
  readonly values: Float64Array;
  /** How many rows have at most this value. */
  readonly ends: Uint32Array;
}

/** Whole numbers from `least` to `least + size − 1`. */
export interface WholeRange {
  readonly least: number;
  readonly size: number;
}

/** The range of values that are all whole numbers or missing; `undefined` where they are not, or spread wider than `most`. */
export function wholeRange(values: Float64Array, most: number): WholeRange | undefined {
  let least = Infinity;
  let largest = -Infinity;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value)) return undefined;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  const size = Math.max(0, largest - least + 1);
  return size <= most ? { least: size === 0 ? 0 : least, size } : undefined;
}

/** The distinct values of some rows, by counting. */
export function countDistinct(values: Float64Array, rows: Uint32Array, { least, size }: WholeRange): DistinctValues {
  const counts = new Uint32Array(size);
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i] ?? 0] ?? NaN;
    if (!Number.isNaN(value)) counts[value - least] = (counts[value - least] ?? 0) + 1;
  }
  const present = Float64Array.from(counts.keys().filter((offset) => (counts[offset] ?? 0) > 0));
  let end = 0;
  return {
    values: present.map((offset) => least + offset),
    ends: Uint32Array.from(present, (offset) => (end += counts[offset] ?? 0)),
  };
}

/** The distinct values of rows in ascending order of value. */
export function distinctInOrder(values: Float64Array, order: Uint32Array): DistinctValues {
  const distinct = new Float64Array(order.length);
  const ends = new Uint32Array(order.length);
  let count = 0;
  let previous = NaN;
  for (let i = 0; i < order.length; i++) {
    const value = (values[order[i] ?? 0] ?? 0) + 0;
    if (value !== previous) distinct[count++] = value;
    ends[count - 1] = i + 1;
    previous = value;
  }
  return { values: distinct.slice(0, count), ends: ends.slice(0, count) };
}

/** The distinct values of some rows where there are no more than `most` of them; looked for no further otherwise. */
export function fewValues(values: Float64Array, rows: Uint32Array, most: number): Float64Array | undefined {
  const found = new Set<number>();
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i] ?? 0] ?? NaN;
    if (Number.isNaN(value)) continue;
    found.add(value);
    if (found.size > most) return undefined;
  }
  return Float64Array.from(found).sort();
}
