import type { GrownTree } from './grown-tree.ts';
import type { ForestOptions, GrowSettings, TreeRange } from './options.ts';
import { OutOfBag } from './out-of-bag.ts';
import { OutOfBagImportances } from './out-of-bag-importance.ts';
import type { TrainingSet } from './training-set.ts';
import { writeTreeBytes } from './tree-bytes.ts';
import type { Fingerprint } from './tree-bytes.ts';

/** What is done with trees as they come. */
export interface CollectOptions extends Pick<ForestOptions, 'onProgress' | 'onTree'> {
  readonly oobScore: boolean;
  readonly oobImportances: boolean;
  /** The trees to come; no other may. */
  readonly treeRange: TreeRange;
  /** Given where trees leave as bytes. */
  readonly fingerprint: Fingerprint | undefined;
}

/**
 * Takes the trees of a fit in the order in which threads finish them. Out-of-bag predictions follow in the order of the
 * trees, so that they and their score are the same for every number of threads.
 */
export class TreeCollector {
  readonly outOfBag: OutOfBag | undefined;
  readonly importances: OutOfBagImportances | undefined;
  /** Those of the range, from its first on. */
  readonly #trees: (GrownTree | undefined)[];
  readonly #options: CollectOptions;
  readonly #now: () => number;
  readonly #start: number;
  #done = 0;
  #restored = 0;
  #scored = 0;

  /** @param now milliseconds on any clock that only goes forward */
  constructor(set: TrainingSet, settings: GrowSettings, options: CollectOptions, now: () => number = () => performance.now()) {
    const { from, to } = options.treeRange;
    this.#trees = Array.from({ length: to - from }, () => undefined);
    this.#options = options;
    this.outOfBag = options.oobScore ? new OutOfBag(set, settings, from) : undefined;
    this.importances = options.oobImportances ? new OutOfBagImportances(set, settings, from) : undefined;
    this.#now = now;
    this.#start = now();
  }

  /** Numbers of the trees that are not there yet, ascending. */
  missing(): Uint32Array {
    const { from } = this.#options.treeRange;
    return Uint32Array.from(this.#trees.keys().filter((place) => this.#trees[place] === undefined), (place) => from + place);
  }

  /** Takes a tree of an earlier fit; one that is given twice counts once. */
  restore(index: number, tree: GrownTree): void {
    if (this.#keep(index, tree)) this.#restored++;
  }

  /** Takes a tree that was just grown. */
  add(index: number, tree: GrownTree): void {
    this.#keep(index, tree);
    const { onTree, onProgress, fingerprint } = this.#options;
    if (fingerprint !== undefined) onTree?.(writeTreeBytes(index, tree, fingerprint));
    onProgress?.({ done: this.#done, total: this.#trees.length, secondsLeft: this.#secondsLeft(), oobScore: this.#scoreSoFar() });
  }

  /** All trees of the range, in order. */
  finish(): readonly GrownTree[] {
    return this.#trees.filter((tree) => tree !== undefined);
  }

  /** Returns whether the tree was not there yet. */
  #keep(index: number, tree: GrownTree): boolean {
    const place = index - this.#options.treeRange.from;
    const isFirst = this.#trees[place] === undefined;
    if (isFirst) this.#done++;
    this.#trees[place] = tree;
    for (let next = this.#trees[this.#scored]; next !== undefined; next = this.#trees[this.#scored]) {
      this.outOfBag?.add(next);
      this.importances?.add(next);
      this.#scored++;
    }
    return isFirst;
  }

  /** At the pace of the trees grown so far. */
  #secondsLeft(): number {
    const grown = this.#done - this.#restored;
    return ((this.#now() - this.#start) / 1000 / grown) * (this.#trees.length - this.#done);
  }

  #scoreSoFar(): number | undefined {
    const score = this.outOfBag?.score;
    return score === undefined || Number.isNaN(score) ? undefined : score;
  }
}
