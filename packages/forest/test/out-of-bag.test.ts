import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBag } from '../src/bag.ts';
import { OutOfBag } from '../src/out-of-bag.ts';
import type { TreeData } from './grow-twin.ts';
import { outputsByValues, packTwins } from './pack-twins.ts';
import type { PackedTwins } from './pack-twins.ts';
import { classes, synthesize } from './synthetic.ts';
import { classificationData, regressionData, treeLimits } from './tree-arbitraries.ts';

/** By definition: the mean of the first `count` trees that have not seen the row, added in their order. */
function predictionByValues({ set, settings, trees }: PackedTwins, data: TreeData, count: number): number[][] {
  const outputs = Math.max(1, set.classes);
  const sums = Array.from(data.target, () => new Array<number>(outputs).fill(0));
  const unseenBy = new Uint32Array(set.rows);
  trees.slice(0, count).forEach((tree, index) => {
    const bag = new Uint32Array(set.rows);
    drawBag(set, settings, index, bag);
    sums.forEach((sum, row) => {
      if (bag[row] !== 0) return;
      unseenBy[row] = (unseenBy[row] ?? 0) + 1;
      outputsByValues(tree, set, data.columns.map((column) => column[row] ?? NaN)).forEach((value, output) => { sum[output] = (sum[output] ?? 0) + value; });
    });
  });
  return sums.map((sum, row) => sum.map((value) => value / (unseenBy[row] ?? 0)));
}

/** R² or accuracy over the rows with a weight and a prediction. */
function scoreByDefinition(data: TreeData & { readonly weights?: Float64Array }, prediction: readonly number[][]): number {
  const rows = prediction.flatMap((outputs, row) => (data.weights?.[row] === 0 || Number.isNaN(outputs[0]) ? [] : [{ outputs, target: data.target[row] ?? NaN }]));
  if (rows.length === 0) return NaN;
  if (data.classCount !== undefined) return rows.filter(({ outputs, target }) => outputs.indexOf(Math.max(...outputs)) === target).length / rows.length;
  const mean = rows.reduce((sum, { target }) => sum + target / rows.length, 0);
  const error = rows.reduce((sum, { outputs, target }) => sum + (target - (outputs[0] ?? NaN)) ** 2, 0);
  const variation = rows.reduce((sum, { target }) => sum + (target - mean) ** 2, 0);
  return variation > 0 ? 1 - error / variation : error === 0 ? 1 : 0;
}

function added({ set, settings, trees }: PackedTwins): OutOfBag {
  const outOfBag = new OutOfBag(set, settings);
  for (const tree of trees) outOfBag.add(tree);
  return outOfBag;
}

describe('out-of-bag predictions', () => {
  it('are the mean of the trees that have not seen the row, and NaN where all have', () => {
    fc.assert(
      fc.property(fc.oneof(regressionData(), classificationData()), treeLimits, fc.integer({ min: 1, max: 6 }), (data, limits, nEstimators) => {
        const twins = packTwins(data, { ...limits, nEstimators });
        expect([...added(twins).prediction()]).toEqual(predictionByValues(twins, data, nEstimators).flat());
      }),
      { numRuns: 200 },
    );
  });

  it('have a score after each tree, that of the trees so far', () => {
    fc.assert(
      fc.property(fc.oneof(regressionData(), classificationData()), treeLimits, fc.integer({ min: 1, max: 6 }), (data, limits, nEstimators) => {
        const twins = packTwins(data, { ...limits, nEstimators, maxSamples: 0.7 });
        const outOfBag = added(twins);
        expect(outOfBag.curve).toHaveLength(nEstimators);
        outOfBag.curve.forEach((score, tree) => {
          const expected = scoreByDefinition(data, predictionByValues(twins, data, tree + 1));
          if (Number.isNaN(expected)) expect(score).toBeNaN();
          else expect(score).toBeCloseTo(expected, 9);
        });
        expect(outOfBag.score).toBe(outOfBag.curve.at(-1));
      }),
      { numRuns: 200 },
    );
  });

  it('score better the more trees there are, and worse than rows that the trees have seen', () => {
    const numbers = added(packTwins(synthesize(300, 3), { nEstimators: 40 })).curve;
    expect(numbers[39]).toBeGreaterThan((numbers[2] ?? NaN) + 0.05);
    expect(numbers[39]).toBeLessThan(0.95);
    const labels = added(packTwins(classes(synthesize(300, 3), 3), { nEstimators: 40 })).curve;
    expect(labels[39]).toBeGreaterThan(0.6);
    expect(labels[39]).toBeLessThan(0.95);
  });

  it('have no score before the first tree, nor without a row out of bag', () => {
    const twins = packTwins(synthesize(20, 1), { nEstimators: 2, bootstrap: false });
    expect(new OutOfBag(twins.set, twins.settings).score).toBeNaN();
    expect(added(twins).score).toBeNaN();
    expect(added(twins).prediction().every(Number.isNaN)).toBe(true);
  });
});
