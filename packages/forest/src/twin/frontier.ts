/** The leaves of a tree that is grown best first, as far as they could be split. */
import type { GrowingNode } from './growing-node.ts';
import type { FoundSplit } from './split-finder.ts';

interface Entry {
  readonly node: GrowingNode;
  readonly found: FoundSplit;
}

/** Kept in ascending order of the reduction; of equal ones the earliest stands last. */
export class Frontier {
  readonly #entries: Entry[] = [];

  add(node: GrowingNode, found: FoundSplit): void {
    const entries = this.#entries;
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((entries[middle]?.found.reduction ?? 0) < found.reduction) low = middle + 1;
      else high = middle;
    }
    entries.splice(low, 0, { node, found });
  }

  /** Removes the entry whose split takes most away, the earliest of equal ones. */
  takeBest(): Entry | undefined {
    return this.#entries.pop();
  }
}
