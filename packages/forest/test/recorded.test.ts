/** Trees that scikit-learn grew, recorded by recorded/record.py: the same partitions of rows, the same leaves. */
import { describe, expect, it } from 'vitest';
import { growPlainTwin } from './grow-twin.ts';
import type { GrownByTwin } from './grow-twin.ts';
import { expectSoundTree } from './invariants.ts';
import recorded from './recorded/scikit-learn-trees.json' with { type: 'json' };
import { walkTree } from './walk-tree.ts';

type Case = (typeof recorded.cases)[number];

describe(`the trees of scikit-learn ${recorded.madeBy['scikit-learn']}`, () => {
  it.each(recorded.cases.map((recordedCase) => [recordedCase.name, recordedCase] as const))('are grown again: %s', (_name, recordedCase) => {
    const grown = growLike(recordedCase);
    expectSoundTree(grown);
    const visits = walkTree(grown);
    const shape = visits.map(({ node, left, right }) =>
      (node.kind === 'leaf' ? 'leaf' : { feature: node.feature, left: left?.rows.length, right: right?.rows.length }));
    expect(shape).toEqual(recordedCase.nodes.map(({ feature, left, right }) => (feature === undefined ? 'leaf' : { feature, left, right })));

    const leaves = visits.filter(({ node }) => node.kind === 'leaf');
    const leafOf = recordedCase.target.map((_, row) => leaves.findIndex(({ rows }) => rows.includes(row)));
    expect(leafOf).toEqual(recordedCase.leafOf);

    const values = recordedCase.nodes.flatMap(({ value }) => (value === undefined ? [] : [value]));
    leaves.forEach(({ node }, index) => { expectClose(valueOf(grown, node.kind === 'leaf' ? node.number : NaN), values[index] ?? []); });
    expectClose([...grown.tree.importances], recordedCase.importances);
  });
});

function growLike({ columns, target, weights, classCount, options }: Case): GrownByTwin {
  const data = {
    columns: columns.map((column) => Float64Array.from(column, (value) => value ?? NaN)),
    target: Float64Array.from(target),
    weights: Float64Array.from(weights),
  };
  const { criterion, classWeight, ...limits } = options;
  const classOptions = {
    ...(criterion === 'entropy' && { criterion: 'entropy' as const }),
    ...(classWeight === 'balanced' ? { classWeight: 'balanced' as const } : Array.isArray(classWeight) && { classWeight }),
  };
  return classCount === 0 ? growPlainTwin(data, limits) : growPlainTwin({ ...data, classCount }, { ...limits, ...classOptions });
}

/** The mean, or the share of each class. */
function valueOf({ tree, set }: GrownByTwin, leaf: number): number[] {
  const { classes, targetLevels } = set;
  if (classes === 0) return [targetLevels[leaf] ?? tree.mixed[leaf - targetLevels.length] ?? NaN];
  return Array.from({ length: classes }, (_, label) => (leaf < classes ? Number(leaf === label) : (tree.mixed[(leaf - classes) * classes + label] ?? NaN)));
}

function expectClose(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  got.forEach((value, index) => { expect(value).toBeCloseTo(expected[index] ?? NaN, 6); });
}
