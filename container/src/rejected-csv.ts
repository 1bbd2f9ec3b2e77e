/** `rejected.csv`: the rows that were left out of the training, and why. */
import type { RowProblem } from '@dropforest/tabular';

/** The list is for people: the first rows tell what is wrong with the others. */
const MOST_ROWS = 10_000;

export function rejectedCsv(problems: readonly RowProblem[]): string {
  const rows = problems.slice(0, MOST_ROWS).map(({ file = '', line, row, column = '', value = '', reason }) => [file, line, row, column, value, reason].map(cell).join(','));
  return ['file,line,row,column,value,reason', ...rows, ''].join('\n');
}

/** Quoted where it has to be; what a spreadsheet would run as a formula is made plain text. */
function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
