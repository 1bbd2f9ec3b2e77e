/**
 * Codes: whole numbers that stand for a feature's values, in the same order. Growers and walkers compare codes only; a
 * number becomes a code by the feature's thresholds, alike when a forest is fitted and when it predicts.
 */
import { cutsBetween, cutsBetweenBins } from './bins.ts';
import type { Column } from './columns.ts';
import { countDistinct, distinctInOrder, fewValues, wholeRange } from './distinct-values.ts';
import type { WholeRange } from './distinct-values.ts';
import { CutIndex, codeOf, levelOf } from './encode.ts';
import { RandomStream } from './random.ts';
import { presentRows, sortRows } from './sort-rows.ts';

export { codeOf, levelOf } from './encode.ts';

/** Codes of one feature: the narrowest of the three that holds levels + 1 values. */
export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** How a feature's values became codes. */
export interface CodedFeature {
  /** One code a row: 0 to `levels` − 1, or `levels` for a missing value. */
  readonly codes: Codes;
  /** Number of codes without that of missing values; 0 where all values are missing. */
  readonly levels: number;
  /** Whether any row is missing. */
  readonly hasMissing: boolean;
  /** Whether codes are levels without an order. */
  readonly isCategorical: boolean;
  /** Numeric: `levels − 1` thresholds (none for 0 levels), ascending: `x <= cuts[c]` exactly where x's code is at most c. Categorical: empty. */
  readonly cuts: Float64Array;
}

/** Takes memory of that many bytes: shared where threads need it. */
export type Allocate = (bytes: number) => ArrayBuffer | SharedArrayBuffer;

/** Whole numbers of a smaller range than this are counted instead of sorted. */
const COUNTED_RANGE = 2 ** 16;
/** Bins of longer columns are chosen by this many of their rows: their shares are then right to about 3 %. */
const SAMPLED_ROWS = 2 ** 18;

/**
 * Codes a column whose numbers have an order. Levels and thresholds come from the learned rows alone; other rows are coded
 * as those to predict for.
 * @param learned ids of rows, ascending
 * @param maxBins most codes of values that are not missing, Infinity for one a distinct value. Where there are more
 *   values they are put in bins, which of more than 2¹⁸ rows are chosen by a sample, the same in every fit.
 */
export function codeNumbers(column: Column, learned: Uint32Array, maxBins: number, allocate: Allocate): CodedFeature {
  const values = column instanceof Float64Array ? column : new Float64Array(column);
  const range = wholeRange(values, COUNTED_RANGE);
  if (range !== undefined) {
    const distinct = countDistinct(values, learned, range);
    const feature = describe(values, distinct.values.length > 0, cutsBetweenBins(distinct, maxBins), allocate);
    codeByTable(values, range, feature);
    return feature;
  }
  return maxBins === Infinity ? codeRanks(values, learned, allocate) : codeBins(values, learned, maxBins, allocate);
}

/**
 * Codes a column of levels that have no order, whole numbers from 0: they are their own codes.
 * @param learned ids of rows, ascending; levels above the largest of theirs are taken for missing, as when predicting
 */
export function codeLevels(column: Column, learned: Uint32Array, allocate: Allocate): CodedFeature {
  const levels = learned.reduce((most, row) => Math.max(most, (column[row] ?? NaN) + 1 || 0), 0);
  const codes = allocateCodes(levels, column.length, allocate);
  let hasMissing = false;
  for (let row = 0; row < column.length; row++) {
    const code = levelOf(levels, column[row] ?? NaN);
    codes[row] = code;
    hasMissing ||= code === levels;
  }
  return { codes, levels, hasMissing, isCategorical: true, cuts: new Float64Array(0) };
}

/**
 * Writes the rank of each row's value.
 * @param order rows in ascending order of value
 * @param ends how many of them have at most each of the distinct values
 */
export function writeRanks(order: Uint32Array, ends: Uint32Array, ranks: Codes): void {
  let rank = 0;
  for (let i = 0; i < order.length; i++) {
    if (i === ends[rank]) rank++;
    ranks[order[i] ?? 0] = rank;
  }
}

/** One code a distinct value: its rank. */
function codeRanks(values: Float64Array, learned: Uint32Array, allocate: Allocate): CodedFeature {
  const order = sortRows(values, presentRows(values, learned));
  const distinct = distinctInOrder(values, order);
  const feature = describe(values, order.length > 0, cutsBetween(distinct.values), allocate);
  if (learned.length < values.length) codeBySearch(values, feature);
  else writeRanks(order, distinct.ends, feature.codes);
  return feature;
}

function codeBins(values: Float64Array, learned: Uint32Array, maxBins: number, allocate: Allocate): CodedFeature {
  const few = fewValues(values, learned, maxBins);
  const cuts = few === undefined ? sampledCuts(values, learned, maxBins) : cutsBetween(few);
  const feature = describe(values, few === undefined || few.length > 0, cuts, allocate);
  codeBySearch(values, feature);
  return feature;
}

function sampledCuts(values: Float64Array, learned: Uint32Array, maxBins: number): Float64Array {
  const order = sortRows(values, sample(presentRows(values, learned)));
  return cutsBetweenBins(distinctInOrder(values, order), maxBins);
}

/** One row drawn from each of 2¹⁸ equal stretches of the rows; all rows where there are no more. */
function sample(rows: Uint32Array): Uint32Array {
  if (rows.length <= SAMPLED_ROWS) return rows;
  const random = new RandomStream(0, 0);
  const stretch = rows.length / SAMPLED_ROWS;
  return Uint32Array.from({ length: SAMPLED_ROWS }, (_, i) => rows[Math.floor((i + random.next() / 2 ** 32) * stretch)] ?? 0);
}

/** A numeric feature with every row coded as missing for now. */
function describe(values: Float64Array, hasValues: boolean, cuts: Float64Array, allocate: Allocate): CodedFeature {
  const levels = hasValues ? cuts.length + 1 : 0;
  const codes = allocateCodes(levels, values.length, allocate).fill(levels);
  return { codes, levels, hasMissing: values.includes(NaN), isCategorical: false, cuts };
}

function allocateCodes(levels: number, rows: number, allocate: Allocate): Codes {
  if (levels < 2 ** 8) return new Uint8Array(allocate(rows));
  if (levels < 2 ** 16) return new Uint16Array(allocate(2 * rows));
  return new Uint32Array(allocate(4 * rows));
}

function codeByTable(values: Float64Array, { least, size }: WholeRange, { codes, cuts, levels }: CodedFeature): void {
  if (levels === 0) return;
  const table = Uint32Array.from({ length: size }, (_, offset) => codeOf(cuts, least + offset));
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? NaN;
    if (!Number.isNaN(value)) codes[row] = table[value - least] ?? 0;
  }
}

function codeBySearch(values: Float64Array, { codes, cuts, levels }: CodedFeature): void {
  if (levels === 0) return;
  const index = new CutIndex(cuts);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? NaN;
    if (!Number.isNaN(value)) codes[row] = index.codeOf(value);
  }
}
