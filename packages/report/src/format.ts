/** Numbers and times in words that an analyst reads. English, so that the same input gives the same bytes everywhere. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const large = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const tenths = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const coarse = new Intl.NumberFormat('en-US', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const exactTenths = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const small = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

/** `8,523` */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** A measured figure: `1,123.4`, `0.5713`, `3.2e-9`. */
export function formatFigure(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e12 || (size > 0 && size < 1e-4)) return value.toExponential(3);
  return size >= 1000 ? large.format(value) : small.format(value);
}

/** `34 %`, with a digit more where it would be 0. */
export function formatShare(share: number): string {
  const percent = share * 100;
  const isSmall = percent !== 0 && Math.abs(percent) < 1;
  return `${percent.toFixed(isSmall ? 1 : 0)} %`;
}

/** A share as a measured figure: `84.2 %`. */
export function formatPercent(share: number): string {
  return `${percentOf(share)} %`;
}

/** From where to where a share may lie: `81.7–86.5 %`. */
export function formatPercents([low, high]: readonly [number, number]): string {
  return `${exactTenths.format(low * 100)}–${exactTenths.format(high * 100)} %`;
}

/** How far a share lies from another: `12.3 points higher`. */
export function formatPoints(difference: number): string {
  const points = percentOf(Math.abs(difference));
  if (points === '0') return 'the same';
  return `${points} points ${difference < 0 ? 'lower' : 'higher'}`;
}

function percentOf(share: number): string {
  return tenths.format(share * 100);
}

/** From where to where a figure may lie, more coarsely than the figure: `1,060–1,199`, `0.530–0.609`, `-0.100 to 0.200`. */
export function formatInterval([low, high]: readonly [number, number]): string {
  return `${formatCoarsely(low)}${low < 0 ? ' to ' : '–'}${formatCoarsely(high)}`;
}

/** In three digits or whole: `14.1`, `1,060`. */
export function formatCoarsely(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e12 || (size > 0 && size < 1e-4)) return value.toExponential(2);
  return size >= 100 ? whole.format(value) : size === 0 ? '0' : coarse.format(value);
}

/** A day: `2026-11-22`, for days since 1970-01-01; the number itself where no calendar reaches. */
export function formatDay(days: number): string {
  const time = new Date(days * 86_400_000);
  return Number.isNaN(time.getTime()) ? formatFigure(days) : time.toISOString().slice(0, time.toISOString().indexOf('T'));
}

/** `853 rows`, `1 row` */
export function formatRows(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'row' : 'rows'}`;
}

/** `2026-11-22 16:39 UTC` */
export function formatTime(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** How far an error lies from the baseline's: `34 % lower`. */
export function formatChange(value: number, baseline: number): string {
  if (baseline === 0) return value === 0 ? 'the same' : 'higher';
  const change = (value - baseline) / baseline;
  if (Math.abs(change) < 0.0005) return 'the same';
  return `${formatShare(Math.abs(change))} ${change < 0 ? 'lower' : 'higher'}`;
}

/** A setting's value: text as it is, everything else as JSON. */
export function formatSetting(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? 'not set';
}
