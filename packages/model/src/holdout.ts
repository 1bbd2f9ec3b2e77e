import { rowHashes, selectRows } from '@dropforest/tabular';
import type { Table } from '@dropforest/tabular';

/** A table in two parts. */
export interface Split {
  readonly training: Table;
  readonly heldOut: Table;
}

/**
 * Parts a table by its rows' content and the seed alone: a row that is held out once is held out in every training of a
 * growing data set, whatever the order of rows and columns. Equal rows stay together.
 * @param fraction share of the rows to hold out, from 0 to below 1; the share that comes out varies a little
 */
export function splitByRowHash(table: Table, fraction: number, seed: number): Split {
  const hashes = rowHashes(table, seed);
  const training: number[] = [];
  const heldOut: number[] = [];
  hashes.forEach((hash, row) => (hash < fraction ? heldOut : training).push(row));
  return { training: selectRows(table, Uint32Array.from(training)), heldOut: selectRows(table, Uint32Array.from(heldOut)) };
}
