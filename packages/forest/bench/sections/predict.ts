/** Predicting with fully grown trees of the worked example on one core, and what the forest weighs. */
import type { Contestant } from '../contestants.ts';
import type { PeerProcess } from '../peer-process.ts';
import { writeTable } from '../raw-table.ts';
import type { Measured } from '../results.ts';
import { median } from '../statistics.ts';
import { workedExample } from '../tables.ts';
import { inTurns, takingPart, titleOf, withProcesses } from './bench.ts';
import type { Bench } from './bench.ts';

const CONTESTANTS: readonly Contestant[] = [
  { peer: 'dropforest', threads: 1, mode: 'exact' },
  { peer: 'scikit-learn', threads: 1, mode: 'exact' },
];
/** Rows predicted one by one in each round. */
const SINGLE_ROWS = 50;

/** Seconds of one round. */
interface Run {
  readonly batch: number;
  readonly single: number;
  readonly load: number;
}

export async function measurePredict(bench: Bench): Promise<Measured> {
  const { name, table } = workedExample();
  const folder = writeTable(`${bench.folder}/predict`, table.columns, table.target);
  const contestants = takingPart(bench, CONTESTANTS);
  const trees = bench.isQuick ? 20 : 500;
  const file = ({ peer }: Contestant): string => `${bench.folder}/predict/${peer}.forest`;
  return withProcesses(bench, contestants, async (processOf) => {
    const weights = new Map<Contestant, { readonly bytes: number; readonly nodes: number }>();
    for (const contestant of contestants) {
      const nodes = await processOf(contestant).figure('nodes', { do: 'fit', table: folder, trees, threads: 2, seed: 1, mode: 'exact' });
      weights.set(contestant, { nodes, bytes: await processOf(contestant).figure('bytes', { do: 'save', file: file(contestant) }) });
      await predictOnce(processOf(contestant), folder, file(contestant));
    }
    const runs = await inTurns(contestants, bench.rounds, async (contestant) => {
      const run = await predictOnce(processOf(contestant), folder, file(contestant));
      bench.say(`${titleOf(contestant)}: batch ${run.batch.toFixed(3)} s, one row ${(run.single * 1000).toFixed(3)} ms, load ${(run.load * 1000).toFixed(0)} ms`);
      return run;
    });
    const rows = Array.from(runs, ([contestant, results]) => {
      const { bytes = Number.NaN, nodes = Number.NaN } = weights.get(contestant) ?? {};
      return {
        name: titleOf(contestant),
        figures: {
          rowsPerSecond: table.target.length / median(results.map(({ batch }) => batch)),
          msPerSingleRow: 1000 * median(results.map(({ single }) => single)),
          msToLoad: 1000 * median(results.map(({ load }) => load)),
          megabytes: bytes / 1e6,
          bytesPerNode: bytes / nodes,
        },
      };
    });
    return { workload: `${name}, ${table.target.length} rows × ${table.columns.length} features, ${trees} fully grown trees, one core`, rows };
  });
}

async function predictOnce(process: PeerProcess, table: string, file: string): Promise<Run> {
  return {
    load: await process.figure('seconds', { do: 'load', file, table }),
    batch: await process.figure('seconds', { do: 'predict', table }),
    single: await process.figure('seconds', { do: 'predict-one', table, rows: SINGLE_ROWS }),
  };
}
