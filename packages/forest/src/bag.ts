import { RandomStream } from './random.ts';
import type { TrainingSet } from './training-set.ts';

/** How a tree's rows are chosen. */
export interface Bagging {
  readonly bootstrap: boolean;
  readonly seed: number;
}

/**
 * How often each row is in tree number `tree`: as many draws with replacement as there are rows to learn from, or every
 * row once. Fills `counts` and returns the tree's random stream, which goes on to choose features.
 */
export function drawBag(set: TrainingSet, bagging: Bagging, tree: number, counts: Uint32Array): RandomStream {
  const { drawable } = set;
  const random = new RandomStream(bagging.seed, tree);
  counts.fill(0);
  for (let draw = 0; draw < drawable.length; draw++) {
    const row = drawable[bagging.bootstrap ? random.below(drawable.length) : draw] ?? 0;
    counts[row] = (counts[row] ?? 0) + 1;
  }
  return random;
}
