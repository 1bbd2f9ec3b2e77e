import { drawBag } from './bag.ts';
import { encodeTrainingRows } from './encoded-rows.ts';
import type { EncodedRows } from './encoded-rows.ts';
import { columnBitsOf } from './grown-tree.ts';
import type { GrownTree } from './grown-tree.ts';
import { likeliest } from './likeliest.ts';
import type { GrowSettings } from './options.ts';
import { RunningImportances, shuffle } from './permutation.ts';
import type { PermutationImportances } from './permutation.ts';
import { RandomStream } from './random.ts';
import type { TrainingSet } from './training-set.ts';
import { walk } from './walk-trees.ts';

/**
 * Importances by permutation without further rows (Breiman, 2001, section 10): for each tree, how much the error on the
 * rows out of its bag rises when the values of one feature are permuted among them. The error is the mean squared one for
 * regression, the share of wrong classes for classification; mean and standard deviation are over the trees.
 */
export class OutOfBagImportances {
  readonly #set: TrainingSet;
  readonly #settings: Pick<GrowSettings, 'bootstrap' | 'draws' | 'seed'>;
  readonly #importances: RunningImportances;
  readonly #bag: Uint32Array;
  /** Its codes are permuted in place, and put back. */
  readonly #encoded: EncodedRows;
  readonly #categoricalLevels: Uint32Array;
  /** Number of the tree that is added next. */
  #next: number;

  /** @param first number of the first tree that is added */
  constructor(set: TrainingSet, settings: Pick<GrowSettings, 'bootstrap' | 'draws' | 'seed'>, first = 0) {
    this.#set = set;
    this.#settings = settings;
    this.#next = first;
    this.#importances = new RunningImportances(set.features.length);
    this.#bag = new Uint32Array(set.rows);
    this.#encoded = encodeTrainingRows(set);
    this.#categoricalLevels = Uint32Array.from(set.features, ({ isCategorical, levels }) => (isCategorical ? levels : 0));
  }

  /** Adds the next tree. A tree that has seen every learned row is passed over. */
  add(tree: GrownTree): void {
    const index = this.#next++;
    drawBag(this.#set, this.#settings, index, this.#bag);
    const rows = this.#set.drawable.filter((row) => this.#bag[row] === 0);
    if (rows.length === 0) return;
    const offsets = rows.map((row) => row * this.#encoded.stride);
    const random = permutationsOf(this.#settings.seed, index);
    const error = this.#errorOf(tree, rows, offsets);
    const measured = new Float64Array(this.#set.features.length);
    for (const feature of featuresOf(tree, measured.length)) {
      const restore = this.#permute(feature, offsets, random);
      measured[feature] = this.#errorOf(tree, rows, offsets) - error;
      restore();
    }
    this.#importances.add(measured);
  }

  /** In the target's unit squared, or as a share of rows; `NaN` where no tree had rows out of its bag. */
  result(): PermutationImportances {
    return this.#importances.result();
  }

  /** Permutes the codes of a feature among the rows that begin at `offsets`; returns what undoes it. */
  #permute(feature: number, offsets: Uint32Array, random: RandomStream): () => void {
    const { codes, columnShift } = this.#encoded;
    const donors = offsets.slice();
    shuffle(donors, random);
    const columns = columnShift === 1 ? [feature] : [2 * feature, 2 * feature + 1];
    const kept = columns.map((column) => gather(codes, offsets, column));
    columns.forEach((column) => { scatter(gather(codes, donors, column), codes, offsets, column); });
    return () => { columns.forEach((column, index) => { scatter(kept[index] ?? new Int32Array(), codes, offsets, column); }); };
  }

  #errorOf({ nodes, sets, mixed }: GrownTree, rows: Uint32Array, offsets: Uint32Array): number {
    const leaves = new Uint32Array(rows.length);
    const walkable = {
      nodes: new Int32Array(nodes.buffer, nodes.byteOffset, nodes.length),
      sets,
      columnBits: columnBitsOf(this.#set.features.length),
      categoricalLevels: this.#categoricalLevels,
    };
    walk(walkable, this.#encoded, new Uint32Array(rows.length), offsets, rows.length, leaves);
    let sum = 0;
    for (let i = 0; i < rows.length; i++) sum += lossOf(this.#set, mixed, nodes[2 * (leaves[i] ?? 0)] ?? 0, this.#set.targetRanks[rows[i] ?? 0] ?? 0);
    return sum / rows.length;
  }
}

/** The codes at one column of rows. */
function gather(codes: Int32Array, offsets: Uint32Array, column: number): Int32Array {
  const values = new Int32Array(offsets.length);
  for (let i = 0; i < offsets.length; i++) values[i] = codes[(offsets[i] ?? 0) + column] ?? 0;
  return values;
}

function scatter(values: Int32Array, codes: Int32Array, offsets: Uint32Array, column: number): void {
  for (let i = 0; i < offsets.length; i++) codes[(offsets[i] ?? 0) + column] = values[i] ?? 0;
}

/** Growing trees count up from stream 0: these count down from the last one. */
function permutationsOf(seed: number, tree: number): RandomStream {
  return new RandomStream(seed, 2 ** 32 - 1 - tree);
}

/** The features that a tree splits by, ascending: no other can change its predictions. */
function featuresOf({ nodes }: GrownTree, features: number): readonly number[] {
  const columnBits = columnBitsOf(features);
  const isUsed = new Uint8Array(features);
  for (let at = 1; at < nodes.length; at += 2) {
    const link = nodes[at] ?? 0;
    if (link >>> columnBits !== 0) isUsed[(link & (2 ** columnBits - 1)) >>> 1] = 1;
  }
  return [...isUsed.keys()].filter((feature) => isUsed[feature] === 1);
}

function lossOf({ classes, targetLevels }: TrainingSet, mixed: Float64Array, leaf: number, rank: number): number {
  if (classes > 0) return (leaf < classes ? leaf : likeliest(mixed, (leaf - classes) * classes, classes)) === rank ? 0 : 1;
  const prediction = leaf < targetLevels.length ? targetLevels[leaf] : mixed[leaf - targetLevels.length];
  return ((prediction ?? 0) - (targetLevels[rank] ?? 0)) ** 2;
}
