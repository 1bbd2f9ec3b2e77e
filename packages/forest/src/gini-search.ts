/**
 * The exhaustive search of a node's best split by Gini impurity.
 *
 * With T the weights of the node's classes, L and R those of the two sides and W, WL, WR their sums, the weighted
 * impurity that a split leaves is W − (Σ L² / WL + Σ R² / WR). So the split with the largest (Σ L² · WR + Σ R² · WL) /
 * (WL · WR) is looked for, by cross-multiplication. Weights are whole numbers: below 2⁵³ their squares' sums are exact,
 * so a split and its mirror image score alike.
 */
import { ClassWeights } from './class-weights.ts';
import type { SampleSet } from './sample-set.ts';
import { BEYOND_NOISE, SplitSearch } from './split-search.ts';
import type { NodeRange } from './split-search.ts';

/** Classification. */
export class GiniSearch extends SplitSearch {
  readonly #total: ClassWeights;
  readonly #left: ClassWeights;
  #numerator = -1;
  #denominator = 1;

  constructor(samples: SampleSet, classes: number, minSamplesLeaf: number, maxFeatures: number) {
    super(samples, minSamplesLeaf, maxFeatures);
    this.#total = new ClassWeights(samples, classes);
    this.#left = new ClassWeights(samples, classes);
  }

  protected override begin({ list, start, end }: NodeRange): void {
    this.#numerator = -1;
    this.#denominator = 1;
    this.#total.count(list, start, end);
  }

  /**
   * The weighted Gini impurity that the split removes, Σ (W·L − T·WL)² / (W · WL · WR): counted again, because the
   * difference of the scores would leave noise where a split removes nothing.
   */
  override reduction({ start, weight }: NodeRange): number {
    const total = this.#total.weights;
    const left = this.#left.weights;
    const { leftWeight } = this;
    this.#left.count(this.feature, start, this.pos);
    let squares = 0;
    for (let label = 0; label < total.length; label++) {
      const difference = weight * (left[label] ?? 0) - (total[label] ?? 0) * leftWeight;
      squares += difference * difference;
    }
    return squares / leftWeight / (weight - leftWeight) / weight;
  }

  /**
   * Hot: goes once through the feature's sorted list and scores each place between two different values. Long, because
   * every call or object in this loop is paid for by each sample of each node of each tree.
   *
   * Σ L² and Σ T·L follow each sample in constant time, whatever the number of classes, and Σ R² = Σ T² − 2 Σ T·L + Σ L².
   */
  protected override scan(feature: number, node: NodeRange): void {
    const { lists, codes, weights, classes, stride } = this.samples;
    const { weights: total, squares } = this.#total;
    const { weights: left } = this.#left;
    const { start, end, weight } = node;
    const base = feature * stride;
    const firstPos = start + this.minSamplesLeaf;
    const lastPos = end - this.minSamplesLeaf;
    // An imported constant is looked up at every use, which costs 5 % of a fit here.
    const beyondNoise = BEYOND_NOISE;
    let numerator = this.#numerator;
    let denominator = this.#denominator;
    let leftWeight = 0;
    let leftSquares = 0;
    let products = 0;
    this.#left.clear(feature, start, end);
    let sample = lists[base + start] ?? 0;
    let code = codes[base + sample] ?? 0;
    for (let pos = start + 1; pos <= lastPos; pos++) {
      const label = classes[sample] ?? 0;
      const added = weights[sample] ?? 0;
      const before = left[label] ?? 0;
      left[label] = before + added;
      leftWeight += added;
      leftSquares += added * (2 * before + added);
      products += added * (total[label] ?? 0);
      sample = lists[base + pos] ?? 0;
      const nextCode = codes[base + sample] ?? 0;
      if (nextCode === code) continue;
      code = nextCode;
      if (pos < firstPos) continue;
      const rightWeight = weight - leftWeight;
      const rightSquares = squares - 2 * products + leftSquares;
      const score = leftSquares * rightWeight + rightSquares * leftWeight;
      const scale = leftWeight * rightWeight;
      if (score * denominator > numerator * scale * beyondNoise) {
        numerator = score;
        denominator = scale;
        this.feature = feature;
        this.pos = pos;
        this.leftWeight = leftWeight;
      }
    }
    this.#numerator = numerator;
    this.#denominator = denominator;
  }
}
