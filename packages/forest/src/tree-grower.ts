/**
 * Grows one tree after another with the same scratch memory. Nodes are made in preorder from an explicit stack; a
 * node's two children are decided to be leaf or inner node when it is split, so that the lists are not partitioned for
 * children that nobody will split.
 */
import { drawBag } from './bag.ts';
import { GiniSearch } from './gini-search.ts';
import { MeanLeaves, ShareLeaves } from './leaves.ts';
import type { LeafMaker } from './leaves.ts';
import type { GrowSettings } from './options.ts';
import type { RandomStream } from './random.ts';
import { SampleSet } from './sample-set.ts';
import type { NodeRange, SplitSearch } from './split-search.ts';
import type { TrainingSet } from './training-set.ts';
import type { Tree } from './tree.ts';
import { VarianceSearch } from './variance-search.ts';

/** A node that is decided but not yet written. */
interface PendingNode extends NodeRange {
  readonly depth: number;
  /** The inner node whose right child this is, or −1. */
  readonly rightChildOf: number;
  /** The value of a leaf; `undefined` for a node to be split. */
  readonly leaf: number | undefined;
}

/** One per thread. */
export class TreeGrower {
  /** How often each row was drawn for the latest tree: rows with 0 are out of its bag. */
  readonly counts: Uint32Array;
  readonly #set: TrainingSet;
  readonly #settings: GrowSettings;
  readonly #samples: SampleSet;
  readonly #search: SplitSearch;
  readonly #leaves: LeafMaker;
  readonly #pending: PendingNode[] = [];
  /** The nodes of the tree in the making: at most one leaf a sample, one inner node fewer. */
  readonly #value: Float64Array<ArrayBuffer>;
  readonly #right: Uint32Array<ArrayBuffer>;
  readonly #feature: Uint16Array<ArrayBuffer>;
  #nodes = 0;

  constructor(set: TrainingSet, settings: GrowSettings) {
    this.counts = new Uint32Array(set.rows);
    this.#set = set;
    this.#settings = settings;
    this.#samples = new SampleSet(set);
    const { minSamplesLeaf, maxFeatures } = settings;
    if (set.classes === 0) {
      this.#search = new VarianceSearch(this.#samples, minSamplesLeaf, maxFeatures);
      this.#leaves = new MeanLeaves(set);
    } else {
      this.#search = new GiniSearch(this.#samples, set.classes, minSamplesLeaf, maxFeatures);
      this.#leaves = new ShareLeaves(this.#samples, set.classes);
    }
    this.#value = new Float64Array(2 * set.rows);
    this.#right = new Uint32Array(2 * set.rows);
    this.#feature = new Uint16Array(2 * set.rows);
  }

  /** Grows tree number `tree` of the forest; the result depends on the set, the settings and this number alone. */
  grow(tree: number): Tree {
    const random = drawBag(this.#set, this.#settings, tree, this.counts);
    const importances = new Float64Array(this.#set.features);
    this.#samples.load(this.counts);
    this.#search.reset();
    this.#leaves.reset();
    this.#nodes = 0;
    this.#pending.push(this.#root());
    for (let node = this.#pending.pop(); node !== undefined; node = this.#pending.pop()) {
      const id = this.#nodes++;
      if (node.rightChildOf !== -1) this.#right[node.rightChildOf] = id - node.rightChildOf;
      if (node.leaf !== undefined) this.#writeLeaf(id, node.leaf);
      else this.#split(id, node, random, importances);
    }
    return {
      value: this.#value.slice(0, this.#nodes),
      right: this.#right.slice(0, this.#nodes),
      feature: this.#feature.slice(0, this.#nodes),
      shares: this.#leaves.shares(),
      importances: normalise(importances),
    };
  }

  #root(): PendingNode {
    const { count, weights, sums } = this.#samples;
    let weight = 0;
    let sum = 0;
    for (let sample = 0; sample < count; sample++) {
      weight += weights[sample] ?? 0;
      sum += sums[sample] ?? 0;
    }
    return this.#decide({ start: 0, end: count, weight, sum, list: 0 }, 0, -1);
  }

  #writeLeaf(id: number, value: number): void {
    this.#value[id] = value;
    this.#right[id] = 0;
    this.#feature[id] = 0;
  }

  #split(id: number, node: PendingNode, random: RandomStream, importances: Float64Array): void {
    const search = this.#search;
    if (!search.find(node, random)) {
      this.#writeLeaf(id, this.#leaves.mixed(node));
      return;
    }
    const { feature, pos, leftWeight, leftSum } = search;
    const { start, end, depth } = node;
    importances[feature] = (importances[feature] ?? 0) + search.reduction(node);
    this.#value[id] = this.#threshold(feature, pos);
    this.#feature[id] = feature;
    const left = this.#decide({ start, end: pos, weight: leftWeight, sum: leftSum, list: feature }, depth + 1, -1);
    const right = this.#decide({ start: pos, end, weight: node.weight - leftWeight, sum: node.sum - leftSum, list: feature }, depth + 1, id);
    if (left.leaf === undefined || right.leaf === undefined) this.#samples.partition(feature, start, pos, end);
    this.#pending.push(right, left);
  }

  /** Halfway between the two neighbouring values; the lower one where no double lies between them. */
  #threshold(feature: number, pos: number): number {
    const { levels, levelStarts } = this.#set;
    const first = levelStarts[feature] ?? 0;
    const below = levels[first + this.#samples.codeAt(feature, pos - 1)] ?? 0;
    const above = levels[first + this.#samples.codeAt(feature, pos)] ?? 0;
    const middle = below / 2 + above / 2;
    return middle >= below && middle < above ? middle : below;
  }

  /** Makes a leaf of a range that may not be split or need not be. */
  #decide(range: NodeRange, depth: number, rightChildOf: number): PendingNode {
    const { start, end, weight, sum, list } = range;
    const { maxDepth, minSamplesSplit, minSamplesLeaf } = this.#settings;
    const size = end - start;
    const isPure = this.#isPure(list, start, end);
    const isLeaf = isPure || depth >= maxDepth || size < minSamplesSplit || size < 2 * minSamplesLeaf;
    const leaf = isLeaf ? (isPure ? this.#targetAt(list, start) : this.#leaves.mixed(range)) : undefined;
    return { start, end, weight, sum, list, depth, rightChildOf, leaf };
  }

  /** Whether all targets are the same double: such a leaf predicts it exactly, not its grid point. */
  #isPure(list: number, start: number, end: number): boolean {
    const first = this.#targetAt(list, start);
    for (let position = end - 1; position > start; position--) {
      if (this.#targetAt(list, position) !== first) return false;
    }
    return true;
  }

  #targetAt(list: number, position: number): number {
    const { lists, targets, stride } = this.#samples;
    return targets[lists[list * stride + position] ?? 0] ?? 0;
  }
}

/** Shares that add up to 1. */
function normalise(importances: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const total = importances.reduce((sum, value) => sum + value, 0);
  return total > 0 ? importances.map((value) => value / total) : importances;
}
