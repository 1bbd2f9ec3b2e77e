/**
 * `node src/history/real.ts [count] [seed]`: histories on the local cloud in real time, with the container's programs in
 * processes of their own. Exit 1 where one ends wrongly.
 */
import process, { argv, stdout } from 'node:process';
import fc from 'fast-check';
import { gatherFacts } from './facts.ts';
import { realHistoryArbitrary, TEXTS, type Step, type Texts } from './history.ts';
import { violations } from './invariants.ts';
import { runHistory } from './run.ts';
import { createRealWorld } from './world.ts';

const ROWS = 60;
const [count = 50, seed = 1] = argv.slice(2).map(Number);

/** Enough rows to learn from, and small forests. */
const texts: Texts = {
  training: { ...TEXTS.training, first: table(1), second: table(2), third: table(3) },
  prediction: TEXTS.prediction,
  settings: { ...TEXTS.settings, usual: { quietSeconds: 1, hyperparameters: { nEstimators: 10 } } },
};
const settle: Step = { afterSeconds: 0, deed: { do: 'settle on', dataset: 'alpha', settings: 'usual' } };

function table(slope: number): string {
  return `x,y\n${Array.from({ length: ROWS }, (_, row) => `${row},${row * slope + (row % 7)}\n`).join('')}`;
}

let wrong = 0;
for (const [index, sample] of fc.sample(realHistoryArbitrary, { numRuns: count, seed }).entries()) {
  const history = { ...sample, steps: [settle, ...sample.steps] };
  const world = await createRealWorld(history, texts);
  const found = await runHistory(history, world, async (course) => violations(await gatherFacts(course)));
  if (found.length > 0) wrong += 1;
  stdout.write(`${index + 1} of ${count}: ${history.steps.length} steps, ${found.length === 0 ? 'as it should be' : `${found.join('; ')}: ${JSON.stringify(history)}`}\n`);
}
stdout.write(`${count - wrong} of ${count} histories ended as they should.\n`);
process.exitCode = wrong === 0 ? 0 : 1;
