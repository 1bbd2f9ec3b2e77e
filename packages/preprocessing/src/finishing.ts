/**
 * What every pipeline does after its recipe, so that any table becomes numbers without a recipe at all: columns that
 * cannot help are left out, gaps are filled, categories become numbers.
 */
import { isNumericColumn } from '@dropforest/tabular';
import type { CategoricalColumn, Column, NumericColumn } from '@dropforest/tabular';
import type { FittedStep } from './fitted.ts';
import { usedLevels } from './frame.ts';
import type { Frame } from './frame.ts';
import { median, mode, present } from './statistics.ts';
import { fitOrdinalByTarget } from './steps/numbering.ts';
import type { Target } from './target.ts';

/** What the algorithm takes as it is (`Capabilities` of `@dropforest/algorithm`). */
export interface Accepts {
  readonly missingValues: boolean;
  readonly categories: boolean;
}

/** What becomes of one column: either it is left out, for a reason, or `steps` bring it into shape. */
export type Finish =
  | { readonly leftOut: string }
  | {
      readonly steps: readonly FittedStep[];
      /** Given where the column goes to the algorithm as categories. */
      readonly categories?: readonly string[];
    };

export interface FinishContext {
  readonly target: Target;
  readonly accepts: Accepts;
  /** Why columns are of their kind: name → sentence. */
  readonly explanations: ReadonlyMap<string, string>;
  /** Columns that go to the algorithm as categories. */
  readonly asIs: ReadonlySet<string>;
}

/** Stands for a missing value and for a level that the training rows did not have. */
const OTHER_LEVEL = '(other)';

/** @param column not of dates: those are expanded before */
export function finishColumn(column: Column, frame: Frame, context: FinishContext): Finish {
  return isNumericColumn(column) ? finishNumeric(column, context.accepts) : finishWords(column, frame, context);
}

function finishNumeric(column: NumericColumn, accepts: Accepts): Finish {
  const values = present(column.values);
  const [first] = values;
  if (first === undefined) return { leftOut: 'it has no value in the training rows' };
  if (values.every((value) => value === first)) return { leftOut: `it is ${first} in every training row that has a value` };
  if (accepts.missingValues) return { steps: [] };
  // Between true and false there is no middle.
  const value = column.kind === 'boolean' ? mode(values) : median(values);
  return { steps: [{ step: 'impute', column: column.name, value: (value ?? first) + 0 }] };
}

function finishWords(column: CategoricalColumn, frame: Frame, context: FinishContext): Finish {
  const { name } = column;
  const levels = usedLevels(column);
  if (context.asIs.has(name)) return { steps: [], categories: [...levels, OTHER_LEVEL] };
  const leftOut = whyLeftOut(column, levels, frame.rowCount, context);
  if (leftOut !== undefined) return { leftOut };
  if (context.accepts.categories) return { steps: [], categories: [...levels, OTHER_LEVEL] };
  return { steps: [fitOrdinalByTarget(frame, name, context.target)] };
}

function whyLeftOut(column: CategoricalColumn, levels: readonly string[], rowCount: number, { explanations }: FinishContext): string | undefined {
  if (column.kind !== 'categorical') return explanations.get(column.name) ?? `it is ${column.kind}`;
  const rows = column.codes.reduce((count, code) => (code === -1 ? count : count + 1), 0);
  const [only] = levels;
  if (only === undefined) return 'it has no value in the training rows';
  if (levels.length === 1 && rows === rowCount) return `it is ${JSON.stringify(only)} in every training row`;
  return undefined;
}
