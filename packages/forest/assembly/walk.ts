/** The way of rows through a tree of numeric splits, as ../src/walk-trees.ts goes it. */

/**
 * Sends `count` rows down a tree; eight at a time, so that the processor waits for several nodes at once.
 * @param root the tree's nodes
 * @param rows codes, `rowBytes` a row
 * @param mask of the bits that name a column, without the lowest where two columns share a place
 * @param shift from a masked column to the byte of its code
 * @param bits of a column
 * @param leaves takes the number of each row's leaf
 */
export function walkTree(root: usize, rows: usize, count: u32, rowBytes: usize, mask: u32, shift: u32, bits: u32, leaves: usize): void {
  let row = rows;
  let leaf = leaves;
  const end = leaves + (<usize>count << 2);
  for (const whole = leaves + (<usize>(count & ~7) << 2); leaf < whole; leaf += 32) {
    row = shift == 1 ? walkEightShared(root, row, rowBytes, mask, bits, leaf) : walkEightApart(root, row, rowBytes, mask, bits, leaf);
  }
  for (; leaf < end; leaf += 4, row += rowBytes) {
    let node = root;
    while (load<u32>(node, 4) >> bits != 0) node = follow(node, load<u64>(node), row, mask, shift, bits);
    store<u32>(leaf, load<u32>(node));
  }
}

/** Two columns share a place. A shift that is known when this is compiled is part of an address. */
function walkEightShared(root: usize, row: usize, rowBytes: usize, mask: u32, bits: u32, leaf: usize): usize {
  return walkEight(root, row, rowBytes, mask, 1, bits, leaf);
}

/** Every column has a place of its own. */
function walkEightApart(root: usize, row: usize, rowBytes: usize, mask: u32, bits: u32, leaf: usize): usize {
  return walkEight(root, row, rowBytes, mask, 2, bits, leaf);
}

/** Hot. @returns the next row */
@inline
function walkEight(root: usize, row: usize, rowBytes: usize, mask: u32, shift: u32, bits: u32, leaf: usize): usize {
  const rowB = row + rowBytes;
  const rowC = rowB + rowBytes;
  const rowD = rowC + rowBytes;
  const rowE = rowD + rowBytes;
  const rowF = rowE + rowBytes;
  const rowG = rowF + rowBytes;
  const rowH = rowG + rowBytes;
  let a = root;
  let b = root;
  let c = root;
  let d = root;
  let e = root;
  let f = root;
  let g = root;
  let h = root;
  const words = load<u64>(root);
  let wordsA = words;
  let wordsB = words;
  let wordsC = words;
  let wordsD = words;
  let wordsE = words;
  let wordsF = words;
  let wordsG = words;
  let wordsH = words;
  while (<u32>((wordsA | wordsB | wordsC | wordsD | wordsE | wordsF | wordsG | wordsH) >> 32) >> bits != 0) {
    a = follow(a, wordsA, row, mask, shift, bits);
    b = follow(b, wordsB, rowB, mask, shift, bits);
    c = follow(c, wordsC, rowC, mask, shift, bits);
    d = follow(d, wordsD, rowD, mask, shift, bits);
    e = follow(e, wordsE, rowE, mask, shift, bits);
    f = follow(f, wordsF, rowF, mask, shift, bits);
    g = follow(g, wordsG, rowG, mask, shift, bits);
    h = follow(h, wordsH, rowH, mask, shift, bits);
    wordsA = load<u64>(a);
    wordsB = load<u64>(b);
    wordsC = load<u64>(c);
    wordsD = load<u64>(d);
    wordsE = load<u64>(e);
    wordsF = load<u64>(f);
    wordsG = load<u64>(g);
    wordsH = load<u64>(h);
  }
  store<u32>(leaf, <u32>wordsA);
  store<u32>(leaf, <u32>wordsB, 4);
  store<u32>(leaf, <u32>wordsC, 8);
  store<u32>(leaf, <u32>wordsD, 12);
  store<u32>(leaf, <u32>wordsE, 16);
  store<u32>(leaf, <u32>wordsF, 20);
  store<u32>(leaf, <u32>wordsG, 24);
  store<u32>(leaf, <u32>wordsH, 28);
  return rowH + rowBytes;
}

/** One step; a leaf is right by 0, so that it waits for the others. */
@inline
function follow(node: usize, words: u64, row: usize, mask: u32, shift: u32, bits: u32): usize {
  const link = <u32>(words >> 32);
  const isRight = load<i32>(row + (<usize>(link & mask) << shift)) > <i32>words;
  return node + (select<usize>(<usize>(link >> bits), 1, isRight) << 3);
}

/** What the first tree says of each row: the base that the others are added to. */
export function setBases(leaves: usize, count: u32, values: usize, valueCount: u32, bases: usize): void {
  for (let row: u32 = 0; row < count; row++, leaves += 4, bases += 8) store<f64>(bases, valueOf(load<u32>(leaves), values, valueCount));
}

/** Adds the differences from the bases. */
export function addDifferences(leaves: usize, count: u32, values: usize, valueCount: u32, bases: usize, sums: usize): void {
  for (let row: u32 = 0; row < count; row++, leaves += 4, bases += 8, sums += 8) {
    store<f64>(sums, load<f64>(sums) + (valueOf(load<u32>(leaves), values, valueCount) - load<f64>(bases)));
  }
}

/** A number that is none of a leaf, as damaged nodes may have, stands for 0. */
@inline
function valueOf(leaf: u32, values: usize, valueCount: u32): f64 {
  return leaf < valueCount ? load<f64>(values + (<usize>leaf << 3)) : 0;
}
