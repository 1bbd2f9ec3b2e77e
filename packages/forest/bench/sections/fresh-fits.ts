import type { Contestant } from '../contestants.ts';
import type { Split } from '../tables.ts';
import type { ResultRow } from '../results.ts';
import { median } from '../statistics.ts';
import { inTurns, takingPart, timesFaster, titleOf, withProcesses } from './bench.ts';
import type { Bench } from './bench.ts';

/** One fit of a new process: what a program that fits once takes, warm-up included. */
interface Run {
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly rmse: number;
}

/** Fits in a process each, so that time and the peak of its memory, the table in it, belong to one fit alone. */
export async function timeFreshFits(bench: Bench, all: readonly Contestant[], split: Split, trees: number, rounds: number): Promise<ResultRow[]> {
  const contestants = takingPart(bench, all);
  const runs = await inTurns(contestants, rounds, async (contestant, round) => {
    const run = await fitFresh(bench, contestant, split, trees, round + 1);
    bench.say(`${titleOf(contestant)}: ${run.seconds.toFixed(2)} s, peak ${run.peakMegabytes.toFixed(0)} MB, RMSE ${run.rmse.toPrecision(5)}`);
    return run;
  });
  const seconds = new Map(Array.from(runs, ([contestant, results]) => [contestant, results.map((run) => run.seconds)]));
  return Array.from(runs, ([contestant, results]) => ({
    name: titleOf(contestant),
    figures: {
      seconds: median(results.map((run) => run.seconds)),
      secondsPerTree: median(results.map((run) => run.seconds)) / trees,
      ...timesFaster(contestant, seconds),
      peakMegabytes: median(results.map((run) => run.peakMegabytes)),
      rmse: median(results.map((run) => run.rmse)),
    },
  }));
}

async function fitFresh(bench: Bench, contestant: Contestant, split: Split, trees: number, seed: number): Promise<Run> {
  return withProcesses(bench, [contestant], async (processOf) => {
    const { threads, mode } = contestant;
    const { figures } = await processOf(contestant).ask({ do: 'fit', table: split.train, trees, threads, seed, mode });
    const rmse = await processOf(contestant).figure('rmse', { do: 'evaluate', table: split.unseen });
    return { seconds: figures['seconds'] ?? Number.NaN, peakMegabytes: figures['peakMegabytes'] ?? Number.NaN, rmse };
  });
}
