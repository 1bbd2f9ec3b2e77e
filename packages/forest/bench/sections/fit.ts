/** Fitting the worked example: 500 fully grown trees on bootstrap samples, every feature tried at every node. */
import type { Contestant } from '../contestants.ts';
import type { PeerProcess } from '../peer-process.ts';
import type { Measured, ResultRow } from '../results.ts';
import { median } from '../statistics.ts';
import { workedExample, writeTenth } from '../tables.ts';
import type { Split } from '../tables.ts';
import { inTurns, takingPart, timesFaster, titleOf, withProcesses } from './bench.ts';
import type { Bench } from './bench.ts';

const CONTESTANTS: readonly Contestant[] = [
  { peer: 'dropforest', threads: 1, mode: 'exact' },
  { peer: 'dropforest', threads: 2, mode: 'exact' },
  { peer: 'scikit-learn', threads: 1, mode: 'exact' },
  { peer: 'scikit-learn', threads: 2, mode: 'exact' },
  { peer: 'ydf-training', threads: 1, mode: 'exact' },
];

/** One timed fit. A peer may grow another number of trees than it was asked for, so peers are compared by the tree. */
interface Run {
  readonly secondsPerTree: number;
  readonly trees: number;
  readonly rmse: number;
  readonly digest: string;
}

export async function measureFit(bench: Bench): Promise<Measured> {
  const { name, table } = workedExample();
  const split = writeTenth(`${bench.folder}/fit`, table, 1);
  const trees = bench.isQuick ? 20 : 500;
  const contestants = takingPart(bench, CONTESTANTS);
  const runs = await withProcesses(bench, contestants, async (processOf) => {
    const run = (contestant: Contestant, count: number, seed: number): Promise<Run> => fitOnce(processOf(contestant), contestant, split, count, seed);
    // Programs that are compiled while they run are measured warm.
    for (const contestant of contestants) await run(contestant, trees, 0);
    return inTurns(contestants, bench.rounds, async (contestant, round) => {
      const result = await run(contestant, trees, round + 1);
      bench.say(`${titleOf(contestant)}: ${(result.secondsPerTree * 1000).toFixed(2)} ms a tree, RMSE ${result.rmse.toFixed(1)}`);
      return result;
    });
  });
  checkSameForests(runs);
  checkSameWork(runs);
  return {
    workload: `${name}, ${Math.floor(table.target.length * 0.9)} rows × ${table.columns.length} features, ${trees} fully grown trees, after one fit to warm up`,
    rows: rowsOf(runs),
  };
}

async function fitOnce(process: PeerProcess, { threads, mode }: Contestant, split: Split, trees: number, seed: number): Promise<Run> {
  const { figures, note } = await process.ask({ do: 'fit', table: split.train, trees, threads, seed, mode });
  const { seconds = Number.NaN, trees: grown = Number.NaN } = figures;
  return { secondsPerTree: seconds / grown, trees: grown, rmse: await process.figure('rmse', { do: 'evaluate', table: split.unseen }), digest: note };
}

/** @throws Error where two numbers of threads gave different forests */
function checkSameForests(runs: ReadonlyMap<Contestant, readonly Run[]>): void {
  const [first, ...others] = runs.entries().filter(([{ peer }]) => peer === 'dropforest').map(([, results]) => results.map(({ digest }) => digest).join());
  if (others.some((other) => other !== first)) throw new Error('the number of threads changed the forest');
}

/** @throws Error where scikit-learn's forests are better or worse by more than chance: then the times are not of the same work */
function checkSameWork(runs: ReadonlyMap<Contestant, readonly Run[]>): void {
  const errorsOf = (name: Contestant['peer']): number[] => [...runs].filter(([{ peer }]) => peer === name).flatMap(([, results]) => results.map(({ rmse }) => rmse));
  const ratio = median(errorsOf('dropforest')) / median(errorsOf('scikit-learn'));
  if (Math.abs(ratio - 1) > 0.05) throw new Error(`the errors of Dropforest are ${ratio.toFixed(3)} times those of scikit-learn`);
}

function rowsOf(runs: ReadonlyMap<Contestant, readonly Run[]>): ResultRow[] {
  const secondsPerTree = new Map(Array.from(runs, ([contestant, results]) => [contestant, results.map((run) => run.secondsPerTree)]));
  return Array.from(runs, ([contestant, results]) => {
    const trees = median(results.map((run) => run.trees));
    const perTree = median(results.map((run) => run.secondsPerTree));
    const rmse = median(results.map((run) => run.rmse));
    return { name: titleOf(contestant), figures: { trees, seconds: perTree * trees, msPerTree: perTree * 1000, ...timesFaster(contestant, secondsPerTree), rmse } };
  });
}
