/** Whether the forests are as good: errors on unseen rows of the worked example, paired by split and seed. */
import type { Contestant } from '../contestants.ts';
import type { Measured } from '../results.ts';
import { mean, standardError } from '../statistics.ts';
import { workedExample, writeTenth } from '../tables.ts';
import { takingPart, titleOf, withProcesses } from './bench.ts';
import type { Bench } from './bench.ts';

const CONTESTANTS: readonly Contestant[] = [
  { peer: 'dropforest', threads: 2, mode: 'exact' },
  { peer: 'scikit-learn', threads: 2, mode: 'exact' },
];

export async function measureQuality(bench: Bench): Promise<Measured> {
  const { name, table } = workedExample();
  const [splits, seeds, trees] = bench.isQuick ? [2, 2, 20] : [8, 2, 500];
  const contestants = takingPart(bench, CONTESTANTS);
  const errors = new Map<Contestant, number[]>(contestants.map((contestant) => [contestant, []]));
  await withProcesses(bench, contestants, async (processOf) => {
    for (let split = 0; split < splits; split++) {
      const { train, unseen } = writeTenth(`${bench.folder}/quality-${split}`, table, split + 1);
      for (let seed = 0; seed < seeds; seed++) {
        for (const contestant of contestants) {
          await processOf(contestant).ask({ do: 'fit', table: train, trees, threads: contestant.threads, seed: split * seeds + seed, mode: contestant.mode });
          errors.get(contestant)?.push(await processOf(contestant).figure('rmse', { do: 'evaluate', table: unseen }));
        }
      }
      bench.say(`split ${split + 1} of ${splits}`);
    }
  });
  const reference = errors.entries().find(([{ peer }]) => peer === 'scikit-learn')?.[1];
  const rows = Array.from(errors, ([contestant, own]) => ({
    name: titleOf(contestant),
    figures: { rmse: mean(own), ...(reference === undefined || reference === own ? {} : differenceTo(reference, own)) },
  }));
  return { workload: `${name}, ${trees} fully grown trees, ${splits} random splits with a tenth of the rows unseen × ${seeds} seeds`, rows };
}

function differenceTo(reference: readonly number[], own: readonly number[]): { readonly difference: number; readonly differenceError: number } {
  const differences = own.map((error, index) => error - (reference[index] ?? Number.NaN));
  return { difference: mean(differences), differenceError: standardError(differences) };
}
