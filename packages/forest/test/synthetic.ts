/** Seeded data in the shape of the worked example: a few columns of many values, most of few, a skewed target. */
import { RandomStream } from '../src/random.ts';
import type { NumericTable } from './bigmart.ts';

/** Distinct values of each column of the worked example; 0 stands for a continuous column. */
const LEVELS = [431, 2, 0, 16, 0, 10, 9, 3, 3, 4];

/** `rows` rows of ten columns; sales are price × outlet type with multiplicative noise. */
export function synthesize(rows: number, seed: number): NumericTable {
  const random = new RandomStream(seed, 0);
  const unit = (): number => random.next() / 2 ** 32;
  const columns = LEVELS.map((levels) => Float64Array.from({ length: rows }, () => (levels === 0 ? unit() * 250 : random.below(levels))));
  const target = Float64Array.from({ length: rows }, (_, row) => {
    const price = columns[4]?.[row] ?? 0;
    const outlet = columns[9]?.[row] ?? 0;
    return (20 + price) * (1 + 4 * outlet) * (0.4 + 1.2 * unit());
  });
  return { columns, target };
}

/** The same table with the target cut into classes of about as many rows each, code 0 the smallest numbers. */
export function classes(table: NumericTable, classCount: number): NumericTable & { readonly classCount: number } {
  const order = [...table.target.keys()].sort((a, b) => (table.target[a] ?? 0) - (table.target[b] ?? 0));
  const target = new Float64Array(order.length);
  order.forEach((row, rank) => { target[row] = Math.floor((rank * classCount) / order.length); });
  return { columns: table.columns, target, classCount };
}
