import { encodeTrainingRows } from './encoded-rows.ts';
import type { EncodedRows } from './encoded-rows.ts';
import { columnBitsOf } from './grown-tree.ts';
import type { GrownTree } from './grown-tree.ts';
import type { TrainingSet } from './training-set.ts';
import { walk } from './walk-trees.ts';

/** Sends training rows through trees that are grown but not packed. Holds the rows' codes, 4 to 8 bytes a cell. */
export class TrainingWalker {
  readonly #encoded: EncodedRows;
  readonly #categoricalLevels: Uint32Array;
  readonly #columnBits: number;
  /** A grown tree's root is its node 0. */
  readonly #roots: Uint32Array;
  readonly #offsets: Uint32Array;
  readonly #leaves: Uint32Array;

  constructor(set: TrainingSet) {
    this.#encoded = encodeTrainingRows(set);
    this.#categoricalLevels = Uint32Array.from(set.features, ({ isCategorical, levels }) => (isCategorical ? levels : 0));
    this.#columnBits = columnBitsOf(set.features.length);
    this.#roots = new Uint32Array(set.rows);
    this.#offsets = new Uint32Array(set.rows);
    this.#leaves = new Uint32Array(set.rows);
  }

  /**
   * The node in which each of the first `count` of `rows` ends.
   * @returns memory that the next call writes to
   */
  leavesOf({ nodes, sets }: GrownTree, rows: Uint32Array, count = rows.length): Uint32Array {
    const { stride } = this.#encoded;
    for (let i = 0; i < count; i++) this.#offsets[i] = (rows[i] ?? 0) * stride;
    const signed = new Int32Array(nodes.buffer, nodes.byteOffset, nodes.length);
    const tree = { nodes: signed, sets, columnBits: this.#columnBits, categoricalLevels: this.#categoricalLevels };
    walk(tree, this.#encoded, this.#roots, this.#offsets, count, this.#leaves);
    return this.#leaves;
  }
}
