/** Steps that change each number of a column by itself. Policy of all: a missing value stays missing. */
import type { FittedClip, FittedLog, FittedScale } from '../fitted.ts';
import { numericColumnOf, replaceNumbers } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { ClipStep } from '../schema.ts';
import { deviation, mean, present, quantile } from '../statistics.ts';

/** Where the training rows have no deviation, or one beyond the largest number, values are moved and not stretched. */
export function fitScale(frame: Frame, name: string): FittedScale {
  const values = present(numericColumnOf(frame, name, 'step "scale"').values);
  const center = values.length === 0 ? 0 : mean(values);
  const spread = values.length === 0 ? 0 : deviation(values, center);
  return { step: 'scale', column: name, mean: center, deviation: Number.isFinite(spread) && spread > 0 ? spread : 1 };
}

export function applyScale({ column: name, mean: center, deviation: spread }: FittedScale, frame: Frame): Frame {
  return change(frame, name, (value) => (value - center) / spread);
}

export function fitClip({ min, max, quantiles }: ClipStep, frame: Frame, name: string): FittedClip {
  const { values } = numericColumnOf(frame, name, 'step "clip"');
  if (quantiles === undefined) return { step: 'clip', column: name, min: min === undefined ? null : min + 0, max: max === undefined ? null : max + 0 };
  const sorted = present(values).sort();
  const limit = (share: number): number | null => (sorted.length === 0 ? null : quantile(sorted, share));
  return { step: 'clip', column: name, min: limit(quantiles[0]), max: limit(quantiles[1]) };
}

export function applyClip({ column: name, min, max }: FittedClip, frame: Frame): Frame {
  const low = min ?? -Infinity;
  const high = max ?? Infinity;
  return change(frame, name, (value) => (value < low ? low : value > high ? high : value));
}

export function fitLog(frame: Frame, name: string): FittedLog {
  numericColumnOf(frame, name, 'step "log"');
  return { step: 'log', column: name };
}

/** ln(1 + x), mirrored at 0: −ln(1 − x) for negative numbers. */
export function applyLog({ column: name }: FittedLog, frame: Frame): Frame {
  return change(frame, name, (value) => (value < 0 ? -Math.log1p(-value) : Math.log1p(value)));
}

/** What comes out is a number, whatever it was: a scaled date is no date any more. */
function change(frame: Frame, name: string, to: (value: number) => number): Frame {
  const column = numericColumnOf(frame, name, 'this step');
  return replaceNumbers(frame, column, column.values.map(to), 'numeric');
}
