/** Runs the trials of a round. */
import type { Crew } from './crew.ts';
import type { Growth } from './growers.ts';
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
  set: TrainingSet, growth: Growth, trials: readonly TrialTask[], crew: Crew, receive: (index: number, losses: Float64Array) => void,
): Promise<void> {
  await crew.work({ kind: 'run-trials', growth, set, trials, queue: createQueue(trials.length, crew.threads), thread: 0 }, (answer) => {
    if (answer.kind === 'losses') receive(answer.index, answer.losses);
  });
}
