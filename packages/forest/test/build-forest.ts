/** Forests written down as nested objects, and a walk over those objects on real values: what packed forests are held against. */
import type { FlatForest } from '../src/flat-forest.ts';
import { columnBitsOf } from '../src/grown-tree.ts';

/** `weight`: that of the training rows in it. */
export interface LeafLiteral {
  readonly weight: number;
  /** A number, or for a classifier the share of each class. */
  readonly value: number | readonly number[];
}

/** `cut`: number of the threshold; as many as there are thresholds says that all values but missing ones go left. */
export interface NumericLiteral {
  readonly feature: number;
  readonly cut: number;
  readonly missingLeft: boolean;
  readonly left: TreeLiteral;
  readonly right: TreeLiteral;
}

/** `set`: levels that go left; the number of levels stands for missing and unknown values. */
export interface CategoricalLiteral {
  readonly feature: number;
  readonly set: readonly number[];
  readonly left: TreeLiteral;
  readonly right: TreeLiteral;
}

export type TreeLiteral = LeafLiteral | NumericLiteral | CategoricalLiteral;

/** A feature is given by its thresholds, or by its number of levels where it is categorical. */
export type FeatureLiteral = readonly number[] | number;

export interface ForestLiteral {
  readonly features: readonly FeatureLiteral[];
  /** 0 for regression. */
  readonly classes: number;
  readonly trees: readonly TreeLiteral[];
}

export function weightOf(tree: TreeLiteral): number {
  return 'weight' in tree ? tree.weight : weightOf(tree.left) + weightOf(tree.right);
}

/** The forest as growers and packers lay it out. */
export function buildForest(literal: ForestLiteral): FlatForest {
  const { features, classes, trees } = literal;
  const packer = new Packer(literal);
  const treeStarts = [0, ...trees.map((tree) => packer.add(tree))];
  const cuts = features.map((feature) => (typeof feature === 'number' ? [] : feature));
  return {
    buffer: new ArrayBuffer(0),
    features: features.length,
    trees: trees.length,
    nodeCount: packer.weights.length,
    classes,
    columnBits: columnBitsOf(features.length),
    oobScore: NaN,
    importances: new Float64Array(features.length),
    categoricalLevels: Uint32Array.from(features, (feature) => (typeof feature === 'number' ? feature : 0)),
    cuts: Float64Array.from(cuts.flat()),
    cutStarts: Uint32Array.from([0, ...cuts.map((_, feature) => cuts.slice(0, feature + 1).flat().length)]),
    targetLevels: 0,
    leafValues: Float64Array.from(packer.leafValues),
    treeStarts: Uint32Array.from(treeStarts),
    nodes: Uint32Array.from(packer.nodes),
    sets: Uint32Array.from(packer.sets),
    nodeWeights: Float32Array.from(packer.weights),
    oobCurve: undefined,
    leafTargets: undefined,
    calibration: undefined,
    shard: undefined,
  };
}

class Packer {
  readonly nodes: number[] = [];
  readonly sets: number[] = [];
  readonly leafValues: number[] = [];
  readonly weights: number[] = [];
  readonly #literal: ForestLiteral;

  constructor(literal: ForestLiteral) {
    this.#literal = literal;
  }

  /** Returns the number of nodes so far. */
  add(tree: TreeLiteral): number {
    const { features, classes } = this.#literal;
    const node = this.weights.push(weightOf(tree)) - 1;
    if ('weight' in tree) {
      this.nodes.push(this.#leaf(tree.value, classes), 2 * features.length);
      return node + 1;
    }
    const isNumeric = 'cut' in tree;
    const column = 2 * tree.feature + (isNumeric && !tree.missingLeft ? 1 : 0);
    this.nodes.push(isNumeric ? tree.cut : this.#set(tree), 0);
    const right = this.add(tree.left);
    this.nodes[2 * node + 1] = (((right - node) << columnBitsOf(features.length)) | column) >>> 0;
    return this.add(tree.right);
  }

  #leaf(value: number | readonly number[], classes: number): number {
    if (typeof value === 'number') return this.leafValues.push(value) - 1;
    const pure = value.indexOf(1);
    return pure === -1 ? classes + (this.leafValues.push(...value) - classes) / classes : pure;
  }

  #set({ feature, set }: CategoricalLiteral): number {
    const words = new Uint32Array(Math.ceil((levelsOf(this.#literal, feature) + 1) / 32));
    for (const code of set) words[code >>> 5] = (words[code >>> 5] ?? 0) | (1 << (code & 31));
    return this.sets.push(...words) - words.length;
  }
}

function levelsOf({ features }: ForestLiteral, feature: number): number {
  const levels = features[feature];
  return typeof levels === 'number' ? levels : 0;
}

/** Which way a row goes. */
export function goesLeft(literal: ForestLiteral, tree: NumericLiteral | CategoricalLiteral, row: readonly number[]): boolean {
  const x = row[tree.feature] ?? NaN;
  if ('cut' in tree) {
    const thresholds = literal.features[tree.feature];
    const threshold = typeof thresholds === 'object' ? (thresholds[tree.cut] ?? Infinity) : NaN;
    return Number.isNaN(x) ? tree.missingLeft : x <= threshold;
  }
  const levels = levelsOf(literal, tree.feature);
  return tree.set.includes(Number.isInteger(x) && x >= 0 && x < levels ? x : levels);
}

/** What a row's leaf says: one number, or the share of each class. */
export function leafOf(literal: ForestLiteral, tree: TreeLiteral, row: readonly number[]): readonly number[] {
  if ('weight' in tree) return typeof tree.value === 'number' ? [tree.value] : tree.value;
  return leafOf(literal, goesLeft(literal, tree, row) ? tree.left : tree.right, row);
}

/** The mean over the trees. */
export function predictLiteral(literal: ForestLiteral, row: readonly number[]): readonly number[] {
  const leaves = literal.trees.map((tree) => leafOf(literal, tree, row));
  return (leaves[0] ?? []).map((_, output) => leaves.reduce((sum, leaf) => sum + (leaf[output] ?? 0), 0) / leaves.length);
}
