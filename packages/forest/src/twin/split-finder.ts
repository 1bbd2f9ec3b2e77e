/** Decides whether a node is split, and how. */
import type { GrowSettings } from '../options.ts';
import type { RandomStream } from '../random.ts';
import type { CodedFeature, TrainingSet } from '../training-set.ts';
import { findBestSplit } from './best-split.ts';
import type { Candidate } from './candidate.ts';
import type { Criterion } from './criterion.ts';
import { Entropy } from './entropy.ts';
import { FeatureDraw } from './feature-draw.ts';
import { Gini } from './gini.ts';
import { GroupedRows } from './grouped-rows.ts';
import type { GrowingNode } from './growing-node.ts';
import { drawSplit } from './random-split.ts';
import { goesLeft } from './split.ts';
import type { Split } from './split.ts';
import type { TreeRows } from './tree-rows.ts';
import { Variance } from './variance.ts';

/**
 * Features whose scores differ by no more than rounding noise are tied. Chance decides between them: always to take the
 * first would make the trees of a forest more alike.
 */
const TIE = 1 - 1e-11;

/** A split that is worth making. */
export interface FoundSplit {
  readonly split: Split;
  /** Rows of the node before this position go left, the others right. */
  readonly middle: number;
  /** The impurity × weight that it takes away. */
  readonly reduction: number;
}

/** Holds the scratch memory that the nodes of all trees share. */
export class SplitFinder {
  readonly #features: readonly CodedFeature[];
  readonly #settings: GrowSettings;
  readonly #tree: TreeRows;
  readonly #criterion: Criterion;
  readonly #grouped: GroupedRows;
  readonly #draw: FeatureDraw;
  readonly #rightRows: Uint32Array;

  constructor({ features, rows, classes }: TrainingSet, settings: GrowSettings, tree: TreeRows) {
    this.#features = features;
    this.#settings = settings;
    this.#tree = tree;
    this.#criterion = createCriterion(settings, tree, classes);
    this.#grouped = new GroupedRows(rows);
    this.#draw = new FeatureDraw(features.length, settings.maxFeatures);
    this.#rightRows = new Uint32Array(rows);
  }

  /** Begins a tree. */
  reset(): void {
    this.#draw.reset();
  }

  /**
   * The split of a node, `undefined` for a leaf. Puts the node's rows in the order of the split. A split that takes
   * nothing away is allowed: what only two features together explain (exclusive or) begins with one.
   */
  find(node: GrowingNode, random: RandomStream): FoundSplit | undefined {
    if (this.#isLeaf(node)) return undefined;
    const { rows, weight } = this.#tree;
    this.#criterion.enter(rows, node.start, node.end);
    const split = this.#choose(node, random);
    if (split === undefined) return undefined;
    const middle = this.#partition(node, split);
    this.#criterion.clear();
    this.#criterion.add(rows, node.start, middle);
    const reduction = this.#criterion.reduction();
    return reduction / weight < this.#settings.minImpurityDecrease ? undefined : { split, middle, reduction };
  }

  #isLeaf({ start, end, depth }: GrowingNode): boolean {
    const { maxDepth, minSamplesSplit, minSamplesLeaf } = this.#settings;
    const size = end - start;
    return depth >= maxDepth || size < minSamplesSplit || size < 2 * minSamplesLeaf || this.#tree.isPure(start, end);
  }

  /** The best split of all features tried; one of the best by chance. */
  #choose(node: GrowingNode, random: RandomStream): Split | undefined {
    const candidates: Candidate[] = [];
    let best = 0;
    for (const feature of this.#draw.draw(random, (number) => this.#varies(number, node))) {
      const candidate = this.#evaluate(feature, node, random);
      if (candidate === undefined) continue;
      candidates.push(candidate);
      best = Math.max(best, candidate.score);
    }
    const tied = candidates.filter(({ score }) => score >= best * TIE);
    return tied[tied.length > 1 ? random.below(tied.length) : 0]?.split;
  }

  #evaluate(number: number, { start, end }: GrowingNode, random: RandomStream): Candidate | undefined {
    const coded = this.#features[number];
    if (coded === undefined) return undefined;
    const { splitter, minSamplesLeaf } = this.#settings;
    const feature = { number, coded };
    this.#grouped.sort(coded.codes, this.#tree.rows, start, end);
    return splitter === 'random'
      ? drawSplit(feature, this.#grouped, this.#criterion, minSamplesLeaf, random)
      : findBestSplit(feature, this.#grouped, this.#criterion, minSamplesLeaf);
  }

  #varies(number: number, { start, end }: GrowingNode): boolean {
    const codes = this.#features[number]?.codes;
    if (codes === undefined) return false;
    const { rows } = this.#tree;
    const first = codes[rows[start] ?? 0];
    for (let i = start + 1; i < end; i++) {
      if (codes[rows[i] ?? 0] !== first) return true;
    }
    return false;
  }

  /** Moves the rows that go left before the others; both keep their order. */
  #partition({ start, end }: GrowingNode, split: Split): number {
    const feature = this.#features[split.feature];
    if (feature === undefined) return start;
    const { rows } = this.#tree;
    const rightRows = this.#rightRows;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i] ?? 0;
      if (goesLeft(split, feature, feature.codes[row] ?? 0)) rows[left++] = row;
      else rightRows[right++] = row;
    }
    rows.set(rightRows.subarray(0, right), left);
    return left;
  }
}

function createCriterion({ criterion }: GrowSettings, tree: TreeRows, classes: number): Criterion {
  switch (criterion) {
    case 'variance':
      return new Variance(tree);
    case 'gini':
      return new Gini(tree, classes);
    case 'entropy':
      return new Entropy(tree, classes);
  }
}
