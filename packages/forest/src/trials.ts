/** Runs the trials of a round, in the calling thread and in workers. */
import type { Growth } from './growers.ts';
import { shareWork } from './share-work.ts';
import type { WorkContext } from './share-work.ts';
import type { TrainingSet } from './training-set.ts';
import type { TrialTask } from './trial.ts';
import { createQueue } from './worker-messages.ts';

/**
 * @param set over shared memory where there are threads
 * @param growth of the set, for as many threads and for the settings of the trials
 * @param receive called once a trial, in any order, with the loss to be expected on each row
 * @throws the signal's reason when it is aborted, ForestError `worker-failed`
 */
export async function runTrials(
  set: TrainingSet, growth: Growth, trials: readonly TrialTask[], context: WorkContext, receive: (index: number, losses: Float64Array) => void,
): Promise<void> {
  const threads = Math.min(context.threads, trials.length);
  await shareWork({ kind: 'run-trials', growth, set, trials, queue: createQueue(trials.length, threads), thread: 0 }, { ...context, threads }, (answer) => {
    if (answer.kind === 'losses') receive(answer.index, answer.losses);
  });
}
