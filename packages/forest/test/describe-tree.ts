/** A tree as its rows see it. */
import type { GrownByTwin } from './grow-twin.ts';
import { valuesOf } from './naive-splitter.ts';
import { walkTree } from './walk-tree.ts';

/** A split by the values that go left and right, or what a leaf says. */
export type DescribedNode =
  | { readonly feature: number; readonly left: readonly number[]; readonly right: readonly number[] }
  | { readonly value: readonly number[] };

/** All nodes in preorder, without what depends on values that the tree's own rows do not have. */
export function describeTree(grown: GrownByTwin): DescribedNode[] {
  const { data, set, tree } = grown;
  const outputs = Math.max(1, set.classes);
  const pureValues = set.classes === 0 ? set.targetLevels.length : set.classes;
  return walkTree(grown).map(({ node, left, right }) => {
    if (node.kind !== 'leaf') {
      const column = data.columns[node.feature] ?? new Float64Array();
      return { feature: node.feature, left: valuesOf(column, left?.rows ?? []), right: valuesOf(column, right?.rows ?? []) };
    }
    if (node.number < pureValues) return { value: [set.targetLevels[node.number] ?? node.number] };
    const first = (node.number - pureValues) * outputs;
    return { value: [...tree.mixed.subarray(first, first + outputs)] };
  });
}
