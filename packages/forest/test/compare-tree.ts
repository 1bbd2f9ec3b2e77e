/** Compares a grown tree, node by node, with the exhaustive search. */
import { expect } from 'vitest';
import type { GrowSettings } from '../src/options.ts';
import type { GrownByTwin } from './grow-twin.ts';
import { allSplits, entropy, gini, meanOf, reductionOf, sharesOf, squares, valuesOf } from './naive-splitter.ts';
import type { Impurity, NaiveSplit, WeightedRows } from './naive-splitter.ts';
import { walkTree } from './walk-tree.ts';
import type { VisitedLeaf, VisitedNode, VisitedSplit } from './walk-tree.ts';

const IMPURITIES: Record<GrowSettings['criterion'], Impurity> = { variance: squares, gini, entropy };

/** The options that keep a node from being split, in their own units. */
export interface Limits {
  readonly maxDepth?: number | undefined;
  readonly maxLeafNodes?: number | undefined;
  readonly minSamplesSplit?: number | undefined;
  readonly minSamplesLeaf?: number | undefined;
  readonly minImpurityDecrease?: number | undefined;
}

/** What the exhaustive search says of a node of the tree. */
interface Verdict {
  readonly visit: VisitedNode;
  /** The impurity × weight that the node's split removes; `undefined` for a leaf. */
  readonly got: number | undefined;
  /** Legal splits; none where a limit or equal targets forbid any. */
  readonly splits: readonly NaiveSplit[];
  /** The largest reduction that the engine must find; −∞ where it need not find any. */
  readonly best: number;
}

interface Comparison extends Limits {
  readonly grown: GrownByTwin;
  readonly bag: WeightedRows;
  readonly impurity: Impurity;
  readonly minSamplesLeaf: number;
  readonly minImpurityDecrease: number;
  readonly weight: number;
  /** Ties are legal, so reductions are compared, not splits; this is what rounding may do to one. */
  readonly noise: number;
}

/**
 * Expects every split to be as good as the best there is, and every leaf to be one for a reason.
 * @param weights of each row in the tree's bag
 */
export function compareTree(grown: GrownByTwin, weights: Float64Array, limits: Limits): void {
  const { data, set, settings } = grown;
  const bag = { ...data, weights, categoricalFeatures: data.categoricalFeatures ?? [] };
  const weight = weights.reduce((sum, value) => sum + value, 0);
  const scale = set.classes === 0 ? Math.max(1, ...data.target.map((value) => value * value)) : 1;
  const { minSamplesLeaf = 1, minImpurityDecrease = 0 } = limits;
  const impurity = IMPURITIES[settings.criterion];
  const comparison = { ...limits, grown, bag, impurity, minSamplesLeaf, minImpurityDecrease, weight, noise: 1e-9 * weight * scale };
  const verdicts = walkTree(grown).map((visit) => judge(comparison, visit));
  for (const verdict of verdicts) {
    if (verdict.visit.left === undefined) compareLeaf(comparison, verdict.visit);
    else compareSplit(comparison, verdict, verdict.visit);
  }
  compareImportances(comparison, verdicts);
  if (limits.maxLeafNodes === undefined) expectNothingWorthwhile(comparison, verdicts);
  else compareOrder(comparison, verdicts, limits.maxLeafNodes);
}

function judge(comparison: Comparison, visit: VisitedNode): Verdict {
  const { impurity, bag, minSamplesLeaf } = comparison;
  const splits = mayBeSplit(comparison, visit) ? allSplits(impurity, bag, visit.rows, minSamplesLeaf) : [];
  const best = Math.max(...splits.filter(({ feature }) => isFoundExactly(comparison, feature)).map(({ reduction }) => reduction));
  const got = visit.left && reductionOf(impurity, bag, visit.left.rows, visit.right.rows);
  return { visit, got, splits, best };
}

function mayBeSplit({ bag, maxDepth = Infinity, minSamplesSplit = 2 }: Comparison, { rows, depth }: VisitedNode): boolean {
  return new Set(rows.map((row) => bag.target[row])).size > 1 && depth < maxDepth && rows.length >= minSamplesSplit;
}

/**
 * Whether the engine must find a feature's best split. Levels put in order may hide it where there are more than two
 * classes, or where it has to leave both sides enough rows.
 */
function isFoundExactly({ grown, bag, minSamplesLeaf }: Comparison, feature: number): boolean {
  return !bag.categoricalFeatures.includes(feature) || (grown.set.classes <= 2 && minSamplesLeaf === 1);
}

function compareSplit(comparison: Comparison, { got = NaN, best, splits }: Verdict, { node, left, right }: VisitedSplit): void {
  const { bag, noise, weight, minImpurityDecrease } = comparison;
  expect(got).toBeGreaterThanOrEqual(best - noise);
  expect(got).toBeGreaterThanOrEqual(minImpurityDecrease * weight - noise);
  const column = bag.columns[node.feature] ?? new Float64Array();
  // Which side a set of levels is on says nothing.
  const sides = (node.kind === 'categorical' ? [left, right] : [left]).map(({ rows }) => new Set(valuesOf(column, rows)));
  const isThis = (split: NaiveSplit): boolean => split.feature === node.feature && sides.some((side) => side.symmetricDifference(split.left).size === 0);
  expect(splits.some(isThis)).toBe(true);
}

function compareLeaf({ grown: { tree, set }, bag, noise, weight }: Comparison, { node, rows }: VisitedLeaf): void {
  const isPure = new Set(rows.map((row) => bag.target[row])).size === 1;
  const pureValues = set.classes === 0 ? set.targetLevels : Float64Array.from({ length: set.classes }, (_, label) => label);
  expect(node.number < pureValues.length).toBe(isPure);
  const mixed = node.number - pureValues.length;
  if (isPure) expect(pureValues[node.number]).toBe(bag.target[rows[0] ?? 0]);
  else if (set.classes === 0) expect(Math.abs((tree.mixed[mixed] ?? NaN) - meanOf(bag, rows))).toBeLessThanOrEqual(noise / weight);
  else {
    const shares = sharesOf(bag, rows);
    pureValues.forEach((label) => { expect(tree.mixed[mixed * set.classes + label]).toBeCloseTo(shares.get(label) ?? 0, 12); });
  }
}

/** Each feature's share of all that the splits removed. */
function compareImportances({ grown: { tree }, noise }: Comparison, verdicts: readonly Verdict[]): void {
  const removed = new Float64Array(tree.importances.length);
  for (const { visit, got = 0 } of verdicts) {
    if (visit.node.kind !== 'leaf') removed[visit.node.feature] = (removed[visit.node.feature] ?? 0) + got;
  }
  const total = removed.reduce((sum, value) => sum + value, 0);
  if (total <= 1e6 * noise) return;
  tree.importances.forEach((share, feature) => { expect(share).toBeCloseTo((removed[feature] ?? 0) / total, 5); });
}

/** A leaf is one because nothing can be split off, or nothing that is worth it. */
function expectNothingWorthwhile(comparison: Comparison, verdicts: readonly Verdict[]): void {
  for (const { got, best } of verdicts) {
    if (got === undefined) expect(isWorthwhile(comparison, best)).toBe(false);
  }
}

/** Whether a split that removes this much must be made, rounding apart. */
function isWorthwhile({ noise, weight, minImpurityDecrease }: Comparison, reduction: number): boolean {
  return reduction > -Infinity && (minImpurityDecrease === 0 || reduction - noise > minImpurityDecrease * weight);
}

/** Best first: at each moment the leaf was split whose split removes most. */
function compareOrder(comparison: Comparison, verdicts: readonly Verdict[], maxLeafNodes: number): void {
  const byId = new Map(verdicts.map((verdict) => [verdict.visit.id, verdict]));
  const open = new Set(verdicts.slice(0, 1));
  for (let inner = verdicts.filter(({ got }) => got !== undefined).length; inner > 0; inner--) {
    const next = [...open].reduce((most, verdict) => ((verdict.got ?? -Infinity) > (most.got ?? -Infinity) ? verdict : most));
    for (const { best } of open) if (isWorthwhile(comparison, best)) expect(next.got).toBeGreaterThanOrEqual(best - comparison.noise);
    open.delete(next);
    for (const child of [next.visit.left, next.visit.right]) {
      const verdict = byId.get(child?.id ?? -1);
      if (verdict !== undefined) open.add(verdict);
    }
  }
  expect(open.size).toBeLessThanOrEqual(maxLeafNodes);
  if (open.size < maxLeafNodes) expectNothingWorthwhile(comparison, [...open]);
}
