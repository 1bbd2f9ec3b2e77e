import type { NumericColumn } from '@dropforest/tabular';
import { PreprocessingError } from '../errors.ts';
import type { FittedDate } from '../fitted.ts';
import { numericColumnOf, replaceColumn, requireFree } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { DatePart } from '../schema.ts';

const DAY = 86_400_000;

/** From a date, and its own number of days since 1970-01-01, to a part's number. Everything is UTC. */
const READ = {
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  day: (date) => date.getUTCDate(),
  // Sunday is 0 in JavaScript and 7 in ISO 8601.
  weekday: (date) => date.getUTCDay() || 7,
  hour: (date) => date.getUTCHours(),
  elapsedDays: (_, days, origin) => days - origin,
} as const satisfies Record<DatePart, (date: Date, days: number, origin: number) => number>;

/**
 * Dates to numbers, one column a part, named `<column>.<part>`.
 * @throws PreprocessingError `wrong-kind` where the column has no dates, or `invalid-steps` where a new name is taken
 */
export function fitDate(frame: Frame, name: string, parts: readonly DatePart[]): FittedDate {
  const column = numericColumnOf(frame, name, 'step "date"');
  if (column.kind !== 'date') {
    throw new PreprocessingError('wrong-kind', `step "date" needs dates, but column ${JSON.stringify(name)} is ${column.kind}; declare it { "kind": "date", "dateFormat": … } under "columns"`);
  }
  const names = parts.map((part) => `${name}.${part}`);
  requireFree(frame, names, `expanding ${JSON.stringify(name)}`);
  const earliest = column.values.reduce((least, value) => (value < least ? value : least), Infinity);
  return { step: 'date', column: name, parts: [...parts], names, origin: Number.isFinite(earliest) ? earliest + 0 : 0 };
}

/** Policy: a missing date is missing in every part. Dates before the first training row's have negative `elapsedDays`. */
export function applyDate({ column: name, parts, names, origin }: FittedDate, frame: Frame): Frame {
  const { values } = numericColumnOf(frame, name, 'step "date"');
  const columns = names.map((each): NumericColumn => ({ name: each, kind: 'numeric', values: new Float64Array(frame.rowCount).fill(Number.NaN) }));
  const date = new Date(0);
  for (let row = 0; row < frame.rowCount; row++) {
    const days = values[row] ?? Number.NaN;
    if (Number.isNaN(date.setTime(Math.round(days * DAY)))) continue;
    for (const [place, part] of parts.entries()) {
      const made = columns[place];
      if (made !== undefined) made.values[row] = READ[part](date, days, origin);
    }
  }
  return replaceColumn(frame, name, columns);
}
