/** Draws a Vega-Lite specification as an SVG string, without a browser and without a font file. */
import { None, View, logger, parse } from 'vega';
import { compile } from 'vega-lite';
import type { TopLevelSpec } from 'vega-lite';
import { escapeHtml, readable, trusted } from './html.ts';
import type { Markup } from './html.ts';

/** The one colour of all marks: readable on white, on near-black and in print. */
export const ACCENT = '#3a9a86';
/** Reference lines. */
export const REFERENCE = '#d0622f';

/** Width of a plot's frame, in pixels: two beside each other on a wide screen, one on a phone without tiny text. */
export const CHART_WIDTH = 380;

/** An axis of shares, labelled as in the text: `20 %`. */
export const PERCENT_AXIS = { tickCount: 5, labelExpr: "round(100 * datum.value) + ' %'" } as const;

const TEXT = 'currentColor';

/** Text takes the colour of the page around it, so that the drawing suits light and dark. */
const CONFIG: NonNullable<TopLevelSpec['config']> = {
  aria: false,
  background: 'transparent',
  font: 'system-ui, sans-serif',
  view: { stroke: 'transparent' },
  axis: {
    labelColor: TEXT, titleColor: TEXT, domainColor: TEXT, tickColor: TEXT, gridColor: TEXT,
    gridOpacity: 0.12, domainOpacity: 0.4, tickOpacity: 0.4, labelFontSize: 12, titleFontSize: 13, titleFontWeight: 'normal', titlePadding: 8,
  },
};

/**
 * Draws the chart.
 * @param label what a person who cannot see it is told
 */
export async function drawChart(spec: TopLevelSpec, label: string): Promise<Markup> {
  const { spec: vegaSpec } = compile({ ...spec, config: CONFIG }, { logger: logger(None) });
  const view = new View(parse(vegaSpec), { renderer: 'none', logLevel: None });
  try {
    const svg = await view.toSVG();
    return trusted(svg.replace('<svg ', `<svg role="img" aria-label="${escapeHtml(label)}" `));
  } finally {
    view.finalize();
  }
}

/** A column's name where there is room for `most` characters. */
export function shorten(name: string, most = 32): string {
  const characters = [...readable(name)];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : characters.join('');
}
