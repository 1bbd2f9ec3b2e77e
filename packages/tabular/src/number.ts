/** What counts as a number: digits with a decimal point and an exponent. No hexadecimal, no `Infinity`, no separators. */
export const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Marks that stand for a missing value where the rest of the column is numeric; blank is one in every column. */
const MISSING_MARKS: ReadonlySet<string> = new Set(['', 'na', 'n/a', 'null', 'nan', '?', '-']);

/** A number; `NaN` for a missing-value mark; `undefined` for anything else. The text has no white space around it. */
export function parseNumber(text: string): number | undefined {
  if (NUMBER.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  return MISSING_MARKS.has(text.toLowerCase()) ? Number.NaN : undefined;
}
