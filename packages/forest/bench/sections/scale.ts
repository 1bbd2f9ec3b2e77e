/** Larger tables: time and peak memory of fits with exact splits and with histograms. */
import type { Contestant } from '../contestants.ts';
import type { Measured, ResultRow } from '../results.ts';
import { writeMixed } from '../tables.ts';
import type { Bench } from './bench.ts';
import { timeFreshFits } from './fresh-fits.ts';

const CONTESTANTS: readonly Contestant[] = ([1, 2] as const).flatMap((threads) => [
  { peer: 'dropforest', threads, mode: 'exact' },
  { peer: 'dropforest', threads, mode: 'histogram' },
  { peer: 'scikit-learn', threads, mode: 'exact' },
] satisfies Contestant[]);

const FEATURES = 10;
const UNSEEN_ROWS = 20_000;
/** Trees as many as a forest needs at least; rounds as many as scikit-learn leaves time for. */
const SIZES = [
  { rows: 100_000, trees: 60, mostRounds: 2 },
  { rows: 1_000_000, trees: 20, mostRounds: 1 },
] as const;

export async function measureScale(bench: Bench): Promise<Measured> {
  const results: ResultRow[] = [];
  for (const { rows, trees, mostRounds } of SIZES) {
    const size = bench.isQuick ? rows / 100 : rows;
    const label = `${size.toLocaleString('en')} rows`;
    bench.say(label);
    const split = {
      train: writeMixed(`${bench.folder}/${size}/train`, size, FEATURES, 1),
      unseen: writeMixed(`${bench.folder}/${size}/unseen`, UNSEEN_ROWS, FEATURES, 2),
    };
    const timed = await timeFreshFits(bench, CONTESTANTS, split, trees, Math.min(bench.rounds, mostRounds));
    results.push(...timed.map(({ name, figures }) => ({ name: `${label}, ${trees} trees: ${name}`, figures })));
  }
  return { workload: `made-up tables of ${FEATURES} mixed features, fully grown trees, a new process for each fit`, rows: results };
}
