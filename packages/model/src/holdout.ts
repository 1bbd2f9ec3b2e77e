/** The rows of a table in two parts: their numbers, rising. */
export interface Split {
  readonly training: Uint32Array;
  readonly heldOut: Uint32Array;
}

/**
 * Parts rows by what their content and the seed alone have made of them: a row that is held out once is held out in every
 * training of a growing data set, whatever the order of rows and columns. Equal rows stay together.
 * @param rowHash in [0, 1), one a row
 * @param fraction share of the rows to hold out, from 0 to below 1; the share that comes out varies a little
 */
export function splitByRowHash(rowHash: Float64Array, fraction: number): Split {
  const training: number[] = [];
  const heldOut: number[] = [];
  rowHash.forEach((hash, row) => (hash < fraction ? heldOut : training).push(row));
  return { training: Uint32Array.from(training), heldOut: Uint32Array.from(heldOut) };
}
