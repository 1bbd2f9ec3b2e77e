/** Forests in the JSON that the package ml-random-forest saves and loads (version 2, trees of ml-cart 2). */
import { ForestError } from './errors.ts';
import type { FlatForest } from './flat-forest.ts';
import { nextUp } from './neighbouring-floats.ts';
import { addLeaf, readNode } from './tree-node.ts';

/** A leaf holds a number, or one row with the share of each class. */
export type MlTreeNode =
  | { readonly distribution: number | readonly (readonly number[])[] }
  | { readonly splitColumn: number; readonly splitValue: number; readonly left: MlTreeNode; readonly right: MlTreeNode };

/** How a tree there would grow; what is loaded only predicts. */
export interface MlTreeOptions {
  readonly kind: 'regression' | 'classifier';
  readonly gainFunction: 'regression' | 'gini';
  readonly splitFunction: 'mean';
  readonly minNumSamples: number;
}

export interface MlTree {
  readonly name: 'DTRegression' | 'DTClassifier';
  readonly options: MlTreeOptions;
  readonly root: MlTreeNode;
}

export interface MlBaseModel {
  /** The columns that each tree sees: all. */
  readonly indexes: readonly (readonly number[])[];
  readonly n: number;
  readonly replacement: boolean;
  readonly maxFeatures: number;
  readonly nEstimators: number;
  readonly treeOptions: MlTreeOptions;
  readonly isClassifier: boolean;
  readonly seed: number;
  readonly estimators: readonly MlTree[];
  readonly useSampleBagging: boolean;
}

/** What `RandomForestRegression.load` or `RandomForestClassifier.load` takes, before or after a way through JSON. */
export type MlRandomForest =
  | { readonly name: 'RFRegression'; readonly selectionMethod: 'mean'; readonly baseModel: MlBaseModel }
  | { readonly name: 'RFClassifier'; readonly baseModel: MlBaseModel };

/**
 * The forest for ml-random-forest. There a row goes left where `x < splitValue`: the split value is the next number above
 * the threshold, so that the same rows do. A regression predicts the same numbers. A classifier there lets each tree
 * vote for its likeliest class; it predicts the same where every leaf holds one class and no two classes get as many votes.
 * Missing values always go right there, wherever they go here.
 * @throws ForestError `not-exportable` for categorical features and for splits between missing values and all others
 */
export function toMlRandomForestJson(forest: FlatForest): MlRandomForest {
  const base = baseModel(forest);
  return forest.classes === 0 ? { name: 'RFRegression', selectionMethod: 'mean', baseModel: base } : { name: 'RFClassifier', baseModel: base };
}

function baseModel(forest: FlatForest): MlBaseModel {
  const { features, trees, classes } = forest;
  const isClassifier = classes > 0;
  const treeOptions = treeOptionsOf(isClassifier);
  const columns = Array.from({ length: features }, (_, feature) => feature);
  return {
    indexes: Array.from({ length: trees }, () => columns),
    n: features,
    replacement: false,
    maxFeatures: features,
    nEstimators: trees,
    treeOptions,
    isClassifier,
    seed: 0,
    estimators: Array.from({ length: trees }, (_, tree) => (
      { name: isClassifier ? 'DTClassifier' : 'DTRegression', options: treeOptions, root: rootOf(forest, tree) })),
    useSampleBagging: true,
  };
}

function treeOptionsOf(isClassifier: boolean): MlTreeOptions {
  return { kind: isClassifier ? 'classifier' : 'regression', gainFunction: isClassifier ? 'gini' : 'regression', splitFunction: 'mean', minNumSamples: 1 };
}

/** From the last node to the first, so that children are there before their parent and deep trees need no deep recursion. */
function rootOf(forest: FlatForest, tree: number): MlTreeNode {
  const start = forest.treeStarts[tree] ?? 0;
  const end = forest.treeStarts[tree + 1] ?? 0;
  const built = new Map<number, MlTreeNode>();
  for (let node = end - 1; node >= start; node--) {
    built.set(node, nodeOf(forest, tree, node, (child) => takeFrom(built, child)));
  }
  return takeFrom(built, start);
}

function takeFrom(built: Map<number, MlTreeNode>, node: number): MlTreeNode {
  const taken = built.get(node);
  if (taken === undefined) throw new ForestError('invalid-forest', `node ${node}: got no such node, expected a child`);
  built.delete(node);
  return taken;
}

function nodeOf(forest: FlatForest, tree: number, node: number, child: (node: number) => MlTreeNode): MlTreeNode {
  const read = readNode(forest, node);
  if (read.kind === 'leaf') return { distribution: distributionOf(forest, read.leaf) };
  const where = `toMlRandomForestJson: tree ${tree}, node ${node - (forest.treeStarts[tree] ?? 0)}: got`;
  if (read.kind === 'categorical') throw new ForestError('not-exportable', `${where} a set of levels of feature ${read.feature}, expected thresholds only`);
  if (read.threshold === Infinity) {
    throw new ForestError('not-exportable', `${where} a split between missing and other values of feature ${read.feature}, expected thresholds only`);
  }
  return { splitColumn: read.feature, splitValue: nextUp(read.threshold), left: child(node + 1), right: child(read.right) };
}

function distributionOf(forest: FlatForest, leaf: number): number | readonly (readonly number[])[] {
  const outputs = new Float64Array(Math.max(1, forest.classes));
  addLeaf(forest, leaf, 1, outputs, 0);
  return forest.classes === 0 ? (outputs[0] ?? 0) : [[...outputs]];
}
