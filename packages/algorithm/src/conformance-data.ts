import type { Feature, Task, Training } from './algorithm.ts';

/** Seeded rows of a known law: what an algorithm gets in the conformance suite. */
export interface ConformanceData {
  readonly training: Training;
  /** Rows of the same law that are not in the training. */
  readonly unseen: readonly Feature[];
  readonly unseenTarget: Float64Array;
}

/** Classes of the classification data. */
const CLASSES = 3;
/** Targets from which on a row is of the next class: about a third of the rows each. */
const CLASS_STARTS = [160, 310];

/**
 * A number that depends on two of four features, one of them in steps, with a little noise; for classification the
 * range that this number lies in.
 */
export function createConformanceData(task: Task, rows: number, seed: number): ConformanceData {
  const next = uniform(seed);
  const known = sample(task, rows, next);
  const unknown = sample(task, rows, next);
  return {
    training: task === 'regression' ? { task, ...known } : { task, ...known, classCount: CLASSES },
    unseen: unknown.features,
    unseenTarget: unknown.target,
  };
}

function sample(task: Task, rows: number, next: () => number): { features: Feature[]; target: Float64Array } {
  const column = (valueOf: () => number): Float64Array => Float64Array.from({ length: rows }, valueOf);
  const price = column(() => 20 + 200 * next());
  const size = column(() => Math.floor(4 * next()));
  const features: Feature[] = [
    { name: 'noise', values: column(next) },
    { name: 'price', values: price },
    { name: 'size', values: size },
    { name: 'constant', values: column(() => 7) },
  ];
  const amount = price.map((value, row) => value * (1 + (size[row] ?? 0)) + 5 * next());
  return { features, target: task === 'regression' ? amount : amount.map((value) => CLASS_STARTS.filter((start) => value >= start).length) };
}

/** Numbers in [0, 1) by a linear congruential generator (Numerical Recipes): plenty for test data. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
