import type { TopLevelSpec } from 'vega-lite';
import { ACCENT, drawChart, shorten } from './chart.ts';
import { formatShare } from './format.ts';
import type { Markup } from './html.ts';
import type { Importance } from './report-input.ts';

/** Features drawn by name; the others share one bar. */
const MOST_BARS = 20;
/** With the bars' width this is about as wide as the other plots: without a font, Vega takes letters for wide ones. */
const MOST_CHARACTERS = 22;
const BAR_WIDTH = 230;
const TEXT = { type: 'text', fontSize: 12, color: 'currentColor' } as const;

/** Bars in descending order, each with its share; equal shares by name, so that the order is always the same. */
export async function drawImportances(importances: readonly Importance[]): Promise<Markup> {
  const bars = barsOf(importances);
  const spec: TopLevelSpec = {
    width: BAR_WIDTH,
    height: { step: 26 },
    data: { values: bars },
    encoding: {
      // The rank is the position, because two features may have the same name.
      y: { field: 'rank', type: 'ordinal', axis: null },
      x: { field: 'share', type: 'quantitative', axis: null, scale: { domain: [0, Math.max(...bars.map(({ share }) => share)) * 1.15 || 1], nice: false } },
    },
    layer: [
      { mark: { type: 'bar', color: ACCENT, opacity: 0.85, height: { band: 0.7 } } },
      { mark: { ...TEXT, align: 'left', dx: 5 }, encoding: { text: { field: 'text' } } },
      { mark: { ...TEXT, align: 'right', dx: -8 }, encoding: { x: { value: 0 }, text: { field: 'name' } } },
    ],
  };
  return drawChart(spec, `Importance of ${importances.length} features; the first is ${bars[0]?.name ?? 'none'}`);
}

interface Bar {
  readonly rank: number;
  readonly name: string;
  readonly share: number;
  readonly text: string;
}

function barsOf(importances: readonly Importance[]): Bar[] {
  const sorted = importances.toSorted((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
  const shown = sorted.length > MOST_BARS + 1 ? sorted.slice(0, MOST_BARS) : sorted;
  const rest = sorted.slice(shown.length);
  const others = { name: `${rest.length} other features`, share: rest.reduce((sum, { share }) => sum + share, 0) };
  return (rest.length === 0 ? shown : [...shown, others]).map(({ name, share }, rank) => ({ rank, name: shorten(name, MOST_CHARACTERS), share, text: formatShare(share) }));
}
