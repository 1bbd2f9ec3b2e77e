/** What holds for every grown tree, whatever it was grown from. */
import { expect } from 'vitest';
import type { GrownTree } from '../src/grown-tree.ts';
import type { GrowSettings } from '../src/options.ts';
import type { CodedFeature, TrainingSet } from '../src/training-set.ts';
import { codeGoesLeft, decodeTree } from './decode-tree.ts';
import type { DecodedNode, DecodedSplit } from './decode-tree.ts';

/** A tree and what it was grown from; `counts` as `drawBag` gives them. */
export interface BaggedTree {
  readonly tree: GrownTree;
  readonly set: TrainingSet;
  readonly settings: GrowSettings;
  readonly counts: Uint32Array;
}

/** Expects all invariants: of the words, of the rows that reach each node by their codes, of the shares. */
export function expectSoundTree(bagged: BaggedTree): void {
  const { tree, set, settings, counts } = bagged;
  const nodes = decodeTree(tree, set);
  const leaves = nodes.keys().filter((id) => nodes[id]?.kind === 'leaf').toArray();
  for (const leaf of leaves) expect(tree.nodes[2 * leaf + 1]).toBe(2 * set.features.length);
  expect(nodes).toHaveLength(2 * leaves.length - 1);
  expect(leaves.length).toBeLessThanOrEqual(settings.maxLeafNodes);
  expectNumbersInPreorder(nodes, tree, set);
  expectShares(tree, set);
  const rows = [...counts.keys()].filter((row) => counts[row] !== 0);
  expect(rows.every((row) => (set.weights[row] ?? 0) > 0)).toBe(true);
  expect(endOf(bagged, nodes, rows)).toBe(nodes.length);
}

/** Sends rows down the tree; the number of nodes visited, all of them exactly once and in order. */
function endOf(bagged: BaggedTree, nodes: readonly DecodedNode[], inBag: readonly number[]): number {
  const { settings } = bagged;
  const pending = [{ id: 0, depth: 0, rows: inBag }];
  let expected = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop(), expected++) {
    const { id, depth, rows } = next;
    const node = nodes[id];
    expect(id).toBe(expected);
    expect(depth).toBeLessThanOrEqual(settings.maxDepth);
    expect(rows.length).toBeGreaterThanOrEqual(id === 0 ? 1 : settings.minSamplesLeaf);
    if (node === undefined) throw new Error(`node ${id} lies outside of the tree`);
    if (node.kind === 'leaf') {
      expectLeafNumber(bagged, node.number, rows);
      continue;
    }
    expect(rows.length).toBeGreaterThanOrEqual(settings.minSamplesSplit);
    const { left, right } = expectSplit(bagged, node, rows);
    pending.push({ id: id + node.right, depth: depth + 1, rows: right }, { id: id + 1, depth: depth + 1, rows: left });
  }
  return expected;
}

/** A leaf names its rows' target where they agree, and only there. */
function expectLeafNumber({ set }: BaggedTree, number: number, rows: readonly number[]): void {
  const ranks = new Set(rows.map((row) => set.targetRanks[row]));
  if (ranks.size === 1) expect(ranks).toContain(number);
  else expect(number).toBeGreaterThanOrEqual(pureValuesOf(set));
}

function expectSplit({ tree, set, settings }: BaggedTree, node: DecodedSplit, rows: readonly number[]): { readonly left: number[]; readonly right: number[] } {
  const feature = set.features[node.feature];
  if (feature === undefined) throw new Error(`there is no feature ${node.feature}`);
  const codeOf = (row: number): number => feature.codes[row] ?? NaN;
  const left = rows.filter((row) => codeGoesLeft(tree, node, feature, codeOf(row)));
  const right = rows.filter((row) => !codeGoesLeft(tree, node, feature, codeOf(row)));
  expect(Math.min(left.length, right.length)).toBeGreaterThan(0);
  const absentGoLeft = left.length > right.length;
  const present = new Set(rows.map(codeOf));
  if (node.kind === 'categorical') expectSet(tree, node, feature, present, absentGoLeft);
  else {
    if (!present.has(feature.levels)) expect(node.missingGoesLeft).toBe(absentGoLeft);
    expectCut(node.word, feature.levels, left.map(codeOf), right.map(codeOf), settings.splitter);
  }
  return { left, right };
}

/** Halfway in rank between the codes of the two sides, or anywhere between them where it was drawn; after the last code to tell missing values. */
function expectCut(cut: number, levels: number, left: readonly number[], right: readonly number[], splitter: GrowSettings['splitter']): void {
  const isPresent = (code: number): boolean => code < levels;
  const below = Math.max(...left.filter(isPresent));
  const above = Math.min(...right.filter(isPresent));
  if (above === Infinity) expect(cut).toBe(levels - 1);
  else if (splitter === 'best') expect(cut).toBe(Math.floor((below + above - 1) / 2));
  else expect(cut >= below && cut < above).toBe(true);
}

/** What the node has not seen goes with the majority; no bit stands for nothing. */
function expectSet(tree: GrownTree, node: DecodedSplit, feature: CodedFeature, present: ReadonlySet<number>, absentGoLeft: boolean): void {
  expect(node.missingGoesLeft).toBe(true);
  for (let code = 0; code < 32 * wordsOf(feature); code++) {
    if (code > feature.levels) expect(codeGoesLeft(tree, node, feature, code)).toBe(false);
    else if (!present.has(code)) expect(codeGoesLeft(tree, node, feature, code)).toBe(absentGoLeft);
  }
}

/** Values of mixed leaves, and sets, are numbered in the order of the nodes, without gaps. */
function expectNumbersInPreorder(nodes: readonly DecodedNode[], tree: GrownTree, set: TrainingSet): void {
  let mixed = pureValuesOf(set);
  let words = 0;
  for (const node of nodes) {
    if (node.kind === 'leaf' && node.number >= pureValuesOf(set)) expect(node.number).toBe(mixed++);
    if (node.kind !== 'categorical') continue;
    const feature = set.features[node.feature];
    expect(node.word).toBe(words);
    words += feature === undefined ? NaN : wordsOf(feature);
  }
  expect(tree.sets).toHaveLength(words);
  expect(tree.mixed).toHaveLength((mixed - pureValuesOf(set)) * Math.max(1, set.classes));
}

function expectShares({ importances, mixed }: GrownTree, { classes, features }: TrainingSet): void {
  expect(importances).toHaveLength(features.length);
  expect(importances.every((share) => share >= 0)).toBe(true);
  const total = sumOf(importances);
  if (total !== 0) expect(total).toBeCloseTo(1, 12);
  for (let first = 0; classes > 0 && first < mixed.length; first += classes) {
    const shares = mixed.subarray(first, first + classes);
    expect(shares.every((share) => share >= 0 && share < 1)).toBe(true);
    expect(sumOf(shares)).toBeCloseTo(1, 12);
  }
}

/** Leaf numbers below this one stand for a target that all rows of the leaf have. */
function pureValuesOf({ classes, targetLevels }: TrainingSet): number {
  return classes === 0 ? targetLevels.length : classes;
}

function wordsOf({ levels }: CodedFeature): number {
  return Math.ceil((levels + 1) / 32);
}

function sumOf(numbers: Float64Array): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
