/** How a column writes its numbers: decimal mark, thousands, currency, percent, parentheses around negative ones. */
import { parsePlainNumber } from './number.ts';
import type { Grouping } from './table.ts';

export interface NumberFormat {
  readonly decimal: '.' | ',';
  readonly grouping?: Grouping;
}

/** Every way that is told apart, plain ones first: of those that read a whole column the first is taken. */
export const NUMBER_FORMATS: readonly NumberFormat[] = [
  { decimal: '.' },
  { decimal: ',' },
  { decimal: '.', grouping: ',' },
  { decimal: ',', grouping: '.' },
  { decimal: '.', grouping: ' ' },
  { decimal: ',', grouping: ' ' },
  { decimal: '.', grouping: "'" },
  { decimal: ',', grouping: "'" },
];

/** A set of formats is a number with a bit for each. */
export const ALL_FORMATS = (1 << NUMBER_FORMATS.length) - 1;
/** The formats that read a number with a decimal point, and the ones that read it with a decimal comma. */
export const POINT_FORMATS = maskOf(({ decimal }) => decimal === '.');
export const COMMA_FORMATS = maskOf(({ decimal }) => decimal === ',');

/** Longer texts are no numbers, and costly to match. */
const LONGEST_NUMBER = 60;
const CURRENCIES = '$€£¥';
const DECORATED = /^(?<open>\()?(?<sign>[+\-−])?\s?(?<before>[$€£¥])?\s?(?<innerSign>[+\-−])?(?<body>[\d.,'’\s]*\d[\d.,'’\s]*?(?:[eE][+-]?\d+)?)\s?(?<after>[$€£¥%])?(?<close>\))?$/u;
/** A run of digits between single marks of one kind: three digits behind each. No other kind of space is met inside a number. */
const GROUPED: Readonly<Record<Grouping, RegExp>> = {
  ' ': /^[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f]\d{3})+$/,
  ',': /^[1-9]\d{0,2}(?:,\d{3})+$/,
  '.': /^[1-9]\d{0,2}(?:\.\d{3})+$/,
  "'": /^[1-9]\d{0,2}(?:['’]\d{3})+$/,
};

/** A number without what stands around it. */
export interface NumberParts {
  readonly negative: boolean;
  readonly body: string;
  readonly currency?: string;
  readonly percent: boolean;
}

/** Takes a cell's text apart; `undefined` where it cannot be a number in any format. */
export function takeApart(text: string): NumberParts | undefined {
  const groups = text.length > LONGEST_NUMBER ? undefined : DECORATED.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { open, close, sign, innerSign, before, after, body = '' } = groups;
  const inParentheses = open !== undefined;
  if (inParentheses !== (close !== undefined) || (sign !== undefined && innerSign !== undefined) || (inParentheses && (sign ?? innerSign) !== undefined)) return undefined;
  if (before !== undefined && after !== undefined) return undefined;
  const mark = before ?? after;
  const negative = inParentheses || (sign ?? innerSign ?? '+') !== '+';
  return { negative, body, percent: mark === '%', ...(mark !== undefined && CURRENCIES.includes(mark) ? { currency: mark } : {}) };
}

/** The number that a body without sign and currency is in a format; `NaN` where the format does not read it. */
export function readBody(body: string, { decimal, grouping }: NumberFormat): number {
  const plain = parsePlainNumber(body, 0, body.length, decimal.charCodeAt(0));
  if (!Number.isNaN(plain) || grouping === undefined) return plain;
  const mark = body.indexOf(decimal);
  const whole = mark === -1 ? body : body.slice(0, mark);
  const fraction = mark === -1 ? '' : body.slice(mark + 1);
  if (!GROUPED[grouping].test(whole) || !/^\d*$/.test(fraction)) return Number.NaN;
  return Number(`${whole.replace(/\D/g, '')}.${fraction}`);
}

/** The formats among `candidates` that read a body. */
export function formatsOf(body: string, candidates: number): number {
  let mask = 0;
  for (const [index, format] of NUMBER_FORMATS.entries()) {
    if ((candidates & (1 << index)) !== 0 && !Number.isNaN(readBody(body, format))) mask |= 1 << index;
  }
  return mask;
}

function maskOf(belongs: (format: NumberFormat) => boolean): number {
  return NUMBER_FORMATS.reduce((mask, format, index) => (belongs(format) ? mask | (1 << index) : mask), 0);
}
