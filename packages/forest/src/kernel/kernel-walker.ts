import type { EncodedRows } from '../encoded-rows.ts';
import { ForestError } from '../errors.ts';
import type { FlatForest } from '../flat-forest.ts';
import { addShares, divide, meansOf, plainWalker } from '../plain-walker.ts';
import type { BatchWalker } from '../plain-walker.ts';
import { instantiate, openKernel } from './kernel.ts';
import type { Kernel, OpenedKernel } from './kernel.ts';
import { growTo } from './placed-set.ts';
import type { WasmMemory } from './webassembly.ts';

/** Fewer rows do not pay for copying the trees. */
const FEWEST_ROWS = 256;
/** The first bytes stay unused. */
const FIRST = 64;

let shared: BatchWalker | undefined;

/**
 * The quicker walker for a batch: the kernel where it can be used, for regression and classification forests of numeric
 * splits, else plain TypeScript. Both give the same numbers.
 */
export const quickWalker: BatchWalker = {
  meanOfTrees(forest, batch) {
    if (batch.rows < FEWEST_ROWS || forest.sets.length > 0) return plainWalker.meanOfTrees(forest, batch);
    try {
      shared ??= createWalker();
      return shared.meanOfTrees(forest, batch);
    } catch (error) {
      if (isSurvivable(error)) return plainWalker.meanOfTrees(forest, batch);
      throw error;
    }
  },
};

function createWalker(): BatchWalker {
  const opened = openKernel();
  return opened === undefined ? plainWalker : new KernelWalk(opened);
}

/** No memory for the batch, or a walk that left the memory because nodes are damaged: the plain walk copes with both. */
function isSurvivable(error: unknown): boolean {
  return error instanceof ForestError || (error instanceof Error && error.name === 'RuntimeError');
}

/** Where things lie in the memory, in bytes. */
type Places = Readonly<Record<'bases' | 'sums' | 'values' | 'rows' | 'leaves' | 'nodes', number>>;

/** An instance with memory for one tree and the rows of a batch, used again. */
class KernelWalk implements BatchWalker {
  readonly #memory: WasmMemory;
  readonly #kernel: Kernel;

  constructor({ kernel, memory }: OpenedKernel) {
    this.#memory = memory;
    this.#kernel = instantiate(kernel, memory);
  }

  meanOfTrees(forest: FlatForest, batch: EncodedRows): Float64Array {
    const { rows, stride, columnShift } = batch;
    const { classes, columnBits, treeStarts } = forest;
    const places = this.#place(forest, batch);
    const { buffer } = this.#memory;
    const mask = (2 ** columnBits - 1) & (columnShift === 1 ? ~1 : ~0);
    const leaves = new Uint32Array(buffer, places.leaves, rows);
    const sums = new Float64Array(buffer, places.sums, rows * Math.max(1, classes)).fill(0);
    const bases = new Float64Array(buffer, places.bases, rows);
    const valueCount = forest.leafValues.length;
    for (let tree = 0; tree < forest.trees; tree++) {
      const nodes = forest.nodes.subarray(2 * (treeStarts[tree] ?? 0), 2 * (treeStarts[tree + 1] ?? 0));
      new Uint32Array(buffer, places.nodes, nodes.length).set(nodes);
      this.#kernel.walkTree(places.nodes, places.rows, rows, 4 * stride, mask, 2 - columnShift, columnBits, places.leaves);
      if (classes > 0) leaves.forEach((leaf, row) => { addShares(forest, leaf, sums, row * classes); });
      else if (tree === 0) this.#kernel.setBases(places.leaves, rows, places.values, valueCount, places.bases);
      else this.#kernel.addDifferences(places.leaves, rows, places.values, valueCount, places.bases, places.sums);
    }
    return classes > 0 ? divide(sums.slice(), forest.trees) : meansOf(bases, sums.slice(), forest.trees);
  }

  /** Copies rows and leaf values in, and makes room for the rest; the nodes lie last, with nothing behind them to walk into. */
  #place(forest: FlatForest, batch: EncodedRows): Places {
    const values = forest.classes === 0 ? forest.leafValues : new Float64Array(0);
    const codes = batch.codes.subarray(0, batch.rows * batch.stride);
    const bases = FIRST;
    const sums = bases + 8 * batch.rows;
    const valuesAt = sums + 8 * batch.rows * Math.max(1, forest.classes);
    const rows = valuesAt + values.byteLength;
    const leaves = rows + codes.byteLength;
    const nodes = Math.ceil((leaves + 4 * batch.rows) / 8) * 8;
    growTo(this.#memory, nodes + 8 * largestTree(forest));
    new Float64Array(this.#memory.buffer, valuesAt, values.length).set(values);
    new Int32Array(this.#memory.buffer, rows, codes.length).set(codes);
    return { bases, sums, values: valuesAt, rows, leaves, nodes };
  }
}

/** Nodes of the largest tree. */
function largestTree({ treeStarts }: FlatForest): number {
  let largest = 0;
  for (let tree = 1; tree < treeStarts.length; tree++) largest = Math.max(largest, (treeStarts[tree] ?? 0) - (treeStarts[tree - 1] ?? 0));
  return largest;
}
