/** The rows of one tree's bag, each once, with its draws folded into its weight. */
import { weighBag } from '../bag.ts';
import type { GrowSettings } from '../options.ts';
import type { TrainingSet } from '../training-set.ts';

type BagSettings = Pick<GrowSettings, 'isBalancedSubsample'>;

/** Memory of one grower, filled again for each tree. A node is a range of `rows`. */
export class TreeRows {
  /** Number of rows in the bag. */
  count = 0;
  /** Their weights added up. */
  weight = 0;
  /** Row ids: ascending at first, then permuted so that each node's rows stand together. */
  readonly rows: Uint32Array;
  /** By row id: its weight in this tree, a whole number; 0 for rows out of the bag. */
  readonly weights: Float64Array;
  /** By row id: weight × target in steps of the grid; stale for rows out of the bag. */
  readonly sums: Float64Array;
  /** By row id: rank of the target, or class. */
  readonly ranks: Uint32Array;
  readonly #set: TrainingSet;
  readonly #settings: BagSettings;

  constructor(set: TrainingSet, settings: BagSettings) {
    this.rows = new Uint32Array(set.rows);
    this.weights = new Float64Array(set.rows);
    this.sums = new Float64Array(set.rows);
    this.ranks = set.targetRanks;
    this.#set = set;
    this.#settings = settings;
  }

  /** Takes the rows that were drawn, `counts[row]` times each. */
  load(counts: Uint32Array): void {
    const { sums } = this.#set;
    weighBag(this.#set, this.#settings, counts, this.weights);
    this.count = 0;
    this.weight = 0;
    for (let row = 0; row < counts.length; row++) {
      const draws = counts[row] ?? 0;
      if (draws === 0) continue;
      this.rows[this.count++] = row;
      this.sums[row] = draws * (sums[row] ?? 0);
      this.weight += this.weights[row] ?? 0;
    }
  }

  /** Whether all rows of a node have the same target. */
  isPure(start: number, end: number): boolean {
    const { rows, ranks } = this;
    const first = ranks[rows[start] ?? 0];
    for (let i = start + 1; i < end; i++) {
      if (ranks[rows[i] ?? 0] !== first) return false;
    }
    return true;
  }
}
