/** Who takes part: each peer with a number of threads, in a process of its own. */
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { PeerProcess } from './peer-process.ts';
import type { FitMode } from './peers/protocol.ts';
import { setUpScikitLearn } from './peers/setup-scikit-learn.ts';

const PEERS = ['dropforest', 'scikit-learn', 'ydf-training', 'ml-random-forest'] as const;
export type PeerName = (typeof PEERS)[number];

export interface Contestant {
  readonly peer: PeerName;
  readonly threads: number;
  readonly mode: FitMode;
}

/** Starts peers; those that this machine cannot run are left out. */
export interface Peers {
  has(peer: PeerName): boolean;
  start(peer: PeerName): PeerProcess;
  /** Of every peer that runs here. */
  versions(): Promise<readonly string[]>;
}

/** @param say told why a peer is left out */
export function findPeers(say: (line: string) => void): Peers {
  const scikitLearn = setUpScikitLearn();
  const python = 'python' in scikitLearn ? scikitLearn.python : undefined;
  if ('reason' in scikitLearn) say(`scikit-learn is left out: ${scikitLearn.reason}`);
  const programs: Readonly<Record<PeerName, readonly [program: string, file: string] | undefined>> = {
    dropforest: [execPath, 'dropforest.ts'],
    'scikit-learn': python === undefined ? undefined : [python, 'scikit_learn.py'],
    'ydf-training': [execPath, 'ydf.ts'],
    'ml-random-forest': [execPath, 'ml-random-forest.ts'],
  };
  const start = (peer: PeerName): PeerProcess => {
    const program = programs[peer];
    if (program === undefined) throw new Error(`${peer} cannot run here`);
    return new PeerProcess(program[0], [fileURLToPath(new URL(`peers/${program[1]}`, import.meta.url))]);
  };
  const has = (peer: PeerName): boolean => programs[peer] !== undefined;
  return { has, start, versions: () => Promise.all(PEERS.filter(has).map((peer) => versionOf(start(peer)))) };
}

async function versionOf(process: PeerProcess): Promise<string> {
  try {
    return (await process.ask({ do: 'version' })).note;
  } finally {
    process.stop();
  }
}
