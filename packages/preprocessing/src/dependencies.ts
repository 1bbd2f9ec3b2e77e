import { columnsMadeBy } from './fitted.ts';
import type { FittedFeature, FittedStep } from './fitted.ts';

export interface Dependencies {
  /** The steps without which a feature would be another, in their order. */
  readonly steps: readonly FittedStep[];
  /** The columns of the file that these steps and the features start from. */
  readonly columns: ReadonlySet<string>;
}

/** What the features depend on: the steps are walked backwards from the columns that are wanted in the end. */
export function dependenciesOf(features: readonly FittedFeature[], steps: readonly FittedStep[]): Dependencies {
  const columns = new Set(features.map(({ name }) => name));
  const needed: FittedStep[] = [];
  for (const step of steps.toReversed()) {
    const made = columnsMadeBy(step);
    if (!made.some((name) => columns.has(name))) continue;
    needed.push(step);
    for (const name of made) columns.delete(name);
    columns.add(step.column);
    if (step.step === 'impute' && step.by !== undefined) columns.add(step.by.column);
  }
  return { steps: needed.reverse(), columns };
}
