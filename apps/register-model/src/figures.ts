/** Figures as people read them. */

const FIGURE = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 5 });
const COUNT = new Intl.NumberFormat('en-US');
const PERCENT = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });
/** More say nothing: a double has 15 to 17 digits. */
const MOST_DECIMALS = 15;

/** `1,081.2` */
export const figureText = (value: number) => FIGURE.format(value);
/** `7,670` */
export const countText = (value: number) => COUNT.format(value);
/** `36.5%` of 0.3652 */
export const percentText = (share: number) => PERCENT.format(share);

/**
 * How many decimals a difference, what it may be off by and the figures themselves are written with: `1,081`, `1,095`
 * and `14 ± 6`. The uncertainty gets one digit (two where the first is a 1), the figures at least two; all get more where
 * the rounded difference would be the larger one and the exact one is not, or the other way round.
 * @param difference 0 or more
 * @param uncertainty 0 or more
 * @param figure one of those that differ
 */
export function decimalsFor(difference: number, uncertainty: number, figure: number): number {
  const doubtful = uncertainty > 0 ? uncertainty : difference;
  const needed = Math.max(decimalsOf(doubtful, doubtful.toExponential(1).startsWith('1') ? 2 : 1), decimalsOf(figure, 2));
  let decimals = Math.min(MOST_DECIMALS, needed);
  while (decimals < MOST_DECIMALS && round(difference, decimals) > round(uncertainty, decimals) !== difference > uncertainty) decimals++;
  return decimals;
}

/** `1,081.20` */
export function decimalText(value: number, decimals: number): string {
  return new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(round(value, decimals));
}

/** Decimals that show so many digits of a value. */
function decimalsOf(value: number, digits: number): number {
  if (value === 0) return 0;
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]);
  return Math.max(0, digits - 1 - exponent);
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
