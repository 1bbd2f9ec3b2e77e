/**
 * Measures this package beside scikit-learn, ydf-training and ml-random-forest, all in one run and in turns. Progress goes
 * to stderr, the tables to stdout, and with --record into results.json. Run: `npm run bench -- forest [options]`, or
 * `node packages/forest/bench/forest.bench.ts --help` for the options.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { argv, stderr, stdout } from 'node:process';
import { buildForBench } from './built-package.ts';
import { parseCommandLine, USAGE, UsageError } from './command-line.ts';
import type { CommandLine } from './command-line.ts';
import { findPeers } from './contestants.ts';
import { renderSection } from './render.ts';
import { recordResults, thisMachine } from './results.ts';
import type { Measured, Section, SectionName } from './results.ts';
import type { Bench } from './sections/bench.ts';
import { measureFit } from './sections/fit.ts';
import { measureHuge } from './sections/huge.ts';
import { measurePredict } from './sections/predict.ts';
import { measureQuality } from './sections/quality.ts';
import { measureScale } from './sections/scale.ts';
import { measureSmall } from './sections/small.ts';
import { measureTuned } from './sections/tuned.ts';

const MEASURES: Readonly<Record<SectionName, (bench: Bench) => Promise<Measured>>> = {
  fit: measureFit,
  predict: measurePredict,
  small: measureSmall,
  scale: measureScale,
  quality: measureQuality,
  tuned: measureTuned,
  huge: measureHuge,
};

const say = (line: string): void => { stderr.write(`${line}\n`); };

async function main({ sections, rounds, isQuick, isRecorded }: CommandLine): Promise<void> {
  say('builds the package');
  await buildForBench();
  const peers = findPeers(say);
  const versions = await peers.versions();
  const folder = mkdtempSync(join(tmpdir(), 'forest-bench-'));
  try {
    for (const name of sections) {
      say(`${name}:`);
      const measured = await MEASURES[name]({ peers, rounds, isQuick, folder, say: (line) => { say(`  ${line}`); } });
      const section: Section = { measuredAt: new Date().toISOString(), machine: thisMachine(), versions, rounds, ...measured };
      if (isRecorded) recordResults({ [name]: section });
      stdout.write(`${renderSection(name, section)}\n`);
    }
    if (isRecorded) say('recorded; node packages/forest/bench/table.ts writes the README');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  const commandLine = parseCommandLine(argv.slice(2));
  if (commandLine === 'help') stdout.write(`${USAGE}\n`);
  else await main(commandLine);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  say(`${error.message}\n${USAGE}`);
  process.exitCode = 1;
}
