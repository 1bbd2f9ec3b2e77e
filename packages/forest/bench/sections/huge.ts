/** Ten million rows with histograms: what matters is that it fits into the memory of a small machine. */
import type { Measured } from '../results.ts';
import { writeMixed } from '../tables.ts';
import type { Bench } from './bench.ts';
import { timeFreshFits } from './fresh-fits.ts';

const FEATURES = 12;
const TREES = 2;

export async function measureHuge(bench: Bench): Promise<Measured> {
  const rows = bench.isQuick ? 100_000 : 10_000_000;
  const split = {
    train: writeMixed(`${bench.folder}/huge/train`, rows, FEATURES, 1),
    unseen: writeMixed(`${bench.folder}/huge/unseen`, 20_000, FEATURES, 2),
  };
  return {
    workload: `a made-up table of ${rows.toLocaleString('en')} rows × ${FEATURES} features, ${TREES} fully grown trees, a new process`,
    rows: await timeFreshFits(bench, [{ peer: 'dropforest', threads: 2, mode: 'histogram' }], split, TREES, 1),
  };
}
