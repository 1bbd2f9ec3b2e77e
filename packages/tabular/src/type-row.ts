import type { Row } from './row.ts';

const TYPE = /^(?:u?int(?:eger)?\d*|bigint|smallint|str(?:ing)?|text|(?:var)?char(?:\(\d+\))?|float\d*|double|real|num(?:ber|eric)?|decimal(?:\([\d, ]+\))?|bool(?:ean)?|date(?:time)?|timestamp|time|object|categor(?:y|ical)|factor|enum|nominal)$/i;

/** Whether the row below a header names the columns' types instead of having values: at least two cells, and all of them. */
export function isTypeRow(row: Row): boolean {
  const cells = row.cells();
  return cells.length > 1 && cells.every((cell) => TYPE.test(cell));
}
