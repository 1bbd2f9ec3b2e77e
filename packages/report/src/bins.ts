/** Bins with round edges, counted here rather than by the plotting library, which would have to be given every row. */

/** Values in [start, end); in the last bin of a range in [start, end]. */
export interface Bin {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

/** A cell of a grid and the rows in it. */
export interface Cell {
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  readonly y2: number;
  readonly count: number;
}

/** Powers of ten below lose digits. */
const SMALLEST = 1e-290;

interface Edges {
  readonly first: number;
  readonly step: number;
  readonly bins: number;
}

/** At most about `most` bins of one round width that cover all values, empty ones included. */
export function histogram(values: Float64Array, most: number): Bin[] {
  const edges = roundEdges(values, most);
  const counts = new Uint32Array(edges.bins);
  for (const value of values) {
    const bin = binOf(edges, value);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return Array.from(counts, (count, bin) => ({ start: edgeAt(edges, bin), end: edgeAt(edges, bin + 1), count }));
}

/** The cells that hold any row, over a square of about `most` × `most` cells with the same edges on both axes. */
export function countGrid(x: Float64Array, y: Float64Array, most: number): Cell[] {
  const edges = roundEdges(Float64Array.of(...extremes(x), ...extremes(y)), most);
  const counts = new Map<number, number>();
  x.forEach((value, row) => {
    const cell = binOf(edges, value) * edges.bins + binOf(edges, y[row] ?? 0);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  });
  return [...counts].sort(([a], [b]) => a - b).map(([cell, count]) => {
    const column = Math.floor(cell / edges.bins);
    const line = cell % edges.bins;
    return { x: edgeAt(edges, column), x2: edgeAt(edges, column + 1), y: edgeAt(edges, line), y2: edgeAt(edges, line + 1), count };
  });
}

/** The smallest and the largest value. */
export function extremes(values: Float64Array): [least: number, most: number] {
  return values.reduce<[number, number]>(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
}

function roundEdges(values: Float64Array, most: number): Edges {
  const [least, largest] = extremes(values);
  const step = roundStep(binWidth(least, largest, most));
  const first = Math.floor(least / step);
  return { first, step, bins: Math.max(1, Math.ceil(largest / step) - first) };
}

/** The width before rounding. Values whose differences are rounding noise count as one value. */
function binWidth(least: number, largest: number, most: number): number {
  const width = largest / most - least / most;
  const size = Math.max(Math.abs(least), Math.abs(largest)) / most;
  if (width > 1e-12 * size && width > SMALLEST) return width;
  return size > SMALLEST ? size : 1;
}

/** The next larger of 1, 2, 2.5, 5 times a power of ten. */
function roundStep(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  return power * ([1, 2, 2.5, 5].find((factor) => factor * power >= width) ?? 10);
}

function binOf({ first, step, bins }: Edges, value: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(value / step) - first));
}

function edgeAt({ first, step }: Edges, bin: number): number {
  return (first + bin) * step;
}
