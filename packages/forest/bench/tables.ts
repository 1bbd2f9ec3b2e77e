/** The tables of the benchmark, written to files once and read by every peer. */
import { join } from 'node:path';
import { env } from 'node:process';
import { RandomStream } from '../src/random.ts';
import { readBigMart, takeRows } from '../test/bigmart.ts';
import type { NumericTable } from '../test/bigmart.ts';
import { synthesize } from '../test/synthetic.ts';
import { writeTable } from './raw-table.ts';

/** Rows of the worked example, nine tenths of which are learned from. */
const EXAMPLE_ROWS = 8_523;

/** Two folders: rows to learn from and rows to try the forest on. */
export interface Split {
  readonly train: string;
  readonly unseen: string;
}

/** The worked example: the real data where `DROPFOREST_BIGMART` names its folder, else made-up data of that shape. */
export function workedExample(): { readonly name: string; readonly table: NumericTable } {
  const folder = env['DROPFOREST_BIGMART'];
  return folder === undefined
    ? { name: 'made-up data of the shape of Big Mart', table: synthesize(EXAMPLE_ROWS, 1) }
    : { name: 'Big Mart', table: readBigMart(folder) };
}

/** The rows in an order of their own for each seed. */
export function shuffledRows(rows: number, seed: number): number[] {
  const random = new RandomStream(seed, 0);
  return Array.from({ length: rows }, (_, row) => [random.next(), row] as const).sort(([a], [b]) => a - b).map(([, row]) => row);
}

/** @param isUnseen which places of `order` are kept from the forest */
export function writeSplit(folder: string, table: NumericTable, order: readonly number[], isUnseen: (place: number) => boolean): Split {
  const write = (name: string, rows: readonly number[]): string => {
    const { columns, target } = takeRows(table, rows);
    return writeTable(join(folder, name), columns, target);
  };
  return { train: write('train', order.filter((_, place) => !isUnseen(place))), unseen: write('unseen', order.filter((_, place) => isUnseen(place))) };
}

/** One of ten rows is unseen. */
export function writeTenth(folder: string, table: NumericTable, seed: number): Split {
  const rows = table.target.length;
  return writeSplit(folder, table, shuffledRows(rows, seed), (place) => place >= Math.floor(rows * 0.9));
}

/** Distinct values of each feature of `writeMixed`, again and again; 0 stands for a continuous one. */
const LEVELS = [0, 431, 2, 0, 16, 10_000, 10, 3, 0, 4];

/** A table of few-valued and continuous features; the target depends on five of them and on noise. */
export function writeMixed(folder: string, rows: number, features: number, seed: number): string {
  const target = new Float64Array(rows);
  return writeTable(folder, mixedColumns(features, seed, target), target);
}

/** Makes one column at a time, and the target with the last. */
function* mixedColumns(features: number, seed: number, target: Float64Array): Generator<Float32Array> {
  const noise = new RandomStream(seed, features);
  target.forEach((_, row) => { target[row] = (noise.next() + noise.next() + noise.next()) / 2 ** 32; });
  for (let feature = 0; feature < features; feature++) {
    const random = new RandomStream(seed, feature);
    const levels = LEVELS[feature % LEVELS.length] ?? 0;
    const column = new Float32Array(target.length);
    column.forEach((_, row) => { column[row] = levels === 0 ? random.next() / 2 ** 32 : random.below(levels) / levels; });
    if (feature % 2 === 0) column.forEach((value, row) => { target[row] = (target[row] ?? 0) + Math.sin(3 * (feature + 1) * value); });
    yield column;
  }
}
