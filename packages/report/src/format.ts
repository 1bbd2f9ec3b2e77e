/** Numbers and times in words that an analyst reads. English, so that the same input gives the same bytes everywhere. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const large = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
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
