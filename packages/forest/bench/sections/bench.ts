/** What the sections have in common. */
import type { Contestant, PeerName, Peers } from '../contestants.ts';
import type { PeerProcess } from '../peer-process.ts';
import { median } from '../statistics.ts';

export interface Bench {
  readonly peers: Peers;
  /** How often each contestant is timed where a section does not know better. */
  readonly rounds: number;
  /** Sizes are cut down until everything runs within a minute: to see that it runs. */
  readonly isQuick: boolean;
  /** For the tables; removed at the end. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

const TITLES: Readonly<Record<PeerName, string>> = {
  dropforest: 'Dropforest',
  'scikit-learn': 'scikit-learn',
  'ydf-training': 'ydf-training',
  'ml-random-forest': 'ml-random-forest',
};

export function titleOf({ peer, threads, mode }: Contestant): string {
  return `${TITLES[peer]}${mode === 'exact' ? '' : `, ${mode}`}, ${threads} thread${threads === 1 ? '' : 's'}`;
}

/** Those whose peer runs here. */
export function takingPart({ peers }: Bench, contestants: readonly Contestant[]): Contestant[] {
  return contestants.filter(({ peer }) => peers.has(peer));
}

/**
 * Times every contestant once a round. Each round begins with another one, so that other load on the machine and what the
 * one before leaves behind meet all alike.
 */
export async function inTurns<C, R>(contestants: readonly C[], rounds: number, once: (contestant: C, round: number) => Promise<R>): Promise<Map<C, R[]>> {
  const results = new Map<C, R[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round < rounds; round++) {
    for (const index of contestants.keys()) {
      const contestant = contestants[(index + round) % contestants.length];
      if (contestant !== undefined) results.get(contestant)?.push(await once(contestant, round));
    }
  }
  return results;
}

/** How many times faster than scikit-learn with as many threads: the median over the rounds. Nothing where it took no part. */
export function timesFaster(contestant: Contestant, seconds: ReadonlyMap<Contestant, readonly number[]>): { readonly timesFaster?: number } {
  const reference = seconds.entries().find(([{ peer, threads }]) => peer === 'scikit-learn' && threads === contestant.threads)?.[1];
  const own = seconds.get(contestant);
  if (reference === undefined || own === undefined) return {};
  return { timesFaster: median(own.map((value, round) => (reference[round] ?? Number.NaN) / value)) };
}

/** Runs `work` with a process a contestant and ends them. */
export async function withProcesses<R>(
  { peers }: Bench,
  contestants: readonly Contestant[],
  work: (processOf: (contestant: Contestant) => PeerProcess) => Promise<R>,
): Promise<R> {
  const processes = new Map<Contestant, PeerProcess>();
  try {
    return await work((contestant) => {
      const process = processes.get(contestant) ?? peers.start(contestant.peer);
      processes.set(contestant, process);
      return process;
    });
  } finally {
    for (const process of processes.values()) process.stop();
  }
}
