import type { TopLevelSpec } from 'vega-lite';
import { histogram } from './bins.ts';
import { ACCENT, CHART_WIDTH, REFERENCE, drawChart, shorten } from './chart.ts';
import type { Markup } from './html.ts';
import { formatCount } from './format.ts';
import type { RegressionEvaluation } from './report-input.ts';

const MOST_BINS = 40;

/** How many rows were missed by how much; left of the line the prediction was too high. */
export async function drawResiduals({ actual, predicted }: RegressionEvaluation, target: string): Promise<Markup> {
  const residuals = actual.map((value, row) => value - (predicted[row] ?? 0));
  const spec: TopLevelSpec = {
    width: CHART_WIDTH,
    height: CHART_WIDTH,
    layer: [
      {
        data: { values: histogram(residuals, MOST_BINS) },
        mark: { type: 'bar', color: ACCENT, opacity: 0.85, binSpacing: 1 },
        encoding: {
          x: { field: 'start', type: 'quantitative', bin: { binned: true }, title: `Actual minus predicted ${shorten(target)}`, axis: { tickCount: 5, grid: false } },
          x2: { field: 'end' },
          y: { field: 'count', type: 'quantitative', title: 'Rows', axis: { tickCount: 5 } },
        },
      },
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: REFERENCE, strokeDash: [5, 4], strokeWidth: 1.5 },
        encoding: { x: { field: 'zero', type: 'quantitative' } },
      },
    ],
  };
  return drawChart(spec, `Histogram of actual minus predicted ${target} for ${formatCount(actual.length)} rows`);
}
