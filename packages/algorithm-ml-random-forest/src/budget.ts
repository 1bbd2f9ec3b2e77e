/**
 * What a fit will cost, measured: machines differ, and so does the package's work, from proportional to the rows for
 * features of few values to their square for others.
 */
import { BudgetError } from '@dropforest/algorithm';

/** The larger of the two probes has this share of the rows, within limits; the smaller one this share of its rows. */
const PROBE = 1 / 4;
const FEWEST_PROBE_ROWS = 20;
const MOST_PROBE_ROWS = 1_600;

/**
 * Estimates the seconds that a tree of `rows` rows takes, from two trees of fewer rows. That costs about as much as a tenth of
 * the tree itself, and at most what 1,600 rows cost.
 * @param growTree grows a tree from the first so many rows of a list
 * @param now milliseconds
 */
export function estimateSeconds(rows: number, growTree: (probe: readonly number[]) => void, now: () => number): number {
  const large = Math.min(rows, MOST_PROBE_ROWS, Math.max(FEWEST_PROBE_ROWS, Math.ceil(rows * PROBE)));
  const small = Math.ceil(large * PROBE);
  const secondsOf = (count: number): number => {
    const probe = spread(rows, count);
    const start = now();
    growTree(probe);
    return (now() - start) / 1000;
  };
  // The first one pays for the compiler.
  const smallSeconds = Math.min(secondsOf(small), secondsOf(small));
  const largeSeconds = secondsOf(large);
  const power = Math.log(largeSeconds / smallSeconds) / Math.log(large / small);
  // Clocks are coarse, and small probes short.
  const growth = Number.isFinite(power) ? Math.min(2, Math.max(1, power)) : 2;
  return largeSeconds * (rows / large) ** growth;
}

/** `count` rows at equal distances. */
function spread(rows: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor((index * rows) / count));
}

/** `14 s`, `25 min`, `1.8 h` */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return 'less than a second';
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** The refusal of a fit that is estimated to take too long. */
export function overBudget(estimate: number, trees: number, budgetSeconds: number): BudgetError {
  const affordable = Math.floor((budgetSeconds / estimate) * trees);
  const fewer = affordable >= 1 ? `set nEstimators to ${affordable} or fewer` : 'not even one tree fits';
  return new BudgetError(
    `algorithm "ml-random-forest": ${trees} ${trees === 1 ? 'tree' : 'trees'} would take about ${formatSeconds(estimate)}, `
    + `more than budgetSeconds (${budgetSeconds}) allows: ${fewer}, choose algorithm "forest", which takes seconds, or set force to true`,
  );
}
