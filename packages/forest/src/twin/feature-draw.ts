/** Which features a node tries. */
import type { RandomStream } from '../random.ts';

/** Draws features without replacement, from a permutation that lives as long as a tree. */
export class FeatureDraw {
  readonly #maxFeatures: number;
  readonly #order: Uint32Array;

  constructor(features: number, maxFeatures: number) {
    this.#maxFeatures = maxFeatures;
    this.#order = new Uint32Array(features);
  }

  /** Begins a tree: what earlier trees drew must not matter to it. */
  reset(): void {
    for (let feature = 0; feature < this.#order.length; feature++) this.#order[feature] = feature;
  }

  /**
   * The features to try, without those that are constant in the node. As in scikit-learn, `maxFeatures` are drawn,
   * constant ones included, and more until one varies. Where all would be drawn, none is: ascending order, no random number.
   */
  draw(random: RandomStream, varies: (feature: number) => boolean): number[] {
    const order = this.#order;
    if (this.#maxFeatures >= order.length) return Array.from(order).filter(varies);
    const varying: number[] = [];
    for (let drawn = 0; drawn < order.length && (drawn < this.#maxFeatures || varying.length === 0); drawn++) {
      const pick = drawn + random.below(order.length - drawn);
      const feature = order[pick] ?? 0;
      order[pick] = order[drawn] ?? 0;
      order[drawn] = feature;
      if (varies(feature)) varying.push(feature);
    }
    return varying;
  }
}
