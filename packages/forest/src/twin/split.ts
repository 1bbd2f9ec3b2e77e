/** How a node's rows are divided. */
import type { CodedFeature } from '../training-set.ts';

/** Codes up to `cut` go left. */
export interface NumericSplit {
  readonly kind: 'numeric';
  readonly feature: number;
  readonly cut: number;
  readonly missingGoesLeft: boolean;
}

/** Codes whose bit is set go left; the bit after the last level is that of missing values, those above it are 0. */
export interface CategoricalSplit {
  readonly kind: 'categorical';
  readonly feature: number;
  readonly set: Uint32Array;
}

/** Either kind. */
export type Split = NumericSplit | CategoricalSplit;

/** Whether a row with this code of the split's feature goes left. */
export function goesLeft(split: Split, { levels }: CodedFeature, code: number): boolean {
  if (split.kind === 'categorical') return (((split.set[code >>> 5] ?? 0) >>> (code & 31)) & 1) === 1;
  return code === levels ? split.missingGoesLeft : code <= split.cut;
}

/** The set of the `codes` given, of a feature with this many levels. */
export function bitsOf(codes: Uint32Array, levels: number): Uint32Array {
  const set = new Uint32Array(Math.ceil((levels + 1) / 32));
  for (const code of codes) set[code >>> 5] = (set[code >>> 5] ?? 0) | (1 << (code & 31));
  return set;
}

/** The set of all codes, missing values included, but the ones given. */
export function bitsWithout(codes: Uint32Array, levels: number): Uint32Array {
  const excluded = bitsOf(codes, levels);
  const all = bitsOf(Uint32Array.from({ length: levels + 1 }, (_, code) => code), levels);
  return all.map((word, index) => word & ~(excluded[index] ?? 0));
}
