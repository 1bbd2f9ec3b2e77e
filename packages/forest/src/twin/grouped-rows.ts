/** A node's rows in ascending order of one feature's codes, in groups of equal codes. */
import type { Codes } from '../training-set.ts';
import type { Criterion } from './criterion.ts';

/** Up to this many rows an insertion sort is faster than counting digits. */
const FEW = 32;
const DIGIT_BITS = 8;
const DIGITS = 1 << DIGIT_BITS;

/** Scratch memory of one grower: each `sort` replaces the groups of the one before. */
export class GroupedRows {
  /** Number of groups. */
  groups = 0;
  /** Row ids; those of group `g` are rows[starts[g]] … rows[starts[g + 1] − 1]. */
  rows: Uint32Array;
  readonly starts: Uint32Array;
  /** By group: the code that its rows have in common. */
  codes: Uint32Array;
  #keys: Uint32Array;
  #otherRows: Uint32Array;
  #otherKeys: Uint32Array;
  readonly #digitStarts = new Uint32Array(DIGITS + 1);

  constructor(mostRows: number) {
    this.rows = new Uint32Array(mostRows);
    this.starts = new Uint32Array(mostRows + 1);
    this.codes = new Uint32Array(mostRows);
    this.#keys = new Uint32Array(mostRows);
    this.#otherRows = new Uint32Array(mostRows);
    this.#otherKeys = new Uint32Array(mostRows);
  }

  /** Sorts and groups the range [start, end) of `rows` by `codes`, which are by row id. */
  sort(codes: Codes, rows: Uint32Array, start: number, end: number): void {
    const count = end - start;
    let largest = 0;
    for (let i = 0; i < count; i++) {
      const row = rows[start + i] ?? 0;
      const code = codes[row] ?? 0;
      this.rows[i] = row;
      this.#keys[i] = code;
      if (code > largest) largest = code;
    }
    if (count <= FEW) this.#insertionSort(count);
    else for (let shift = 0; shift < 32 && largest >>> shift > 0; shift += DIGIT_BITS) this.#sortByDigit(shift, count);
    this.#group(count);
  }

  /** Puts the groups in ascending order of the criterion's rank; the sort is stable, so that equal ones stay in that of their codes. */
  orderBy(criterion: Criterion): void {
    const { groups, starts } = this;
    const ranks = Float64Array.from({ length: groups }, (_, group) => criterion.rankOf(this.rows, starts[group] ?? 0, starts[group + 1] ?? 0));
    const order = Uint32Array.from(ranks.keys()).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
    const oldCodes = this.codes.slice(0, groups);
    const oldStarts = starts.slice(0, groups + 1);
    const oldRows = this.rows;
    const rows = this.#otherRows;
    let filled = 0;
    order.forEach((old, group) => {
      this.codes[group] = oldCodes[old] ?? 0;
      starts[group] = filled;
      for (let i = oldStarts[old] ?? 0; i < (oldStarts[old + 1] ?? 0); i++) rows[filled++] = oldRows[i] ?? 0;
    });
    this.rows = rows;
    this.#otherRows = oldRows;
  }

  #insertionSort(count: number): void {
    const keys = this.#keys;
    const { rows } = this;
    for (let i = 1; i < count; i++) {
      const key = keys[i] ?? 0;
      const row = rows[i] ?? 0;
      let hole = i;
      for (; hole > 0 && (keys[hole - 1] ?? 0) > key; hole--) {
        keys[hole] = keys[hole - 1] ?? 0;
        rows[hole] = rows[hole - 1] ?? 0;
      }
      keys[hole] = key;
      rows[hole] = row;
    }
  }

  /** One pass of a radix sort from the lowest digit: stable, so that earlier passes keep their effect. */
  #sortByDigit(shift: number, count: number): void {
    const keys = this.#keys;
    const { rows } = this;
    const sortedKeys = this.#otherKeys;
    const sortedRows = this.#otherRows;
    const next = this.#digitStarts;
    next.fill(0);
    for (let i = 0; i < count; i++) {
      const digit = ((keys[i] ?? 0) >>> shift) & (DIGITS - 1);
      next[digit + 1] = (next[digit + 1] ?? 0) + 1;
    }
    for (let digit = 0; digit < DIGITS; digit++) next[digit + 1] = (next[digit + 1] ?? 0) + (next[digit] ?? 0);
    for (let i = 0; i < count; i++) {
      const key = keys[i] ?? 0;
      const digit = (key >>> shift) & (DIGITS - 1);
      const position = next[digit] ?? 0;
      next[digit] = position + 1;
      sortedKeys[position] = key;
      sortedRows[position] = rows[i] ?? 0;
    }
    this.#keys = sortedKeys;
    this.#otherKeys = keys;
    this.rows = sortedRows;
    this.#otherRows = rows;
  }

  #group(count: number): void {
    const keys = this.#keys;
    const { starts, codes } = this;
    let groups = 0;
    for (let i = 0; i < count; i++) {
      const key = keys[i] ?? 0;
      if (groups > 0 && codes[groups - 1] === key) continue;
      starts[groups] = i;
      codes[groups++] = key;
    }
    starts[groups] = count;
    this.groups = groups;
  }
}
