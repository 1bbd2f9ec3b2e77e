/**
 * The readable twin of the WebAssembly kernel: the same bytes, in plain TypeScript. It defines what a tree is, is
 * what the kernel is compared with, and grows the trees where there is no WebAssembly. Where the kernel keeps rows sorted
 * from node to node, the twin sorts the rows of each node by each feature that it tries.
 */
import { drawBag } from '../bag.ts';
import type { GrownTree, TreeGrower } from '../grown-tree.ts';
import type { GrowSettings } from '../options.ts';
import type { RandomStream } from '../random.ts';
import type { TrainingSet } from '../training-set.ts';
import { Frontier } from './frontier.ts';
import type { GrowingNode } from './growing-node.ts';
import { SplitFinder } from './split-finder.ts';
import type { FoundSplit } from './split-finder.ts';
import { TreeRows } from './tree-rows.ts';
import { writeTree } from './write-tree.ts';

/** One per thread: its memory is used for one tree after another. */
export class TwinGrower implements TreeGrower {
  readonly #set: TrainingSet;
  readonly #settings: GrowSettings;
  readonly #tree: TreeRows;
  readonly #finder: SplitFinder;
  readonly #counts: Uint32Array;
  /** Of the tree in the making: nodes so far, and by feature the impurity taken away. */
  #nodes = 0;
  #reductions = new Float64Array();

  constructor(set: TrainingSet, settings: GrowSettings) {
    this.#set = set;
    this.#settings = settings;
    this.#tree = new TreeRows(set, settings);
    this.#finder = new SplitFinder(set, settings, this.#tree);
    this.#counts = new Uint32Array(set.rows);
  }

  grow(tree: number): GrownTree {
    const random = drawBag(this.#set, this.#settings, tree, this.#counts);
    this.#tree.load(this.#counts);
    this.#finder.reset();
    this.#nodes = 1;
    this.#reductions = new Float64Array(this.#set.features.length);
    const root: GrowingNode = { start: 0, end: this.#tree.count, depth: 0, branch: undefined };
    if (this.#settings.maxLeafNodes === Infinity) this.#growDepthFirst(root, random);
    else this.#growBestFirst(root, random);
    return { ...writeTree(root, this.#nodes, this.#set, this.#tree), importances: shares(this.#reductions) };
  }

  /** In preorder: a node, all of its left branch, all of its right branch. */
  #growDepthFirst(root: GrowingNode, random: RandomStream): void {
    const pending = [root];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      const found = this.#finder.find(node, random);
      if (found === undefined) continue;
      const { left, right } = this.#divide(node, found);
      pending.push(right, left);
    }
  }

  /** The leaf whose split takes most away is split next, until there are as many leaves as allowed. */
  #growBestFirst(root: GrowingNode, random: RandomStream): void {
    const frontier = new Frontier();
    const consider = (node: GrowingNode): void => {
      const found = this.#finder.find(node, random);
      if (found !== undefined) frontier.add(node, found);
    };
    consider(root);
    for (let leaves = 1; leaves < this.#settings.maxLeafNodes; leaves++) {
      const best = frontier.takeBest();
      if (best === undefined) return;
      const { left, right } = this.#divide(best.node, best.found);
      consider(left);
      consider(right);
    }
  }

  #divide(node: GrowingNode, { split, middle, reduction }: FoundSplit): { readonly left: GrowingNode; readonly right: GrowingNode } {
    const depth = node.depth + 1;
    const left: GrowingNode = { start: node.start, end: middle, depth, branch: undefined };
    const right: GrowingNode = { start: middle, end: node.end, depth, branch: undefined };
    node.branch = { split, left, right };
    this.#nodes += 2;
    this.#reductions[split.feature] = (this.#reductions[split.feature] ?? 0) + reduction;
    return node.branch;
  }
}

/** Numbers as shares of their sum; all 0 where that is 0. */
function shares(numbers: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const total = numbers.reduce((sum, number) => sum + number, 0);
  return total > 0 ? numbers.map((number) => number / total) : numbers;
}
