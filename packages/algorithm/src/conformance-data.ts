import type { Feature, Training } from './algorithm.ts';

/** Seeded rows of a known law: what an algorithm gets in the conformance suite. */
export interface ConformanceData {
  readonly training: Training;
  /** Rows of the same law that are not in the training. */
  readonly unseen: readonly Feature[];
  readonly unseenTarget: Float64Array;
}

/** A target that depends on two of four features, one of them in steps, with a little noise. */
export function createConformanceData(rows: number, seed: number): ConformanceData {
  const next = uniform(seed);
  const known = sample(rows, next);
  const unknown = sample(rows, next);
  return {
    training: { task: 'regression', ...known },
    unseen: unknown.features,
    unseenTarget: unknown.target,
  };
}

function sample(rows: number, next: () => number): { features: Feature[]; target: Float64Array } {
  const column = (valueOf: () => number): Float64Array => Float64Array.from({ length: rows }, valueOf);
  const price = column(() => 20 + 200 * next());
  const size = column(() => Math.floor(4 * next()));
  const features: Feature[] = [
    { name: 'noise', values: column(next) },
    { name: 'price', values: price },
    { name: 'size', values: size },
    { name: 'constant', values: column(() => 7) },
  ];
  return { features, target: price.map((value, row) => value * (1 + (size[row] ?? 0)) + 5 * next()) };
}

/** Numbers in [0, 1) by a linear congruential generator (Numerical Recipes): plenty for test data. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
