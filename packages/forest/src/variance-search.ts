/**
 * The exhaustive search of a node's best split by variance reduction.
 *
 * With W, S the node's weight and weighted target sum and WL, SL those of the left side, the reduction is
 * d² / (W · WL · WR) with d = W·SL − S·WL. W is the same for all candidates of a node, so d² / (WL · WR) is compared,
 * by cross-multiplication: no division in the loop.
 */
import { BEYOND_NOISE, SplitSearch } from './split-search.ts';
import type { NodeRange } from './split-search.ts';

/** Regression. */
export class VarianceSearch extends SplitSearch {
  #numerator = -1;
  #denominator = 1;

  protected override begin(): void {
    this.#numerator = -1;
    this.#denominator = 1;
  }

  /** The weighted sum of squares that the split removes. */
  override reduction({ weight }: NodeRange): number {
    return this.#numerator / this.#denominator / weight;
  }

  /**
   * Hot: goes once through the feature's sorted list and scores each place between two different values. Long, because
   * every call or object in this loop is paid for by each sample of each node of each tree.
   *
   * d is computed from SL − m·WL with the whole number m nearest to S / W: exact, and without the cancellation
   * that W·SL − S·WL has where the node's targets are nearly equal and far from 0.
   */
  protected override scan(feature: number, node: NodeRange): void {
    const { lists, codes, weights, sums, stride } = this.samples;
    const { start, end, weight, sum } = node;
    const base = feature * stride;
    const firstPos = start + this.minSamplesLeaf;
    const lastPos = end - this.minSamplesLeaf;
    const middle = Math.round(sum / weight);
    const rest = sum - middle * weight;
    // An imported constant is looked up at every use, which costs 5 % of a fit here.
    const beyondNoise = BEYOND_NOISE;
    let numerator = this.#numerator;
    let denominator = this.#denominator;
    let leftWeight = 0;
    let leftSum = 0;
    let sample = lists[base + start] ?? 0;
    let code = codes[base + sample] ?? 0;
    for (let pos = start + 1; pos <= lastPos; pos++) {
      leftWeight += weights[sample] ?? 0;
      leftSum += sums[sample] ?? 0;
      sample = lists[base + pos] ?? 0;
      const nextCode = codes[base + sample] ?? 0;
      if (nextCode === code) continue;
      code = nextCode;
      if (pos < firstPos) continue;
      const difference = (leftSum - middle * leftWeight) * weight - rest * leftWeight;
      const score = difference * difference;
      const scale = leftWeight * (weight - leftWeight);
      if (score * denominator > numerator * scale * beyondNoise) {
        numerator = score;
        denominator = scale;
        this.feature = feature;
        this.pos = pos;
        this.leftWeight = leftWeight;
        this.leftSum = leftSum;
      }
    }
    this.#numerator = numerator;
    this.#denominator = denominator;
  }
}
