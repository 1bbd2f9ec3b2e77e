import { PreprocessingError } from '../errors.ts';
import type { FittedImpute } from '../fitted.ts';
import { categoricalOf, columnOf, numericColumnOf, replaceColumn, textReader } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { ImputeStatisticStep, ImputeStep } from '../schema.ts';
import { mean, median, mode } from '../statistics.ts';

type Value = string | number;

/** @throws PreprocessingError `unknown-column`, or `wrong-kind` where the strategy or a value does not suit the column */
export function fitImpute(step: ImputeStep, frame: Frame): FittedImpute {
  const { column } = step;
  switch (step.strategy) {
    case 'constant':
      return { step: 'impute', column, value: suited(step.value, column, frame) };
    case 'lookup': {
      const keyed = columnOf(frame, step.by).kind === 'numeric' ? (from: string) => String(Number(from)) : (from: string) => from.trim();
      const values = Object.entries(step.values).map(([from, to]): [string, Value] => [keyed(from), suited(to, column, frame)]);
      return { step: 'impute', column, value: null, by: { column: step.by, values } };
    }
    case 'mean':
    case 'median':
    case 'mode':
      return fitStatistic(step, frame);
  }
}

function fitStatistic({ column, strategy, by }: ImputeStatisticStep, frame: Frame): FittedImpute {
  const statistic = statisticOf(strategy);
  const valueAt = presentValues(frame, column, strategy);
  const groupAt = by === undefined ? undefined : textReader(columnOf(frame, by));
  const all: Value[] = [];
  const groups = new Map<string, Value[]>();
  for (let row = 0; row < frame.rowCount; row++) {
    const value = valueAt(row);
    if (value === undefined) continue;
    all.push(value);
    const group = groupAt?.(row);
    if (group === undefined) continue;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [value]);
    else members.push(value);
  }
  const fitted = { step: 'impute', column, value: statistic(all) } as const;
  if (by === undefined) return fitted;
  const values = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([group, members]): [string, Value][] => {
    const value = statistic(members);
    return value === null ? [] : [[group, value]];
  });
  return { ...fitted, by: { column: by, values } };
}

/** Policy: a group that is missing, unseen or had no value in the training rows gets the value of all rows, if there is one. */
export function applyImpute(fitted: FittedImpute, frame: Frame): Frame {
  const column = columnOf(frame, fitted.column);
  const byGroup = new Map(fitted.by?.values);
  const groupAt = fitted.by === undefined ? undefined : textReader(columnOf(frame, fitted.by.column));
  const fill = (row: number): Value | undefined => byGroup.get(groupAt?.(row) ?? '') ?? fitted.value ?? undefined;
  if (column.kind === 'numeric') {
    const values = column.values.map((value, row) => (Number.isNaN(value) ? Number(fill(row) ?? Number.NaN) : value));
    return replaceColumn(frame, column.name, [{ ...column, values }]);
  }
  const text = textReader(column);
  const filled = categoricalOf(column.name, frame.rowCount, (row) => text(row) ?? fill(row)?.toString());
  return replaceColumn(frame, column.name, [filled]);
}

function presentValues(frame: Frame, name: string, strategy: 'mean' | 'median' | 'mode'): (row: number) => Value | undefined {
  const column = strategy === 'mode' ? columnOf(frame, name) : numericColumnOf(frame, name, `strategy ${JSON.stringify(strategy)}`);
  if (column.kind === 'categorical') return textReader(column);
  return (row) => {
    const value = column.values[row] ?? Number.NaN;
    return Number.isNaN(value) ? undefined : value + 0;
  };
}

/** `null` where there is no value, and where the mean of the values is beyond the largest number. */
function statisticOf(strategy: 'mean' | 'median' | 'mode'): (values: readonly Value[]) => Value | null {
  if (strategy === 'mode') {
    return ([first, ...rest]) => (first === undefined ? null : mode([first, ...rest]));
  }
  const compute = strategy === 'mean' ? mean : median;
  return (values) => {
    const result = compute(values.filter((value) => typeof value === 'number'));
    return Number.isFinite(result) ? result : null;
  };
}

/** A value of the recipe in the kind of its column. */
function suited(value: Value, name: string, frame: Frame): Value {
  if (columnOf(frame, name).kind === 'categorical') return String(value);
  if (typeof value === 'number') return value + 0;
  throw new PreprocessingError('wrong-kind', `column ${JSON.stringify(name)} has numbers, so ${JSON.stringify(value)} cannot stand in for a missing one`);
}
