/** Goes through a grown tree with the rows of its bag. */
import { decodeTree, valueGoesLeft } from './decode-tree.ts';
import type { DecodedLeaf, DecodedSplit } from './decode-tree.ts';
import type { GrownByTwin } from './grow-twin.ts';

interface Visit {
  readonly id: number;
  readonly depth: number;
  /** The rows that reach the node, ascending. */
  readonly rows: readonly number[];
}

export interface VisitedLeaf extends Visit {
  readonly node: DecodedLeaf;
  readonly left?: undefined;
  readonly right?: undefined;
}

export interface VisitedSplit extends Visit {
  readonly node: DecodedSplit;
  readonly left: Visit;
  readonly right: Visit;
}

export type VisitedNode = VisitedLeaf | VisitedSplit;

/** All nodes in preorder; rows are sent down by their real values. */
export function walkTree({ tree, set, counts, data }: GrownByTwin): VisitedNode[] {
  const nodes = decodeTree(tree, set);
  const visited: VisitedNode[] = [];
  const pending: Visit[] = [{ id: 0, depth: 0, rows: [...counts.keys()].filter((row) => counts[row] !== 0) }];
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    const { id, depth, rows } = visit;
    const node = nodes[id];
    if (node === undefined) throw new Error(`node ${id} lies outside of the tree`);
    if (node.kind === 'leaf') {
      visited.push({ ...visit, node });
      continue;
    }
    const feature = set.features[node.feature];
    if (feature === undefined) throw new Error(`node ${id} has feature ${node.feature}`);
    const sides = Map.groupBy(rows, (row) => valueGoesLeft(tree, node, feature, data.columns[node.feature]?.[row] ?? NaN));
    const left = { id: id + 1, depth: depth + 1, rows: sides.get(true) ?? [] };
    const right = { id: id + node.right, depth: depth + 1, rows: sides.get(false) ?? [] };
    visited.push({ ...visit, node, left, right });
    pending.push(right, left);
  }
  return visited;
}
