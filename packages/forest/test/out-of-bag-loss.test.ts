import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBag } from '../src/bag.ts';
import type { ForestData } from '../src/columns.ts';
import { columnBitsOf } from '../src/grown-tree.ts';
import type { GrownTree } from '../src/grown-tree.ts';
import { growSettings, resolveSettings } from '../src/options.ts';
import { OutOfBagLoss, meanLoss, standardErrorOfDifference } from '../src/out-of-bag-loss.ts';
import { createTrainingSet } from '../src/training-set.ts';
import type { TrainingSet } from '../src/training-set.ts';
import { TwinGrower } from '../src/twin/twin-grower.ts';
import { classTables, tables } from './arbitraries.ts';

const TREES = 7;

/** Some trees, and by row their residuals where the row is out of the bag: a vector a tree, one element an output. */
function grow(data: ForestData, classes: number, seed: number): { set: TrainingSet; loss: OutOfBagLoss; residuals: number[][][] } {
  const settings = resolveSettings({ seed, maxDepth: 3 }, { rows: data.target.length, features: data.columns.length, classes });
  const set = createTrainingSet(data, classes, settings, (bytes) => new ArrayBuffer(bytes));
  const grower = new TwinGrower(set, growSettings(settings, set));
  const loss = new OutOfBagLoss(set);
  const counts = new Uint32Array(set.rows);
  const residuals: number[][][] = Array.from({ length: set.rows }, () => []);
  for (let index = 0; index < TREES; index++) {
    const tree = grower.grow(index);
    drawBag(set, growSettings(settings, set), index, counts);
    loss.add(tree, counts);
    residuals.forEach((ofRow, row) => { if (counts[row] === 0) ofRow.push(residualsOf(set, tree, row)); });
  }
  return { set, loss, residuals };
}

/** A walk of one row, and what its leaf says, without any of the code under test. */
function residualsOf({ features, classes, targetRanks, targetLevels }: TrainingSet, { nodes, mixed }: GrownTree, row: number): number[] {
  const bits = columnBitsOf(features.length);
  let node = 0;
  while ((nodes[2 * node + 1] ?? 0) >>> bits > 0) {
    const link = nodes[2 * node + 1] ?? 0;
    const feature = features[(link % 2 ** bits) >> 1];
    node += (feature?.codes[row] ?? 0) <= (nodes[2 * node] ?? 0) ? 1 : link >>> bits;
  }
  const leaf = nodes[2 * node] ?? 0;
  const truth = targetRanks[row] ?? 0;
  if (classes === 0) return [(targetLevels[truth] ?? 0) - (leaf < targetLevels.length ? (targetLevels[leaf] ?? 0) : (mixed[leaf - targetLevels.length] ?? 0))];
  return Array.from({ length: classes }, (_, label) => Number(label === truth) - (leaf < classes ? Number(label === leaf) : (mixed[(leaf - classes) * classes + label] ?? 0)));
}

const product = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean product of the residuals of two different trees, and of a tree with itself. */
function naiveLoss(ofRow: readonly number[][], trees: number): number {
  if (ofRow.length < 2) return NaN;
  const pairs = ofRow.flatMap((a, i) => ofRow.filter((_, j) => i !== j).map((b) => product(a, b)));
  return (1 - 1 / trees) * mean(pairs) + mean(ofRow.map((a) => product(a, a))) / trees;
}

function expectNaive(data: ForestData, classes: number, seed: number, trees: number): void {
  const { loss, residuals } = grow(data, classes, seed);
  const scale = Math.max(1, ...residuals.flat(2).map(Math.abs)) ** 2;
  loss.losses(trees).forEach((value, row) => {
    const expected = naiveLoss(residuals[row] ?? [], trees);
    if (Number.isNaN(expected)) expect(value).toBeNaN();
    else expect(value / scale).toBeCloseTo(expected / scale, 9);
  });
}

describe('the loss foreseen of a forest', () => {
  it('is made of all pairs of trees that have not seen a row', () => {
    fc.assert(fc.property(tables, fc.nat(), fc.constantFrom(1, 2, 500), (data, seed, trees) => { expectNaive(data, 0, seed, trees); }));
  });

  it('is so for every class of a classification', () => {
    fc.assert(fc.property(classTables, fc.nat(), fc.constantFrom(1, 2, 500), (data, seed, trees) => { expectNaive(data, data.classCount, seed, trees); }));
  });

  it('is forgotten when asked', () => {
    const data = { columns: [Float64Array.of(1, 2, 3, 4)], target: Float64Array.of(1, 0, 1, 0) };
    const { loss } = grow(data, 0, 1);
    expect(loss.losses(5).some((value) => value > 0)).toBe(true);
    loss.reset();
    expect(loss.losses(5)).toEqual(new Float64Array(4).fill(NaN));
  });
});

describe('mean losses', () => {
  const losses = Float64Array.of(1, 3, NaN, 8);

  it('are weighted means over the rows that have a loss', () => {
    expect(meanLoss(losses, Float64Array.of(1, 1, 9, 2))).toBe(5);
    expect(meanLoss(Float64Array.of(NaN), Float64Array.of(1))).toBeNaN();
  });

  it('differ by a standard error that is small where rows move together', () => {
    const weights = new Float64Array(4).fill(1);
    expect(standardErrorOfDifference(losses.map((loss) => loss + 2), losses, weights)).toBe(0);
    // Differences 0, 0, 6: mean 2, squared deviations 4 + 4 + 16.
    expect(standardErrorOfDifference(Float64Array.of(1, 3, NaN, 14), losses, weights)).toBeCloseTo(Math.sqrt(24) / 3, 12);
  });

  it('have a standard error that does not depend on the unit of the weights', () => {
    const weights = Float64Array.of(1, 2, 3, 4);
    const other = Float64Array.of(2, 1, NaN, 5);
    expect(standardErrorOfDifference(losses, other, weights.map((weight) => weight * 1024))).toBeCloseTo(standardErrorOfDifference(losses, other, weights), 12);
  });
});
