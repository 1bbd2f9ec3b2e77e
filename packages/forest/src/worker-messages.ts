/** What the calling thread and its workers say to each other. */
import type { GrowSettings } from './options.ts';
import type { OutOfBagSums } from './out-of-bag.ts';
import type { TrainingSet } from './training-set.ts';
import type { Tree } from './tree.ts';

/** A worker's task: to take tree numbers from the counter until there are none left. */
export interface WorkerTask {
  readonly kind: 'grow-trees';
  /** Over shared memory. */
  readonly set: TrainingSet;
  readonly settings: GrowSettings;
  /** One shared word: the next tree number that nobody has taken. */
  readonly nextTree: Int32Array;
}

/** What a worker answers: each tree as it is finished, and at the end what it tallied. */
export type WorkerAnswer =
  | { readonly kind: 'tree'; readonly index: number; readonly tree: Tree }
  | { readonly kind: 'finished'; readonly outOfBag: OutOfBagSums | undefined };

/** Whether the data a worker was started with is a task of this package. */
export function isWorkerTask(data: unknown): data is WorkerTask {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'grow-trees';
}
