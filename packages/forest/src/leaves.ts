/** What a leaf whose targets differ says. */
import { ClassWeights } from './class-weights.ts';
import { fromUnits } from './fixed-point.ts';
import type { SampleSet } from './sample-set.ts';
import type { NodeRange } from './split-search.ts';
import type { TrainingSet } from './training-set.ts';

/** Makes the leaves of one tree after another. */
export interface LeafMaker {
  /** Starts a tree. */
  reset(): void;
  /** The value of a leaf over `node`, as `Tree.value` holds it. */
  mixed(node: NodeRange): number;
  /** `Tree.shares` of the tree since `reset`. */
  shares(): Float64Array<ArrayBuffer>;
}

/** Regression: the weighted mean. */
export class MeanLeaves implements LeafMaker {
  readonly #set: TrainingSet;

  constructor(set: TrainingSet) {
    this.#set = set;
  }

  reset(): void {
    // Means stand in the nodes themselves.
  }

  mixed({ weight, sum }: NodeRange): number {
    const { grid, weightScale } = this.#set;
    return fromUnits(grid, (sum / weight) * weightScale);
  }

  shares(): Float64Array<ArrayBuffer> {
    return new Float64Array(0);
  }
}

/** Classification: a row of class shares. */
export class ShareLeaves implements LeafMaker {
  readonly #counted: ClassWeights;
  #shares: Float64Array<ArrayBuffer>;
  #rows = 0;

  constructor(samples: SampleSet, classes: number) {
    this.#counted = new ClassWeights(samples, classes);
    this.#shares = new Float64Array(16 * classes);
  }

  reset(): void {
    this.#rows = 0;
  }

  mixed({ list, start, end, weight }: NodeRange): number {
    const { weights } = this.#counted;
    this.#counted.count(list, start, end);
    const at = this.#rows * weights.length;
    if (at === this.#shares.length) this.#grow();
    for (let label = 0; label < weights.length; label++) this.#shares[at + label] = (weights[label] ?? 0) / weight;
    return -1 - this.#rows++;
  }

  shares(): Float64Array<ArrayBuffer> {
    return this.#shares.slice(0, this.#rows * this.#counted.weights.length);
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#shares.length);
    larger.set(this.#shares);
    this.#shares = larger;
  }
}
