/** What choosing the settings buys: five folds of the worked example, settings chosen inside each, beside plain forests. */
import type { Contestant } from '../contestants.ts';
import type { Measured } from '../results.ts';
import { mean, median } from '../statistics.ts';
import { shuffledRows, workedExample, writeSplit } from '../tables.ts';
import { takingPart, timesFaster, titleOf, withProcesses } from './bench.ts';
import type { Bench } from './bench.ts';

const CONTESTANTS: readonly Contestant[] = [
  { peer: 'dropforest', threads: 1, mode: 'tuned' },
  { peer: 'dropforest', threads: 1, mode: 'exact' },
  { peer: 'scikit-learn', threads: 1, mode: 'exact' },
];
const FOLDS = 5;

export async function measureTuned(bench: Bench): Promise<Measured> {
  const { name, table } = workedExample();
  const trees = bench.isQuick ? 20 : 500;
  const order = shuffledRows(table.target.length, 1);
  const contestants = takingPart(bench, CONTESTANTS);
  const errors = new Map<Contestant, number[]>(contestants.map((contestant) => [contestant, []]));
  const seconds = new Map<Contestant, number[]>(contestants.map((contestant) => [contestant, []]));
  await withProcesses(bench, contestants, async (processOf) => {
    for (let fold = 0; fold < FOLDS; fold++) {
      const { train, unseen } = writeSplit(`${bench.folder}/tuned-${fold}`, table, order, (place) => place % FOLDS === fold);
      for (const contestant of contestants) {
        const { threads, mode } = contestant;
        seconds.get(contestant)?.push(await processOf(contestant).figure('seconds', { do: 'fit', table: train, trees, threads, seed: fold, mode }));
        errors.get(contestant)?.push(await processOf(contestant).figure('rmse', { do: 'evaluate', table: unseen }));
      }
      bench.say(`fold ${fold + 1} of ${FOLDS}`);
    }
  });
  const rows = contestants.map((contestant) => ({
    name: titleOf(contestant),
    figures: { rmse: mean(errors.get(contestant) ?? []), seconds: median(seconds.get(contestant) ?? []), ...timesFaster(contestant, seconds) },
  }));
  return { workload: `${name}, ${FOLDS}-fold cross-validation, ${trees} trees, the choice of settings included in the time`, rows };
}
