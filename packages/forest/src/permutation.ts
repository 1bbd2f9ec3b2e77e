/** What importances by permutation have in common. */
import type { RandomStream } from './random.ts';

/** Importances of features over several measurements. */
export interface PermutationImportances {
  /** One entry a feature. */
  readonly mean: Float64Array;
  /** Standard deviation over the measurements, as scikit-learn's: of them, not of the population they come from. */
  readonly std: Float64Array;
}

/** Puts `items` in a random order, each as likely as any other: Fisher and Yates' shuffle. */
export function shuffle(items: Uint32Array, random: RandomStream): void {
  for (let last = items.length - 1; last > 0; last--) {
    const pick = random.below(last + 1);
    const item = items[pick] ?? 0;
    items[pick] = items[last] ?? 0;
    items[last] = item;
  }
}

/** Mean and standard deviation of measurements that come one by one, each of all features (Welford, 1962). */
export class RunningImportances {
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(features: number) {
    this.#mean = new Float64Array(features);
    this.#squares = new Float64Array(features);
  }

  add(measured: Float64Array): void {
    this.#count++;
    measured.forEach((value, feature) => {
      const mean = this.#mean[feature] ?? 0;
      const next = mean + (value - mean) / this.#count;
      this.#mean[feature] = next;
      this.#squares[feature] = (this.#squares[feature] ?? 0) + (value - mean) * (value - next);
    });
  }

  /** `NaN` where nothing was added. */
  result(): PermutationImportances {
    if (this.#count === 0) return { mean: this.#mean.map(() => NaN), std: this.#mean.map(() => NaN) };
    return { mean: this.#mean.slice(), std: this.#squares.map((sum) => Math.sqrt(sum / this.#count)) };
  }
}
