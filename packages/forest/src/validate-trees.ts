import { ForestError } from './errors.ts';
import type { FlatForest } from './flat-forest.ts';

/**
 * Checks that nodes form trees in which no child is out of reach: walks all nodes in preorder and keeps, for each
 * feature, what the path to the node has left of it.
 * @throws ForestError `invalid-forest` naming tree and node
 */
export function validateTrees(forest: FlatForest): void {
  for (let tree = 0; tree < forest.trees; tree++) {
    const path = new Path(forest);
    const start = forest.treeStarts[tree] ?? 0;
    const end = forest.treeStarts[tree + 1] ?? 0;
    for (let node = start; node < end; node++) {
      const problem = path.enter(node, end);
      if (problem !== undefined) throw new ForestError('invalid-forest', `tree ${tree}, node ${node - start}: got ${problem}`);
    }
  }
}

/** The codes of a feature that can reach a node. */
interface Reach {
  /** Numeric: codes from `low` to `high`; none where `low` is greater. */
  readonly low: number;
  readonly high: number;
  /** Numeric: whether missing values can. */
  readonly missing: boolean;
  /** Categorical: the levels that can, the one after the last standing for missing values. */
  readonly levels: Uint32Array;
}

/** An inner node above the present one. */
interface Branch {
  readonly feature: number;
  /** The right child, and the end of its subtree. */
  readonly right: number;
  readonly end: number;
  /** What reaches the node itself, and its right child. */
  readonly reach: Reach;
  readonly rightReach: Reach;
}

class Path {
  readonly #forest: FlatForest;
  /** By feature, at the present node. */
  readonly #reach: Reach[];
  readonly #branches: Branch[] = [];

  constructor(forest: FlatForest) {
    const { cutStarts, categoricalLevels } = forest;
    this.#forest = forest;
    this.#reach = Array.from(categoricalLevels, (levels, feature) => ({
      low: 0,
      high: (cutStarts[feature + 1] ?? 0) - (cutStarts[feature] ?? 0),
      missing: true,
      levels: levels === 0 ? new Uint32Array() : allLevels(levels),
    }));
  }

  /** Goes on to the next node in preorder; says what is wrong with it. */
  enter(node: number, treeEnd: number): string | undefined {
    this.#leaveBranches(node);
    const branch = this.#branches.at(-1);
    const end = branch === undefined ? treeEnd : node < branch.right ? branch.right : branch.end;
    const { nodes, columnBits, features } = this.#forest;
    const word = nodes[2 * node] ?? 0;
    const link = nodes[2 * node + 1] ?? 0;
    const column = link & (2 ** columnBits - 1);
    const distance = link >>> columnBits;
    if (distance === 0) return end - node === 1 ? this.#problemOfLeaf(column, word) : `a leaf over ${end - node} nodes, expected 1`;
    if (distance < 2 || node + distance >= end) return `a right child ${distance} nodes further, expected from 2 to ${end - node - 1}`;
    if (column >= 2 * features) return `column ${column}, expected less than ${2 * features}`;
    const feature = column >>> 1;
    const reach = this.#reach[feature] ?? { low: 0, high: -1, missing: false, levels: new Uint32Array() };
    const sides = reach.levels.length > 0 ? this.#divideLevels(reach, word, column) : divideCodes(reach, word, (column & 1) === 0, this.#cutsOf(feature));
    if (typeof sides === 'string') return sides;
    if (!isOpen(sides.left) || !isOpen(sides.right)) return `split ${word} of feature ${feature}, expected one that leaves both sides something`;
    this.#branches.push({ feature, right: node + distance, end, reach, rightReach: sides.right });
    this.#reach[feature] = sides.left;
    return undefined;
  }

  /** Steps out of the subtrees that end before `node`, and over to the right one that begins with it. */
  #leaveBranches(node: number): void {
    for (let branch = this.#branches.at(-1); branch !== undefined && branch.end === node; branch = this.#branches.at(-1)) {
      this.#reach[branch.feature] = branch.reach;
      this.#branches.pop();
    }
    const branch = this.#branches.at(-1);
    if (branch?.right === node) this.#reach[branch.feature] = branch.rightReach;
  }

  #problemOfLeaf(column: number, number: number): string | undefined {
    const { features, classes, leafValues } = this.#forest;
    if (column !== 2 * features) return `a leaf of column ${column}, expected ${2 * features}`;
    const numbers = classes === 0 ? leafValues.length : classes + leafValues.length / classes;
    return number < numbers ? undefined : `leaf value ${number}, expected less than ${numbers}`;
  }

  #cutsOf(feature: number): number {
    const { cutStarts } = this.#forest;
    return (cutStarts[feature + 1] ?? 0) - (cutStarts[feature] ?? 0);
  }

  #divideLevels(reach: Reach, start: number, column: number): Sides | string {
    const { sets } = this.#forest;
    const words = reach.levels.length;
    if (column % 2 === 1) return `column ${column} of a categorical feature, expected an even one`;
    if (start + words > sets.length) return `a set from word ${start} to ${start + words}, expected it within ${sets.length} words`;
    const set = sets.subarray(start, start + words);
    const all = allLevels(this.#forest.categoricalLevels[column >>> 1] ?? 0);
    if (set.some((bits, i) => (bits & ~(all[i] ?? 0)) !== 0)) return 'a set with levels that the feature does not have';
    return {
      left: { ...reach, levels: reach.levels.map((bits, i) => bits & (set[i] ?? 0)) },
      right: { ...reach, levels: reach.levels.map((bits, i) => bits & ~(set[i] ?? 0)) },
    };
  }
}

interface Sides {
  readonly left: Reach;
  readonly right: Reach;
}

function divideCodes(reach: Reach, cut: number, missingGoesLeft: boolean, cuts: number): Sides | string {
  if (cut > cuts) return `cut ${cut}, expected at most ${cuts}`;
  return {
    left: { ...reach, high: Math.min(reach.high, cut), missing: reach.missing && missingGoesLeft },
    right: { ...reach, low: Math.max(reach.low, cut + 1), missing: reach.missing && !missingGoesLeft },
  };
}

function isOpen({ low, high, missing, levels }: Reach): boolean {
  return levels.length > 0 ? levels.some((bits) => bits !== 0) : low <= high || missing;
}

/** Bits 0 to `levels`. */
function allLevels(levels: number): Uint32Array {
  return Uint32Array.from({ length: Math.ceil((levels + 1) / 32) }, (_, word) => 2 ** Math.min(32, levels + 1 - 32 * word) - 1);
}
