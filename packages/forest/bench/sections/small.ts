/** A table small enough for ml-random-forest, whose time grows with the square of the rows. */
import type { Contestant } from '../contestants.ts';
import type { Measured } from '../results.ts';
import { writeMixed } from '../tables.ts';
import type { Bench } from './bench.ts';
import { timeFreshFits } from './fresh-fits.ts';

const CONTESTANTS: readonly Contestant[] = [
  { peer: 'dropforest', threads: 1, mode: 'exact' },
  { peer: 'scikit-learn', threads: 1, mode: 'exact' },
  { peer: 'ml-random-forest', threads: 1, mode: 'exact' },
];

export async function measureSmall(bench: Bench): Promise<Measured> {
  const rows = bench.isQuick ? 200 : 1_000;
  const trees = 20;
  const split = {
    train: writeMixed(`${bench.folder}/small/train`, rows, 10, 1),
    unseen: writeMixed(`${bench.folder}/small/unseen`, 5_000, 10, 2),
  };
  return {
    workload: `a made-up table of ${rows} rows × 10 features, ${trees} fully grown trees, a new process for each fit`,
    rows: await timeFreshFits(bench, CONTESTANTS, split, trees, Math.min(bench.rounds, 5)),
  };
}
