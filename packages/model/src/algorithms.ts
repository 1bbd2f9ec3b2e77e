import type { Algorithm, Task } from '@dropforest/algorithm';
import { closestName } from '@dropforest/tabular';
import { ModelError } from './errors.ts';

/**
 * The algorithm of that name among those offered, if it can do the task.
 * @throws ModelError `unknown-algorithm` naming the ones that can
 */
export function chooseAlgorithm(name: string, task: Task, algorithms: readonly Algorithm[]): Algorithm {
  const able = algorithms.filter(({ capabilities }) => capabilities.tasks.includes(task)).map((algorithm) => algorithm.name);
  const found = algorithms.find((algorithm) => algorithm.name === name);
  if (found !== undefined && able.includes(name)) return found;
  const meant = closestName(name, able);
  const problem = found === undefined ? `there is no algorithm ${JSON.stringify(name)}` : `algorithm ${JSON.stringify(name)} cannot do ${task}`;
  throw new ModelError('unknown-algorithm', `${problem}; set "algorithm" to one of ${able.join(', ')}${meant === undefined ? '' : ` (did you mean ${JSON.stringify(meant)}?)`}`);
}
