/** What each row counts: its own weight times that of its class. */
import { balance } from './bag.ts';
import type { ForestData } from './columns.ts';
import type { ClassWeight } from './options.ts';

/**
 * The weight of a row by its id; a row of weight 0 is not learned from. `'balanced'` is scikit-learn's: n rows of a class,
 * of N in all that have a weight, count N / (K · n) each, for K classes with rows. `'balanced_subsample'` is left to each bag.
 * @param data checked
 * @param classes 0 for regression
 */
export function rowWeights(data: ForestData, classes: number, classWeight: ClassWeight | undefined): (row: number) => number {
  const { target, weights } = data;
  const given = (row: number): number => (weights === undefined ? 1 : (weights[row] ?? 0));
  if (classWeight === undefined || classWeight === 'balanced_subsample') return given;
  const factors = classWeight === 'balanced' ? balance(classSizes(target, given, classes)) : classWeight;
  return (row) => given(row) * (factors[target[row] ?? 0] ?? 0);
}

function classSizes(target: Float64Array, given: (row: number) => number, classes: number): Float64Array {
  const sizes = new Float64Array(classes);
  for (let row = 0; row < target.length; row++) {
    const label = target[row] ?? 0;
    if (given(row) > 0) sizes[label] = (sizes[label] ?? 0) + 1;
  }
  return sizes;
}
