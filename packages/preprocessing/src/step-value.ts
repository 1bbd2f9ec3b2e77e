import { isNumberKind } from '@dropforest/tabular';
import type { Column, ColumnKind } from '@dropforest/tabular';
import { PreprocessingError } from './errors.ts';
import type { StepValue } from './schema.ts';

const DAY = 86_400_000;
const ISO_DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z?)?$/;
const SPELLING: Partial<Record<ColumnKind, string>> = { boolean: 'true or false', date: 'a date such as 2026-11-30' };

/**
 * A value of the recipe in the form in which the column has its own: a number or a word.
 * @throws PreprocessingError `wrong-kind`
 */
export function suited(value: StepValue, { kind, name }: Column): string | number {
  if (!isNumberKind(kind)) return String(value).trim();
  const number = numberOf(value, kind);
  if (number !== undefined) return number + 0;
  throw new PreprocessingError('wrong-kind', `column ${JSON.stringify(name)} has ${kind === 'numeric' ? 'numbers' : `${kind}s`}: ${JSON.stringify(value)} must be ${SPELLING[kind] ?? 'a number'} too`);
}

/** The same as text, as `distinctOf` writes the column's values. */
export function suitedKey(value: StepValue, column: Column): string {
  return String(suited(value, column));
}

function numberOf(value: StepValue, kind: ColumnKind): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  const text = value.trim();
  if (kind === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true' ? 1 : 0;
  if (kind === 'date' && ISO_DATE.test(text)) return daysOf(text);
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : undefined;
}

/** Days since 1970-01-01; a time of day is UTC. */
function daysOf(text: string): number | undefined {
  const milliseconds = Date.parse(text.includes('T') && !text.endsWith('Z') ? `${text}Z` : text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / DAY;
}
