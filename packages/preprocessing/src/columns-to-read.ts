import type { ColumnKind, ColumnSchema } from '@dropforest/tabular';
import { columnsOfStep } from './schema.ts';
import type { Step } from './schema.ts';

/** Kinds of which nothing is learned unless a step makes something of them. */
const LEFT_OUT: ReadonlySet<ColumnKind> = new Set(['text', 'identifier', 'constant']);

/**
 * The columns that `fitPipeline` needs, so that the others need not be held in memory: all but those that are left out
 * anyway (`leaveOut`, free text, identifiers, constants) and that no step but `drop` names.
 * @param target read whatever it is
 * @returns names in the order of the schema
 */
export function columnsToRead(schema: readonly ColumnSchema[], target: string, steps: readonly Step[], leaveOut: ReadonlyMap<string, string> = new Map()): string[] {
  const named = new Set(steps.flatMap((step) => (step.step === 'drop' ? [] : columnsOfStep(step))));
  const isRead = ({ name, kind }: ColumnSchema): boolean => name === target || (!leaveOut.has(name) && (named.has(name) || !LEFT_OUT.has(kind)));
  return schema.filter(isRead).map(({ name }) => name);
}
