/** How each column of the file ends, in words for the report. */
import type { ColumnSchema } from '@dropforest/tabular';
import { columnsMadeBy } from './fitted.ts';
import type { ColumnUse, FittedFeature, FittedStep } from './fitted.ts';

export interface Outcome {
  readonly target: string;
  readonly leaveOut: ReadonlyMap<string, string>;
  /** All steps, also those that no feature depends on. */
  readonly steps: readonly FittedStep[];
  readonly features: readonly FittedFeature[];
  /** Columns that came through the recipe and were left out then: name → reason. */
  readonly unused: ReadonlyMap<string, string>;
  /** Columns that the recipe drops. */
  readonly dropped: ReadonlySet<string>;
  /** Columns of the file that a feature depends on. */
  readonly needed: ReadonlySet<string>;
}

export function columnUses(schema: readonly ColumnSchema[], outcome: Outcome): ColumnUse[] {
  const sourceOf = sources(outcome.steps);
  return schema.map((column): ColumnUse => {
    const { name, kind } = column;
    const stemsFrom = (derived: string): boolean => (sourceOf.get(derived) ?? derived) === name;
    if (name === outcome.target) return { name, kind, use: 'target', detail: 'the column to predict' };
    const asked = outcome.leaveOut.get(name);
    if (asked !== undefined) return { name, kind, use: 'left-out', detail: asked };
    const features = outcome.features.filter((feature) => stemsFrom(feature.name));
    const unused = [...outcome.unused].filter(([derived]) => stemsFrom(derived));
    if (features.length === 0) return { name, kind, use: 'left-out', detail: whyNot(column, unused, outcome) };
    const notes = outcome.steps.filter((step) => stemsFrom(step.column)).map((step) => (step.column === name ? describeStep(step) : describeDerived(step)));
    if (features.some(({ categories }) => categories !== undefined)) notes.push('as categories');
    const rest = unused.map(([derived, reason]) => `${derived} left out: ${reason}`);
    return { name, kind, use: 'feature', detail: [...new Set(notes), ...rest].join('; ') || 'as it is' };
  });
}

/** Derived column → the column of the file that it comes from. */
function sources(steps: readonly FittedStep[]): Map<string, string> {
  const sourceOf = new Map<string, string>();
  for (const step of steps) {
    for (const name of columnsMadeBy(step)) if (name !== step.column) sourceOf.set(name, sourceOf.get(step.column) ?? step.column);
  }
  return sourceOf;
}

function whyNot({ name, explanation }: ColumnSchema, unused: readonly (readonly [string, string])[], { dropped, needed }: Outcome): string {
  const [first] = unused;
  const reason = first?.[0] === name ? first[1] : unused.map(([derived, why]) => `${derived}: ${why}`).join('; ');
  const why = reason || (dropped.has(name) ? 'dropped by the recipe' : explanation);
  return needed.has(name) ? `${why}; a file to predict must have it all the same: gaps of other columns are filled by it` : why;
}

/** A step on one of several columns that a column has become. Their fillings are too many to list. */
function describeDerived(step: FittedStep): string {
  return step.step === 'impute' ? 'missing values are filled part by part' : `${step.column}: ${describeStep(step)}`;
}

function describeStep(step: FittedStep): string {
  switch (step.step) {
    case 'replace':
      return `${step.values.length} values replaced`;
    case 'impute':
      if (step.by !== undefined) return `missing values by ${step.by.column}${step.value === null ? '' : `, else ${shown(step.value)}`}`;
      return step.value === null ? 'missing values stay' : `missing values become ${shown(step.value)}`;
    case 'ordinal':
      return `${step.values.length} categories as numbers`;
    case 'frequency':
      return `${step.values.length} categories as their share of the rows`;
    case 'one-hot':
      return `${step.levels.length} columns of zeros and ones`;
    case 'date':
      return `dates as ${step.parts.join(', ')}`;
    case 'scale':
      return `minus ${shown(step.mean)}, divided by ${shown(step.deviation)}`;
    case 'clip':
      return `kept ${[step.min === null ? '' : `at or above ${shown(step.min)}`, step.max === null ? '' : `at or below ${shown(step.max)}`].filter(Boolean).join(' and ')}`;
    case 'log':
      return 'logarithm of 1 + x';
  }
}

function shown(value: string | number): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : JSON.stringify(value);
}
