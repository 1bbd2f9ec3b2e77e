import { columnsMadeBy } from './fitted.ts';
import type { FittedStep } from './fitted.ts';

/** Columns in which the steps leave no missing value, whatever a table to transform may have. */
export function gaplessColumns(steps: readonly FittedStep[]): ReadonlySet<string> {
  const gapless = new Set<string>();
  for (const step of steps) {
    const was = gapless.has(step.column);
    for (const name of columnsMadeBy(step)) {
      if (leavesNoGap(step, was)) gapless.add(name);
      else gapless.delete(name);
    }
  }
  return gapless;
}

/** @param was whether the column had no gap before */
function leavesNoGap(step: FittedStep, was: boolean): boolean {
  switch (step.step) {
    case 'ordinal':
    case 'frequency':
    case 'one-hot':
      return true;
    case 'impute':
      return was || step.value !== null;
    case 'replace':
      return was && step.values.every(([, to]) => to !== null);
    case 'date':
    case 'scale':
    case 'clip':
    case 'log':
      return was;
  }
}
