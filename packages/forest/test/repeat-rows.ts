import type { NumericTable } from './bigmart.ts';

/** The table with each row as often as `times` says. */
export function repeatRows({ columns, target }: NumericTable, times: Float64Array): NumericTable {
  const repeat = (column: Float64Array): Float64Array =>
    Float64Array.from([...column].flatMap((value, row) => new Array<number>(times[row] ?? 0).fill(value)));
  return { columns: columns.map(repeat), target: repeat(target) };
}
