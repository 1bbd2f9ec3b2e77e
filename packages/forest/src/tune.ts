/** Tuning: which leaf size, number of features and depth suit the data, by out-of-bag error. */
import { checkClasses, checkData } from './columns.ts';
import type { ClassificationData } from './columns.ts';
import type { ForestTask } from './flat-forest.ts';
import type { ForestOptions } from './options.ts';
import { Crew } from './crew.ts';
import { halve } from './successive-halving.ts';
import type { TuneProgress, Tuning } from './successive-halving.ts';
import { createTrainingSet } from './training-set.ts';
import { candidatesOf } from './tuning-grid.ts';
import type { TuningGrid } from './tuning-grid.ts';

/** The options of the forest to be fitted, and how to tune it. A setting of the grid that the options give is not tuned. */
export interface TuneOptions extends Omit<ForestOptions, 'onProgress' | 'onTree' | 'finishedTrees' | 'treeRange'> {
  readonly task: ForestTask;
  /** What to try in place of the usual values. */
  readonly grid?: Partial<TuningGrid> | undefined;
  /** Called after each trial. */
  readonly onTrial?: ((progress: TuneProgress) => void) | undefined;
}

/**
 * Tries settings and finds the best ones: those of the smallest loss or, where the difference is noise, those of the
 * smallest trees. The result depends on data, options and seed alone, never on the number of threads or on time.
 * @throws ForestError `invalid-data` or `invalid-option` (before any work), `worker-failed`
 * @throws the signal's reason when it is aborted
 */
export async function tune(data: ClassificationData, options: TuneOptions): Promise<Tuning> {
  const { task, grid, onTrial, ...forest } = options;
  checkData(data);
  const classes = task === 'classification' ? checkClasses(data) : 0;
  const shape = { rows: data.target.length, features: data.columns.length, classes };
  const candidates = candidatesOf({ ...forest, oobScore: true }, grid ?? {}, shape);
  forest.signal?.throwIfAborted();
  if (candidates.length === 1) return { best: candidates[0].options, trials: [] };
  const { threads, kernel } = candidates[0].settings;
  const crew = await Crew.hire({ threads, signal: forest.signal, workerUrl: forest.workerUrl });
  try {
    const allocate = (bytes: number): ArrayBuffer | SharedArrayBuffer => (threads === 1 ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes));
    const set = createTrainingSet(data, classes, candidates[0].settings, allocate);
    return await halve(set, candidates, { crew, kernel, onTrial });
  } finally {
    await crew.dismiss();
  }
}
