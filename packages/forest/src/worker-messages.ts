/** What the calling thread and its workers say to each other. */
import type { Growth } from './growers.ts';
import type { GrownTree } from './grown-tree.ts';
import type { GrowSettings } from './options.ts';
import type { TrainingSet } from './training-set.ts';
import type { TrialTask } from './trial.ts';

/** Work that several threads take from, piece by piece. */
export interface SharedQueue {
  /** What is to be done. */
  readonly length: number;
  /** One word, shared where there are threads: the next piece that nobody has taken. */
  readonly next: Int32Array;
}

/** To grow the trees whose numbers are in `todo`. */
export interface GrowTask {
  readonly kind: 'grow-trees';
  readonly growth: Growth;
  readonly settings: GrowSettings;
  readonly todo: Uint32Array;
  readonly queue: SharedQueue;
  /** Number of the thread; 0 is the calling one. */
  readonly thread: number;
}

/** To run the trials of a round of tuning. */
export interface TrialsTask {
  readonly kind: 'run-trials';
  readonly growth: Growth;
  /** Over shared memory. */
  readonly set: TrainingSet;
  readonly trials: readonly TrialTask[];
  readonly queue: SharedQueue;
  readonly thread: number;
}

export type WorkerTask = GrowTask | TrialsTask;

/** What a worker answers: each piece as it is finished, by its number, and an end. */
export type WorkerAnswer =
  | { readonly kind: 'tree'; readonly index: number; readonly tree: GrownTree }
  | { readonly kind: 'losses'; readonly index: number; readonly losses: Float64Array<ArrayBuffer> }
  | { readonly kind: 'finished' };

/** Whether the data a worker was started with is a task of this package. */
export function isWorkerTask(data: unknown): data is WorkerTask {
  return typeof data === 'object' && data !== null && 'kind' in data && (data.kind === 'grow-trees' || data.kind === 'run-trials');
}

/** A queue of `length` pieces. */
export function createQueue(length: number, threads: number): SharedQueue {
  return { length, next: new Int32Array(threads === 1 ? new ArrayBuffer(4) : new SharedArrayBuffer(4)) };
}

/** The numbers of the pieces that the caller gets, until there are none left. */
export function* takeFrom({ length, next }: SharedQueue): Generator<number, void, undefined> {
  for (let piece = Atomics.add(next, 0, 1); piece < length; piece = Atomics.add(next, 0, 1)) yield piece;
}
