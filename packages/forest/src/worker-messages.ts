/** What the calling thread and its workers say to each other. */
import type { ForestErrorCode } from './errors.ts';
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

/** What a worker answers: each piece as it is finished, by its number, and an end, or why it cannot be done. */
export type WorkerAnswer =
  | { readonly kind: 'tree'; readonly index: number; readonly tree: GrownTree }
  | { readonly kind: 'losses'; readonly index: number; readonly losses: Float64Array<ArrayBuffer> }
  | { readonly kind: 'finished' }
  | { readonly kind: 'refused'; readonly code: ForestErrorCode; readonly message: string };

/** What a worker is told: a task, or that there will be no more. */
export type WorkerMessage = WorkerTask | { readonly kind: 'end' };

/** Whether a message to a worker is one of this package. */
export function isWorkerMessage(message: unknown): message is WorkerMessage {
  return typeof message === 'object' && message !== null && 'kind' in message && ['grow-trees', 'run-trials', 'end'].includes(String(message.kind));
}

/** A queue of `length` pieces. */
export function createQueue(length: number, threads: number): SharedQueue {
  return { length, next: new Int32Array(threads === 1 ? new ArrayBuffer(4) : new SharedArrayBuffer(4)) };
}

/** The numbers of the pieces that the caller gets, until there are none left. */
export function* takeFrom({ length, next }: SharedQueue): Generator<number, void, undefined> {
  for (let piece = Atomics.add(next, 0, 1); piece < length; piece = Atomics.add(next, 0, 1)) yield piece;
}
