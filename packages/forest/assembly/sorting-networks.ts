/** Sorts rows of four keys, each key in its lane, by networks of minima and maxima: no branch depends on a key. */

/** The keys of the sample at an index of the order. */
@inline
export function rowAt(source: usize, at: usize): v128 {
  return v128.load(source + (<usize>load<u8>(at) << 4));
}

export function sort3(source: usize, order: usize, into: usize): void {
  const a = rowAt(source, order);
  const b = rowAt(source, order + 1);
  const c = rowAt(source, order + 2);
  const low = i32x4.min_u(a, b);
  const high = i32x4.max_u(a, b);
  const middle = i32x4.min_u(high, c);
  v128.store(into, i32x4.min_u(low, middle));
  v128.store(into, i32x4.max_u(low, middle), 16);
  v128.store(into, i32x4.max_u(high, c), 32);
}

export function sort4(source: usize, order: usize, into: usize): void {
  const a = rowAt(source, order);
  const b = rowAt(source, order + 1);
  const c = rowAt(source, order + 2);
  const d = rowAt(source, order + 3);
  const lowOne = i32x4.min_u(a, b);
  const highOne = i32x4.max_u(a, b);
  const lowOther = i32x4.min_u(c, d);
  const highOther = i32x4.max_u(c, d);
  const second = i32x4.max_u(lowOne, lowOther);
  const third = i32x4.min_u(highOne, highOther);
  v128.store(into, i32x4.min_u(lowOne, lowOther));
  v128.store(into, i32x4.min_u(second, third), 16);
  v128.store(into, i32x4.max_u(second, third), 32);
  v128.store(into, i32x4.max_u(highOne, highOther), 48);
}

/** Puts the smaller keys of two rows into the first of them. */
@inline
function exchange(rows: usize, low: usize, high: usize): void {
  const one = v128.load(rows + (low << 4));
  const other = v128.load(rows + (high << 4));
  v128.store(rows + (low << 4), i32x4.min_u(one, other));
  v128.store(rows + (high << 4), i32x4.max_u(one, other));
}

/** Batcher's odd-even merge sort (1968), written out: 5 exchanges for 4 rows. */
function sortFour(rows: usize): void {
  exchange(rows, 0, 1);
  exchange(rows, 2, 3);
  exchange(rows, 0, 2);
  exchange(rows, 1, 3);
  exchange(rows, 1, 2);
}

/** 12 exchanges, the fewest there can be. */
export function sort6(rows: usize): void {
  exchange(rows, 0, 5);
  exchange(rows, 1, 3);
  exchange(rows, 2, 4);
  exchange(rows, 1, 2);
  exchange(rows, 3, 4);
  exchange(rows, 0, 3);
  exchange(rows, 2, 5);
  exchange(rows, 0, 1);
  exchange(rows, 2, 3);
  exchange(rows, 4, 5);
  exchange(rows, 1, 2);
  exchange(rows, 3, 4);
}

/** 19 exchanges. */
export function sort8(rows: usize): void {
  sortFour(rows);
  sortFour(rows + 64);
  merge8(rows);
}

/** 63 exchanges. */
export function sort16(rows: usize): void {
  sort8(rows);
  sort8(rows + 128);
  exchange(rows, 0, 8);
  exchange(rows, 1, 9);
  exchange(rows, 2, 10);
  exchange(rows, 3, 11);
  exchange(rows, 4, 12);
  exchange(rows, 5, 13);
  exchange(rows, 6, 14);
  exchange(rows, 7, 15);
  exchange(rows, 4, 8);
  exchange(rows, 5, 9);
  exchange(rows, 6, 10);
  exchange(rows, 7, 11);
  exchange(rows, 2, 4);
  exchange(rows, 3, 5);
  exchange(rows, 6, 8);
  exchange(rows, 7, 9);
  exchange(rows, 10, 12);
  exchange(rows, 11, 13);
  exchange(rows, 1, 2);
  exchange(rows, 3, 4);
  exchange(rows, 5, 6);
  exchange(rows, 7, 8);
  exchange(rows, 9, 10);
  exchange(rows, 11, 12);
  exchange(rows, 13, 14);
}

function merge8(rows: usize): void {
  exchange(rows, 0, 4);
  exchange(rows, 1, 5);
  exchange(rows, 2, 6);
  exchange(rows, 3, 7);
  exchange(rows, 2, 4);
  exchange(rows, 3, 5);
  exchange(rows, 1, 2);
  exchange(rows, 3, 4);
  exchange(rows, 5, 6);
}
