/** Grows single trees with the readable twin, without a forest around them. */
import { drawBag } from '../src/bag.ts';
import type { GrownTree } from '../src/grown-tree.ts';
import { growSettings, resolveSettings } from '../src/options.ts';
import type { ForestOptions, GrowSettings } from '../src/options.ts';
import { createTrainingSet } from '../src/training-set.ts';
import type { TrainingSet } from '../src/training-set.ts';
import { TwinGrower } from '../src/twin/twin-grower.ts';
import type { NumericTable } from './bigmart.ts';

/** A table with everything that a forest can learn from; with a class count the target is a class. */
export interface TreeData extends NumericTable {
  readonly weights?: Float64Array;
  readonly categoricalFeatures?: readonly number[];
  readonly classCount?: number;
}

/** A tree and what it was grown from. */
export interface GrownByTwin {
  readonly tree: GrownTree;
  readonly set: TrainingSet;
  readonly settings: GrowSettings;
  /** How often each row is in the tree's bag. */
  readonly counts: Uint32Array;
  readonly data: TreeData;
}

/** The data and the options as growers get them. */
export function prepare(data: TreeData, options: ForestOptions): { readonly set: TrainingSet; readonly settings: GrowSettings } {
  const classes = data.classCount ?? 0;
  const settings = resolveSettings(options, { rows: data.target.length, features: data.columns.length, classes });
  const set = createTrainingSet(data, classes, settings, (bytes) => new ArrayBuffer(bytes));
  return { set, settings: growSettings(settings, set) };
}

/** Trees 0 to `trees` − 1 of the forest, from one grower. */
export function growTwins(data: TreeData, options: ForestOptions, trees: number): GrownByTwin[] {
  const { set, settings } = prepare(data, options);
  const grower = new TwinGrower(set, settings);
  return Array.from({ length: trees }, (_, tree) => {
    const counts = new Uint32Array(set.rows);
    drawBag(set, settings, tree, counts);
    return { tree: grower.grow(tree), set, settings, counts, data };
  });
}

/** All features and all rows: the tree that chance has the least part in. */
export function growPlainTwin(data: TreeData, options: ForestOptions = {}): GrownByTwin {
  const [grown] = growTwins(data, { maxFeatures: 1, bootstrap: false, ...options }, 1);
  if (grown === undefined) throw new Error('no tree');
  return grown;
}
