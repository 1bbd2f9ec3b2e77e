/**
 * The bootstrap (Efron, 1979): how much a figure would vary if other rows had been drawn. Rows are drawn with
 * replacement, as many as there are, and the figure is computed again, many times over.
 */
import { RandomStream } from './random.ts';

/** From where to where a figure lies in 95 % of the resamples. */
export type Interval = [lower: number, upper: number];

export interface BootstrapOptions {
  /** The same seed and rows give the same intervals. 0 by default. */
  readonly seed?: number;
  /** 1,000 by default; fewer for large data, see `resamplesFor`. */
  readonly resamples?: number;
}

/** With fewer rows a resample is too often the same few rows: the interval would be far too narrow. */
export const MIN_BOOTSTRAP_ROWS = 10;

const RESAMPLES = 1000;
/** Fewer than this and the outermost 2.5 % are a matter of luck. */
const MIN_RESAMPLES = 100;
/** Row visits that are worth their time, about a second's: 1,000 resamples of 50,000 rows. */
const WORK = 5e7;
const TAIL = 0.025;
/** Share of intervals that hold the true figure. */
export const LEVEL = 1 - 2 * TAIL;

/**
 * How many resamples are drawn: 1,000 until resamples × visits would exceed 50 million, then fewer, at least 100. Large
 * data has narrow intervals, which need not be known as exactly.
 * @param visits rows × how often a resample looks at each
 */
export function resamplesFor(visits: number): number {
  return Math.min(RESAMPLES, Math.max(MIN_RESAMPLES, Math.floor(WORK / visits)));
}

/**
 * Draws resamples and hands on how often each row is in one.
 * @param measure called once a resample; `counts` is reused and adds up to `rows`
 */
export function resample(rows: number, resamples: number, seed: number, measure: (counts: Uint32Array, index: number) => void): void {
  const random = new RandomStream(seed);
  const counts = new Uint32Array(rows);
  for (let index = 0; index < resamples; index++) {
    counts.fill(0);
    for (let draw = 0; draw < rows; draw++) {
      const row = random.below(rows);
      counts[row] = (counts[row] ?? 0) + 1;
    }
    measure(counts, index);
  }
}

/** The percentile interval: from the 2.5th to the 97.5th percentile, linear between neighbours as NumPy's default. */
export function percentileInterval(figures: Float64Array): Interval {
  const sorted = figures.toSorted();
  return [percentile(sorted, TAIL), percentile(sorted, 1 - TAIL)];
}

function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
