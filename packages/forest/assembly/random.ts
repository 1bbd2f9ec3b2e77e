/** The stream of random numbers of one tree: sfc32, as in ../src/random.ts. */

let a: i32 = 0;
let b: i32 = 0;
let c: i32 = 0;
let counter: i32 = 0;

/** 2³² divided by the golden ratio. */
const GOLDEN: i32 = 0x9e3779b9;

/** Starts the stream of a tree; the seed's low and high words. */
export function seedRandom(low: i32, high: i32, tree: i32): void {
  a = mix(low, 1);
  b = mix(high, 2);
  c = mix(tree, 3);
  counter = 1;
  for (let round = 0; round < 15; round++) next();
}

/** A whole number from 0 to 2³² − 1. */
export function next(): u32 {
  const result = a + b + counter;
  a = b ^ (b >>> 9);
  b = c + (c << 3);
  c = rotl<i32>(c, 21) + result;
  counter = counter + 1;
  return <u32>result;
}

/** A whole number from 0 to `limit` − 1. */
export function below(limit: u32): u32 {
  return <u32>((<u64>next() * <u64>limit) >> 32);
}

function mix(word: i32, step: i32): i32 {
  let bits = word + GOLDEN * step;
  bits = (bits ^ (bits >>> 16)) * 0x21f0aaad;
  bits = (bits ^ (bits >>> 15)) * 0x735a2d97;
  return bits ^ (bits >>> 15);
}
