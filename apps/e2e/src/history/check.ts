/** Whether what must be true of every history is true of one, and of many. */
import { env } from 'node:process';
import fc from 'fast-check';
import { z } from 'zod';
import { gatherFacts } from './facts.ts';
import { histories, type History } from './history.ts';
import { violations } from './invariants.ts';
import { runHistory } from './run.ts';
import { createWorld } from './world.ts';

/** Lets the history happen. @throws with the sentences that say what is wrong with its outcome */
export async function checkHistory(history: History): Promise<void> {
  const wrong = await runHistory(history, await createWorld(history), async (course) => violations(await gatherFacts(course)));
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

const EnvironmentSchema = z.object({
  /** How many histories there are to be in all. */
  HISTORIES: z.coerce.number().int().min(2).default(500),
  /** How many steps one has at most, besides those that open it. */
  HISTORIES_STEPS: z.coerce.number().int().min(1).default(6),
  /** What they follow from; the usual ones are always the same. */
  HISTORIES_SEED: z.coerce.number().int().default(20261122),
});

/** Finding the smallest history that ends wrongly takes a while too. */
const LEAST_TIMEOUT_MS = 600_000;
const LONGEST_HISTORY_MS = 5_000;

/** One of the test files among which the histories are shared out, so that all cores are used. */
export function share(part: number, parts: number): { readonly runs: number; readonly timeout: number; readonly check: () => Promise<void> } {
  const { HISTORIES, HISTORIES_STEPS, HISTORIES_SEED } = EnvironmentSchema.parse(env);
  const runs = Math.ceil(HISTORIES / parts);
  return {
    runs,
    timeout: Math.max(LEAST_TIMEOUT_MS, runs * LONGEST_HISTORY_MS),
    check: () => fc.assert(fc.asyncProperty(histories(HISTORIES_STEPS), checkHistory), { numRuns: runs, seed: HISTORIES_SEED + part }),
  };
}
