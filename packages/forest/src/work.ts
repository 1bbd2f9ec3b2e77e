/** The pieces of work of a task, one after the other: the same in the calling thread and in a worker. */
import { createGrower } from './growers.ts';
import { takeFrom } from './worker-messages.ts';
import type { GrowTask, TrialsTask, WorkerAnswer, WorkerTask } from './worker-messages.ts';

/** Does what is left to do of a task, together with the other threads. */
export function doWork(task: WorkerTask): AsyncGenerator<WorkerAnswer, void, undefined> {
  return task.kind === 'grow-trees' ? growTrees(task) : runTrials(task);
}

async function* growTrees({ growth, settings, thread, todo, queue }: GrowTask): AsyncGenerator<WorkerAnswer, void, undefined> {
  const grower = await createGrower(growth, settings, thread);
  for (const piece of takeFrom(queue)) {
    const index = todo[piece] ?? 0;
    yield { kind: 'tree', index, tree: grower.grow(index) };
  }
}

async function* runTrials({ growth, set, trials, thread, queue }: TrialsTask): AsyncGenerator<WorkerAnswer, void, undefined> {
  const { TrialRunner } = await import('./trial.ts');
  const runner = new TrialRunner(set);
  for (const index of takeFrom(queue)) {
    const trial = trials[index];
    if (trial !== undefined) yield { kind: 'losses', index, losses: runner.run(trial, await createGrower(growth, trial.settings, thread)) };
  }
}
