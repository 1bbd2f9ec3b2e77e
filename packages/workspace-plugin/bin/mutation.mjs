// `node packages/workspace-plugin/bin/mutation.mjs <app folder>`: mutation testing of an app's decisions by Stryker.
// Each file that decides is changed in every way that Stryker knows, one at a time, and the app's tests have to notice.
// Fails where they notice less than MINIMUM of the changes to any one file. Leaves nothing behind.
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { argv, exit, stderr, stdout } from 'node:process';
import { Stryker } from '@stryker-mutator/core';

/** Per cent. */
const MINIMUM = 85;
/** Pure files: the same facts give the same actions. */
const DECISIONS = 'src/{decide*,gate,backlog,waiting}.ts';

const [folder = ''] = argv.slice(2);
const mutate = globSync(`${folder}/${DECISIONS}`).filter((file) => !file.endsWith('.test.ts'));
if (mutate.length === 0) {
  stderr.write(`mutation: no ${DECISIONS} in ${folder || 'the folder, which is missing'}\n`);
  exit(1);
}

const results = await new Stryker({
  mutate,
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { dir: folder },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // Vitest looks for no tests below node_modules.
  tempDirName: '.nx/stryker',
  cleanTempDir: 'always',
  reporters: ['clear-text'],
  clearTextReporter: { allowColor: false, logTests: false, reportScoreTable: false },
  logLevel: 'warn',
  thresholds: { high: 100, low: MINIMUM, break: null },
}).runMutationTest();

const scores = mutate.map((file) => {
  const valid = results.filter(({ fileName, status }) => fileName.endsWith(file) && !['Ignored', 'CompileError', 'RuntimeError'].includes(status));
  const noticed = valid.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
  return { file: `${basename(folder)}/${basename(file)}`, noticed, changes: valid.length, score: (100 * noticed) / valid.length };
});
for (const { file, noticed, changes, score } of scores) stdout.write(`${file}: ${noticed} of ${changes} changes noticed, ${score.toFixed(1)} %\n`);
exit(scores.every(({ score }) => score >= MINIMUM) ? 0 : 1);
