import type { TopLevelSpec } from 'vega-lite';
import { countGrid, extremes } from './bins.ts';
import type { Cell } from './bins.ts';
import { ACCENT, CHART_WIDTH, REFERENCE, drawChart, shorten } from './chart.ts';
import type { Markup } from './html.ts';
import { formatCount } from './format.ts';
import type { RegressionEvaluation } from './report-input.ts';

/** Above this many rows points hide each other: their numbers in the cells of a grid are drawn instead. */
export const MOST_POINTS = 2_000;
const GRID = 50;

/** A point a row, or shaded cells for many rows, beside the line on which a perfect model's would lie. */
export async function drawPredictedAgainstActual({ actual, predicted }: RegressionEvaluation, target: string): Promise<Markup> {
  const cells = actual.length > MOST_POINTS ? countGrid(actual, predicted, GRID) : undefined;
  const domain = cells === undefined ? domainOf(actual, predicted) : domainOf(edgesOf(cells));
  const scale = { domain, nice: false, zero: false };
  const spec: TopLevelSpec = {
    width: CHART_WIDTH,
    height: CHART_WIDTH,
    encoding: {
      x: { type: 'quantitative', title: `Actual ${shorten(target)}`, scale, axis: { tickCount: 5 } },
      y: { type: 'quantitative', title: `Predicted ${shorten(target)}`, scale, axis: { tickCount: 5 } },
    },
    layer: [
      cells === undefined ? pointLayer(actual, predicted) : cellLayer(cells),
      {
        data: { values: domain.map((value) => ({ x: value, y: value })) },
        mark: { type: 'line', color: REFERENCE, strokeDash: [5, 4], strokeWidth: 1.5 },
        encoding: { x: { field: 'x' }, y: { field: 'y' } },
      },
    ],
  };
  return drawChart(spec, `Predicted against actual ${target} for ${formatCount(actual.length)} rows`);
}

type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

function pointLayer(actual: Float64Array, predicted: Float64Array): Layer {
  return {
    data: { values: Array.from(actual, (x, row) => ({ x, y: predicted[row] ?? 0 })) },
    mark: { type: 'circle', color: ACCENT, size: 18, opacity: 0.5 },
    encoding: { x: { field: 'x' }, y: { field: 'y' } },
  };
}

/** The square root keeps cells of a single row visible beside the fullest. */
function cellLayer(cells: readonly Cell[]): Layer {
  return {
    data: { values: [...cells] },
    mark: { type: 'rect', color: ACCENT },
    encoding: {
      x: { field: 'x' }, x2: { field: 'x2' }, y: { field: 'y' }, y2: { field: 'y2' },
      opacity: { field: 'count', type: 'quantitative', scale: { type: 'sqrt', range: [0.25, 1], zero: false }, legend: null },
    },
  };
}

/** One range for both axes, so that the line of perfect predictions is the diagonal. */
function domainOf(...values: readonly Float64Array[]): [number, number] {
  const [least, most] = extremes(Float64Array.from(values.flatMap(extremes)));
  const pad = (most - least || Math.abs(most) || 1) * 0.02;
  return [least - pad, most + pad];
}

function edgesOf(cells: readonly Cell[]): Float64Array {
  return Float64Array.from(cells.flatMap(({ x, x2, y, y2 }) => [x, x2, y, y2]));
}
