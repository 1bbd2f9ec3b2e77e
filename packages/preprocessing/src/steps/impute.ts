import { isNumericColumn } from '@dropforest/tabular';
import type { FittedImpute } from '../fitted.ts';
import { columnOf, distinctOf, numericColumnOf, replaceColumn, replaceNumbers } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { ImputeStatisticStep, ImputeStep } from '../schema.ts';
import { mean, median, mode } from '../statistics.ts';
import { suited, suitedKey } from '../step-value.ts';
import { rewriteWords } from '../words.ts';

type Value = string | number;

interface Group {
  readonly level: string;
  readonly members: Value[];
}

/** @throws PreprocessingError `unknown-column`, or `wrong-kind` where the strategy or a value does not suit the column */
export function fitImpute(step: ImputeStep, frame: Frame): FittedImpute {
  const column = columnOf(frame, step.column);
  switch (step.strategy) {
    case 'constant':
      return { step: 'impute', column: step.column, value: suited(step.value, column) };
    case 'lookup': {
      const by = columnOf(frame, step.by);
      const values = Object.entries(step.values).map(([from, to]): [string, Value] => [suitedKey(from, by), suited(to, column)]);
      return { step: 'impute', column: step.column, value: null, by: { column: step.by, values } };
    }
    case 'mean':
    case 'median':
    case 'mode':
      return fitStatistic(step, frame);
  }
}

function fitStatistic({ column, strategy, by }: ImputeStatisticStep, frame: Frame): FittedImpute {
  const valueAt = presentValues(frame, column, strategy);
  const grouping = by === undefined ? undefined : distinctOf(columnOf(frame, by));
  const all: Value[] = [];
  const groups = (grouping?.levels ?? []).map((level): Group => ({ level, members: [] }));
  for (let row = 0; row < frame.rowCount; row++) {
    const value = valueAt(row);
    if (value === undefined) continue;
    all.push(value);
    groups[grouping?.codes[row] ?? -1]?.members.push(value);
  }
  const statistic = STATISTICS[strategy];
  const fitted = { step: 'impute', column, value: statistic(all) } as const;
  if (by === undefined) return fitted;
  const values = groups.sort((a, b) => (a.level < b.level ? -1 : 1)).flatMap(({ level, members }): [string, Value][] => {
    const value = statistic(members);
    return value === null ? [] : [[level, value]];
  });
  return { ...fitted, by: { column: by, values } };
}

/** Policy: a group that is missing, unseen or had no value in the training rows gets the value of all rows, if there is one. */
export function applyImpute(fitted: FittedImpute, frame: Frame): Frame {
  const column = columnOf(frame, fitted.column);
  const fill = filler(fitted, frame);
  if (isNumericColumn(column)) {
    return replaceNumbers(frame, column, column.values.map((value, row) => (Number.isNaN(value) ? Number(fill(row) ?? Number.NaN) : value)));
  }
  return replaceColumn(frame, column.name, [rewriteWords(column, (level) => level, (row) => fill(row)?.toString())]);
}

function filler({ by, value }: FittedImpute, frame: Frame): (row: number) => Value | undefined {
  const otherwise = value ?? undefined;
  if (by === undefined) return () => otherwise;
  const { codes, levels } = distinctOf(columnOf(frame, by.column));
  const ofGroup = new Map(by.values);
  const ofCode = levels.map((level) => ofGroup.get(level));
  return (row) => ofCode[codes[row] ?? -1] ?? otherwise;
}

function presentValues(frame: Frame, name: string, strategy: ImputeStatisticStep['strategy']): (row: number) => Value | undefined {
  const column = strategy === 'mode' ? columnOf(frame, name) : numericColumnOf(frame, name, `strategy ${JSON.stringify(strategy)}`);
  if (!isNumericColumn(column)) return (row) => column.levels[column.codes[row] ?? -1];
  return (row) => {
    const value = column.values[row] ?? Number.NaN;
    return Number.isNaN(value) ? undefined : value + 0;
  };
}

/** `null` where there is no value. */
const STATISTICS: Record<ImputeStatisticStep['strategy'], (values: readonly Value[]) => Value | null> = {
  mean: (values) => finite(mean(values.filter((value) => typeof value === 'number'))),
  median: (values) => finite(median(values.filter((value) => typeof value === 'number'))),
  mode: (values) => mode(values) ?? null,
};

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
