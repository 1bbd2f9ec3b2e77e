/** A tree in the making. */
import type { Split } from './split.ts';

/** A node: a range of the tree's rows. Without a branch it is a leaf. */
export interface GrowingNode {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  branch: Branch | undefined;
}

/** What makes a node an inner one. */
export interface Branch {
  readonly split: Split;
  readonly left: GrowingNode;
  readonly right: GrowingNode;
}
