/** Forests of twin-grown trees, packed without a fit around them. */
import fc from 'fast-check';
import { collectLeafTargets, collectNodeWeights } from '../src/collect-leaves.ts';
import type { FlatForest } from '../src/flat-forest.ts';
import type { GrownTree } from '../src/grown-tree.ts';
import type { ForestOptions, GrowSettings } from '../src/options.ts';
import { packForest } from '../src/pack-forest.ts';
import type { TrainingSet } from '../src/training-set.ts';
import { TwinGrower } from '../src/twin/twin-grower.ts';
import { decodeTree, valueGoesLeft } from './decode-tree.ts';
import { prepare } from './grow-twin.ts';
import type { TreeData } from './grow-twin.ts';

export interface PackedTwins {
  readonly forest: FlatForest;
  readonly trees: readonly GrownTree[];
  readonly set: TrainingSet;
  readonly settings: GrowSettings;
}

/** Grows and packs a forest; with `nodeWeights` or `quantiles` what these options keep is collected. */
export function packTwins(data: TreeData, options: ForestOptions): PackedTwins {
  const { set, settings } = prepare(data, options);
  const grower = new TwinGrower(set, settings);
  const trees = Array.from({ length: settings.nEstimators }, (_, tree) => grower.grow(tree));
  const forest = packForest({
    set,
    trees,
    importances: new Float64Array(set.features.length),
    oobScore: NaN,
    nodeWeights: options.nodeWeights === true ? collectNodeWeights(set, settings, trees) : undefined,
    leafTargets: options.quantiles === true ? collectLeafTargets(set, settings, trees) : undefined,
  });
  return { forest, trees, set, settings };
}

/** The node that a row of real values ends in, by the definition of a split. */
export function leafByValues(tree: GrownTree, set: TrainingSet, row: readonly number[]): number {
  const nodes = decodeTree(tree, set);
  let at = 0;
  for (let node = nodes[at]; node !== undefined && node.kind !== 'leaf'; node = nodes[at]) {
    const feature = set.features[node.feature];
    if (feature === undefined) throw new Error(`node ${at} has feature ${node.feature}`);
    const value = row[node.feature] ?? NaN;
    const known = feature.isCategorical && !(Number.isInteger(value) && value >= 0 && value < feature.levels) ? NaN : value;
    at += valueGoesLeft(tree, node, feature, known) ? 1 : node.right;
  }
  return at;
}

/** What a tree says about a row: one number, or one share a class. */
export function outputsByValues(tree: GrownTree, set: TrainingSet, row: readonly number[]): number[] {
  const { classes, targetLevels } = set;
  const number = tree.nodes[2 * leafByValues(tree, set, row)] ?? NaN;
  if (classes === 0) return [(number < targetLevels.length ? targetLevels[number] : tree.mixed[number - targetLevels.length]) ?? NaN];
  if (number < classes) return Array.from({ length: classes }, (_, label) => (label === number ? 1 : 0));
  return [...tree.mixed.subarray((number - classes) * classes, (number - classes + 1) * classes)];
}

/** Rows to predict for: those learned from, and values that they need not hold. */
export function rowsFor(data: TreeData): fc.Arbitrary<number[][]> {
  const anything = fc.oneof(fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1, 2, 3, 2.5, 40, 41, 1e9, -7), fc.double({ min: -5, max: 5, noNaN: true }));
  const learned = fc.nat(data.target.length - 1).map((row) => data.columns.map((column) => column[row] ?? NaN));
  const unseen = fc.tuple(...data.columns.map(() => anything)).map((row): number[] => [...row]);
  return fc.array(fc.oneof(learned, unseen), { minLength: 1, maxLength: 20 });
}

/** Rows turned into columns. */
export function columnsOf(rows: readonly (readonly number[])[], features: number): Float64Array[] {
  return Array.from({ length: features }, (_, feature) => Float64Array.from(rows, (row) => row[feature] ?? NaN));
}
