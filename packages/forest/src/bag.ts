/** Which rows a tree learns from, how often and with what weight. Cheap to draw again, so that nobody has to keep a bag. */
import type { GrowSettings } from './options.ts';
import { RandomStream } from './random.ts';
import type { TrainingSet } from './training-set.ts';

/**
 * How often each row is in tree number `tree`: `draws` times a row is drawn with replacement, or every row is taken once.
 * @param counts one element a row, overwritten
 * @returns the tree's random stream, which goes on to choose features
 */
export function drawBag(set: TrainingSet, settings: Pick<GrowSettings, 'bootstrap' | 'draws' | 'seed'>, tree: number, counts: Uint32Array): RandomStream {
  const { drawable } = set;
  const random = new RandomStream(settings.seed, tree);
  const draws = settings.bootstrap ? settings.draws : drawable.length;
  counts.fill(0);
  for (let draw = 0; draw < draws; draw++) {
    const row = drawable[settings.bootstrap ? random.below(drawable.length) : draw] ?? 0;
    counts[row] = (counts[row] ?? 0) + 1;
  }
  return random;
}

/**
 * What each row of a bag weighs, in steps of the training set: whole numbers, 0 for rows out of the bag. With
 * `class_weight='balanced_subsample'` each class of the bag gets the same share, as scikit-learn has it: a class of n of
 * the N rows in the bag counts N / (K · n), for K classes in the bag.
 * @param counts of `drawBag`
 * @param weights one element a row, overwritten
 */
export function weighBag(set: TrainingSet, settings: Pick<GrowSettings, 'isBalancedSubsample'>, counts: Uint32Array, weights: Float64Array): void {
  const factors = settings.isBalancedSubsample ? balancedFactors(set, counts) : undefined;
  for (let row = 0; row < set.rows; row++) {
    const weight = (counts[row] ?? 0) * (set.weights[row] ?? 0);
    const factor = factors?.[set.targetRanks[row] ?? 0];
    // A row that was drawn counts for something, however frequent its class.
    weights[row] = factor === undefined || weight === 0 ? weight : Math.max(1, Math.floor(weight * factor + 0.5));
  }
}

/** What the rows of each class in a bag count, so that the classes weigh the same. */
function balancedFactors({ classes, targetRanks, rows }: TrainingSet, counts: Uint32Array): Float64Array {
  const drawn = new Float64Array(classes);
  for (let row = 0; row < rows; row++) {
    const label = targetRanks[row] ?? 0;
    drawn[label] = (drawn[label] ?? 0) + (counts[row] ?? 0);
  }
  return balance(drawn);
}

/** The factor of each class that gives all that have rows the same total: N / (K · n); 0 for a class without rows. */
export function balance(sizes: Float64Array): Float64Array {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const present = sizes.filter((size) => size > 0).length;
  return sizes.map((size) => (size > 0 ? total / (present * size) : 0));
}
