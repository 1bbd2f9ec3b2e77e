import type { CsvText } from './csv-text.ts';
import type { RowProblem } from './problems.ts';
import type { ScannedRow } from './scan-rows.ts';

const SHOWN_CHARACTERS = 100;

/** Where a row stands. */
interface Place {
  readonly file: CsvText;
  readonly line: number;
  readonly row: number;
}

/** A cell that is not what its column needs. */
export interface BadCell {
  readonly name: string;
  readonly position: number;
  readonly state: 'missing' | 'invalid';
}

/** Says what is wrong with a row; `cell` is given if one of its values is what is wrong. */
export function describeRow(scanned: ScannedRow, { file, line, row }: Place, cell?: BadCell): RowProblem {
  const place = { ...(file.name === undefined ? {} : { file: file.name }), line, row, fields: scanned.fields.length };
  if (scanned.broken === 'unclosed-quote') return { ...place, reason: 'unclosed-quote', message: 'a quoted field is never closed' };
  if (scanned.broken === 'misplaced-quote') {
    return { ...place, reason: 'misplaced-quote', message: 'a closing quote is followed by more text; double the quotes inside a quoted field' };
  }
  if (cell !== undefined) {
    const value = (scanned.fields[cell.position] ?? '').slice(0, SHOWN_CHARACTERS);
    if (cell.state === 'missing') return { ...place, column: cell.name, value, reason: 'missing-value', message: `column ${JSON.stringify(cell.name)} has no value` };
    return { ...place, column: cell.name, value, reason: 'not-a-number', message: `${JSON.stringify(value)} in column ${JSON.stringify(cell.name)} is not a number` };
  }
  const width = file.header.length;
  const found = scanned.fields.length;
  return { ...place, reason: found < width ? 'too-few-fields' : 'too-many-fields', message: `${found} ${found === 1 ? 'field' : 'fields'} where the header has ${width}` };
}
