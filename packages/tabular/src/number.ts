/** What counts as a number: digits with a decimal point and an exponent. No hexadecimal, no `Infinity`, no separators. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const POINT = 46;
/** Up to here both the digits and the power of ten are exact in a double, so their quotient is correctly rounded (Clinger 1990). */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/**
 * The plain number that stands between two offsets, without making a string of it; `NaN` for anything else. Both passes
 * over a file spend much of their time here.
 * @param decimal character code of the decimal mark
 */
export function parsePlainNumber(text: string, start: number, end: number, decimal: number): number {
  let at = start;
  const sign = text.charCodeAt(at);
  if (sign === 45 || sign === 43) at++;
  let digits = 0;
  let fraction = -1;
  let mantissa = 0;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      mantissa = 10 * mantissa + (code - 48);
      digits++;
      if (fraction >= 0) fraction++;
    } else if (code === decimal && fraction < 0) {
      fraction = 0;
    } else {
      break;
    }
  }
  if (digits === 0) return Number.NaN;
  if (at < end || digits > EXACT_DIGITS) return parseSlowly(text.slice(start, end), decimal);
  const value = fraction > 0 ? mantissa / (POWERS_OF_TEN[fraction] ?? 1) : mantissa;
  return sign === 45 ? -value : value;
}

/** Exponents and long numbers. */
function parseSlowly(text: string, decimal: number): number {
  if (decimal !== POINT && text.includes('.')) return Number.NaN;
  const plain = decimal === POINT ? text : text.replace(String.fromCharCode(decimal), '.');
  const value = NUMBER.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}
