import { parseArgs } from 'node:util';
import { SECTIONS } from './results.ts';
import type { SectionName } from './results.ts';

export interface CommandLine {
  readonly sections: readonly SectionName[];
  readonly rounds: number;
  readonly isQuick: boolean;
  readonly isRecorded: boolean;
}

export const USAGE = `usage: forest.bench.ts [--only ${SECTIONS.join(',')}] [--rounds 5] [--quick] [--huge] [--record]
  --only     sections to measure, separated by commas; without it all but huge
  --rounds   how often each contestant is timed
  --quick    tiny sizes, to see that everything runs; never recorded
  --huge     also the ten million rows
  --record   keep the figures in bench/results.json`;

/** The command line is not what `USAGE` says. */
export class UsageError extends Error {}

/** @throws UsageError that says what was got and what is allowed */
export function parseCommandLine(args: readonly string[]): CommandLine | 'help' {
  const { only, rounds, quick, huge, record, help } = readOptions(args);
  if (help) return 'help';
  if (!/^[1-9][0-9]*$/.test(rounds)) throw new UsageError(`--rounds: got ${rounds}, a whole number from 1 is allowed`);
  return {
    sections: only?.split(',').map(sectionOf) ?? SECTIONS.filter((name) => name !== 'huge' || huge),
    rounds: quick ? 1 : Number(rounds),
    isQuick: quick,
    isRecorded: record && !quick,
  };
}

function readOptions(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  const options = { only: { type: 'string' }, rounds: { type: 'string', default: '5' }, quick: flag, huge: flag, record: flag, help: flag } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function sectionOf(name: string): SectionName {
  const section = SECTIONS.find((known) => known === name);
  if (section === undefined) throw new UsageError(`--only: got ${name}, allowed are ${SECTIONS.join(', ')}`);
  return section;
}
