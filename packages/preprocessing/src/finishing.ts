/**
 * What every pipeline does after its recipe, so that any table becomes numbers without a recipe at all: columns that
 * cannot help are left out, gaps are filled, categories become numbers.
 */
import type { CategoricalColumn, Column, NumericColumn } from '@dropforest/tabular';
import type { FittedStep } from './fitted.ts';
import type { Frame } from './frame.ts';
import { fitOrdinalByTarget, usedLevels } from './steps/encode.ts';
import { median } from './statistics.ts';

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

/**
 * A column of words with fewer rows a level than this names things instead of describing them: the means of its levels
 * are mostly noise, and a forest trusts them. Measured on Big Mart (`Item_Identifier`: 1,559 levels, 5 rows each; 100
 * trees, RMSE on three holdouts): left out 1,121, 1,123, 1,154; numbered by the target's mean 1,269, 1,243, 1,269.
 */
const ROWS_PER_LEVEL = 10;
/** With so few levels a small table may have few rows of each. */
const LEVELS_ALWAYS_KEPT = 20;

/** Stands for a missing value and for a level that the training rows did not have. */
const OTHER_LEVEL = '(other)';

export function finishColumn(column: Column, frame: Frame, target: Float64Array, accepts: Accepts): Finish {
  return column.kind === 'numeric' ? finishNumeric(column, accepts) : finishCategorical(column, frame, target, accepts);
}

function finishNumeric(column: NumericColumn, accepts: Accepts): Finish {
  const values = Array.from(column.values).filter((value) => !Number.isNaN(value));
  const [first] = values;
  if (first === undefined) return { leftOut: 'it has no value in the training rows' };
  if (values.every((value) => value === first)) return { leftOut: `it is ${first} in every training row that has a value` };
  if (accepts.missingValues) return { steps: [] };
  return { steps: [{ step: 'impute', column: column.name, value: median(values) }] };
}

function finishCategorical(column: CategoricalColumn, frame: Frame, target: Float64Array, accepts: Accepts): Finish {
  const levels = usedLevels(column);
  const present = column.codes.reduce((count, code) => (code === -1 ? count : count + 1), 0);
  const [only] = levels;
  if (only === undefined) return { leftOut: 'it has no value in the training rows' };
  if (levels.length === 1 && present === frame.rowCount) return { leftOut: `it is ${JSON.stringify(only)} in every training row` };
  if (levels.length > LEVELS_ALWAYS_KEPT && present / levels.length < ROWS_PER_LEVEL) {
    return { leftOut: `it names rows instead of describing them: ${levels.length} different values in ${present} rows` };
  }
  if (accepts.categories) return { steps: [], categories: [...levels, OTHER_LEVEL] };
  return { steps: [fitOrdinalByTarget(frame, column.name, target)] };
}
