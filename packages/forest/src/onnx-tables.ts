/**
 * A forest as the tables of ONNX's tree ensembles: an entry a comparison or leaf, an entry a vote of a leaf for an output.
 *
 * Values are 32-bit floats there. A threshold is rounded down to one, so that a row of 32-bit floats takes the same way as
 * it does here. Sets of levels become chains of two comparisons a level: up to the float before it, then up to it. All that is
 * no level of the chain, missing and unknown values too, takes the same way; so it holds the levels that go the other way.
 * (`BRANCH_EQ` would do with one, but onnxruntime 1.30 joins comparisons for equality that lead to different nodes.)
 */
import { ForestError } from './errors.ts';
import type { FlatForest } from './flat-forest.ts';
import { floorToFloat, nextFloatDown } from './neighbouring-floats.ts';
import { addLeaf, isInSet, readNode } from './tree-node.ts';
import type { CategoricalNode } from './tree-node.ts';

/** What `modes` stand for. */
export const MODES = ['LEAF', 'BRANCH_LEQ'] as const;
const LEAF = 0;
const LESS_OR_EQUAL = 1;

/** onnxruntime 1.30 reads trees by recursion: it can read paths of 10,000 comparisons, and ends the process at 20,000. */
const LONGEST_PATH = 8192;

/** A row of the tables is an index into all arrays of a part. */
export interface OnnxTables {
  /** Entries of a tree stand together, the root's first, numbered from 0 by `nodeIds`. */
  readonly nodes: {
    readonly treeIds: Uint32Array;
    readonly nodeIds: Uint32Array;
    /** Indices into `MODES`. */
    readonly modes: Uint8Array;
    readonly features: Uint32Array;
    /** Thresholds: rows up to them, inclusive, take the way of "yes". 0 for a leaf. */
    readonly values: Float32Array;
    readonly yes: Uint32Array;
    readonly no: Uint32Array;
    /** 1 where missing values take the way of "yes". */
    readonly missingYes: Uint32Array;
  };
  /** Regression: the number of each leaf. Classification: shares of classes, divided by the number of trees: votes add up to the mean. */
  readonly votes: {
    readonly treeIds: Uint32Array;
    readonly nodeIds: Uint32Array;
    readonly outputs: Uint32Array;
    readonly weights: Float32Array;
  };
}

/** @throws ForestError `not-exportable` for a path that onnxruntime would not survive */
export function onnxTables(forest: FlatForest): OnnxTables {
  const { ids, entries, votes } = number(forest);
  const tables = emptyTables(entries, votes);
  const writer = new TableWriter(forest, tables, ids);
  for (let tree = 0; tree < forest.trees; tree++) writer.writeTree(tree);
  return tables;
}

/** Of each node the id of its first entry in its tree; the number of entries and votes of all trees. */
function number(forest: FlatForest): { readonly ids: Uint32Array; readonly entries: number; readonly votes: number } {
  const ids = new Uint32Array(forest.nodeCount);
  const above = new Uint32Array(forest.nodeCount);
  let entries = 0;
  let votes = 0;
  for (let tree = 0; tree < forest.trees; tree++) {
    const first = entries;
    for (let node = forest.treeStarts[tree] ?? 0; node < (forest.treeStarts[tree + 1] ?? 0); node++) {
      ids[node] = entries - first;
      const read = readNode(forest, node);
      const added = read.kind === 'categorical' ? Math.max(1, 2 * levelsOf(forest, read).length) : 1;
      entries += added;
      if (read.kind === 'leaf') {
        votes += votesOf(forest, read.leaf, tree).length;
        continue;
      }
      const path = (above[node] ?? 0) + added;
      if (path > LONGEST_PATH) throw tooLong(tree, path);
      above[node + 1] = path;
      above[read.right] = path;
    }
  }
  return { ids, entries, votes };
}

function tooLong(tree: number, path: number): ForestError {
  return new ForestError('not-exportable', `toOnnx: tree ${tree}: got a path of ${path} comparisons, two for each level of a set, allowed: ${LONGEST_PATH}`);
}

/** Levels that go another way than missing and unknown values. */
function levelsOf({ categoricalLevels, sets }: FlatForest, { feature, set }: CategoricalNode): readonly number[] {
  const levels = categoricalLevels[feature] ?? 0;
  const unknown = isInSet(sets, set, levels);
  return Array.from({ length: levels }, (_, level) => level).filter((level) => isInSet(sets, set, level) !== unknown);
}

/**
 * The votes of a leaf, at least one, as onnxruntime wants. Leaves of the first tree, one of which every row comes to, vote for
 * every output, with zeros: it does not take an output without a vote for 0. Of two classes it chooses the likelier one only
 * where all votes are for output 0, which then stands for the second class.
 */
function votesOf(forest: FlatForest, leaf: number, tree: number): ReadonlyArray<readonly [output: number, weight: number]> {
  const weights = new Float64Array(Math.max(1, forest.classes));
  addLeaf(forest, leaf, forest.classes === 0 ? 1 : 1 / forest.trees, weights, 0);
  const outputs = forest.classes === 2 ? weights.subarray(1) : weights;
  return [...outputs.entries()].filter(([, weight]) => weight !== 0 || tree === 0 || outputs.length === 1);
}

function emptyTables(entries: number, votes: number): OnnxTables {
  return {
    nodes: {
      treeIds: new Uint32Array(entries),
      nodeIds: new Uint32Array(entries),
      modes: new Uint8Array(entries),
      features: new Uint32Array(entries),
      values: new Float32Array(entries),
      yes: new Uint32Array(entries),
      no: new Uint32Array(entries),
      missingYes: new Uint32Array(entries),
    },
    votes: {
      treeIds: new Uint32Array(votes),
      nodeIds: new Uint32Array(votes),
      outputs: new Uint32Array(votes),
      weights: new Float32Array(votes),
    },
  };
}

/** One comparison of `feature` with `value`. */
interface Comparison {
  readonly feature: number;
  readonly value: number;
  readonly yes: number;
  readonly no: number;
  readonly missingYes: boolean;
}

class TableWriter {
  readonly #forest: FlatForest;
  readonly #tables: OnnxTables;
  readonly #ids: Uint32Array;
  #entry = 0;
  #vote = 0;

  constructor(forest: FlatForest, tables: OnnxTables, ids: Uint32Array) {
    this.#forest = forest;
    this.#tables = tables;
    this.#ids = ids;
  }

  writeTree(tree: number): void {
    const { treeStarts } = this.#forest;
    for (let node = treeStarts[tree] ?? 0; node < (treeStarts[tree + 1] ?? 0); node++) this.#writeNode(tree, node);
  }

  #writeNode(tree: number, node: number): void {
    const read = readNode(this.#forest, node);
    const id = this.#ids[node] ?? 0;
    if (read.kind === 'leaf') {
      this.#writeVotes(tree, id, read.leaf);
      this.#write(tree, id, LEAF);
      return;
    }
    const left = this.#ids[node + 1] ?? 0;
    const right = this.#ids[read.right] ?? 0;
    if (read.kind === 'categorical') this.#writeChain(tree, id, read, left, right);
    else this.#compare(tree, id, { feature: read.feature, value: floorToFloat(read.threshold), yes: left, no: right, missingYes: read.missingGoesLeft });
  }

  #writeChain(tree: number, id: number, node: CategoricalNode, left: number, right: number): void {
    const { feature, set } = node;
    const { categoricalLevels, sets } = this.#forest;
    const unknownGoesLeft = isInSet(sets, set, categoricalLevels[feature] ?? 0);
    const [others, members] = unknownGoesLeft ? [left, right] : [right, left];
    const levels = levelsOf(this.#forest, node);
    // Nothing is at most NaN: all rows go one way, but onnxruntime wants both children.
    if (levels.length === 0) this.#compare(tree, id, { feature, value: NaN, yes: members, no: others, missingYes: false });
    levels.forEach((level, index) => {
      const at = id + 2 * index;
      const next = index === levels.length - 1 ? others : at + 2;
      this.#compare(tree, at, { feature, value: nextFloatDown(level), yes: others, no: at + 1, missingYes: false });
      this.#compare(tree, at + 1, { feature, value: level, yes: members, no: next, missingYes: false });
    });
  }

  #compare(tree: number, id: number, { feature, value, yes, no, missingYes }: Comparison): void {
    const { nodes } = this.#tables;
    nodes.features[this.#entry] = feature;
    nodes.values[this.#entry] = value;
    nodes.yes[this.#entry] = yes;
    nodes.no[this.#entry] = no;
    nodes.missingYes[this.#entry] = missingYes ? 1 : 0;
    this.#write(tree, id, LESS_OR_EQUAL);
  }

  #write(tree: number, id: number, mode: number): void {
    const { nodes } = this.#tables;
    nodes.treeIds[this.#entry] = tree;
    nodes.nodeIds[this.#entry] = id;
    nodes.modes[this.#entry] = mode;
    this.#entry++;
  }

  #writeVotes(tree: number, id: number, leaf: number): void {
    const { votes } = this.#tables;
    for (const [output, weight] of votesOf(this.#forest, leaf, tree)) {
      const vote = this.#vote++;
      votes.treeIds[vote] = tree;
      votes.nodeIds[vote] = id;
      votes.outputs[vote] = output;
      votes.weights[vote] = weight;
    }
  }
}
