import type { SampleSet } from './sample-set.ts';

/** The weight of each class over a range of the sample lists, in memory that is used again. */
export class ClassWeights {
  readonly weights: Float64Array;
  /** The sum of the squares of `weights`, as of the latest `count`. */
  squares = 0;
  readonly #samples: SampleSet;

  constructor(samples: SampleSet, classes: number) {
    this.#samples = samples;
    this.weights = new Float64Array(classes);
  }

  /** Sums up the samples at [start, end) of a feature's list. */
  count(feature: number, start: number, end: number): void {
    const { lists, weights: sampleWeights, classes, stride } = this.#samples;
    const { weights } = this;
    const base = feature * stride;
    let squares = 0;
    weights.fill(0);
    for (let i = base + start; i < base + end; i++) {
      const sample = lists[i] ?? 0;
      const label = classes[sample] ?? 0;
      const added = sampleWeights[sample] ?? 0;
      const before = weights[label] ?? 0;
      weights[label] = before + added;
      squares += added * (2 * before + added);
    }
    this.squares = squares;
  }

  /** Sets the weights of the classes that occur at [start, end) to 0; the cheaper way where there are more classes than samples. */
  clear(feature: number, start: number, end: number): void {
    const { lists, classes, stride } = this.#samples;
    const { weights } = this;
    if (end - start >= weights.length) {
      for (let label = 0; label < weights.length; label++) weights[label] = 0;
      return;
    }
    const base = feature * stride;
    for (let i = base + start; i < base + end; i++) weights[classes[lists[i] ?? 0] ?? 0] = 0;
  }
}
