import type { TopLevelSpec } from 'vega-lite';
import { ACCENT, CHART_WIDTH, PERCENT_AXIS, REFERENCE, drawChart, shorten } from './chart.ts';
import { formatCount } from './format.ts';
import type { Markup } from './html.ts';
import type { ClassificationEvaluation } from './report-input.ts';

/** More points than a curve of this size can show. */
const MOST_POINTS = 400;

/** What a threshold does: rows of the class found and other rows taken for it, each as a share of all there are. */
export interface RocPoint {
  readonly found: number;
  readonly falseAlarms: number;
}

/**
 * The ROC curve of the second of two classes, from (0, 0) to (1, 1): a point for each different probability, those of
 * equal probability together. Both classes must have rows.
 */
export function rocPoints({ actual, probabilities }: ClassificationEvaluation): RocPoint[] {
  const scoreOf = (row: number): number => probabilities[2 * row + 1] ?? 0;
  const rows = [...actual.keys()].sort((a, b) => scoreOf(b) - scoreOf(a));
  const positives = rows.filter((row) => actual[row] === 1).length;
  const negatives = rows.length - positives;
  const points: RocPoint[] = [{ found: 0, falseAlarms: 0 }];
  let found = 0;
  rows.forEach((row, place) => {
    found += actual[row] ?? 0;
    const next = rows[place + 1];
    if (next === undefined || scoreOf(next) !== scoreOf(row)) points.push({ found: found / positives, falseAlarms: (place + 1 - found) / negatives });
  });
  return points;
}

/** What it costs to find a class. */
export async function drawRoc(evaluation: ClassificationEvaluation): Promise<Markup> {
  const name = shorten(evaluation.classes[1] ?? '');
  const spec: TopLevelSpec = {
    width: CHART_WIDTH,
    height: CHART_WIDTH,
    layer: [
      { data: { values: [{ falseAlarms: 0, found: 0 }, { falseAlarms: 1, found: 1 }] }, mark: { type: 'line', color: REFERENCE, strokeDash: [5, 4], strokeWidth: 1.5 } },
      { data: { values: thin(rocPoints(evaluation)) }, mark: { type: 'line', color: ACCENT, strokeWidth: 2, order: false } },
    ],
    encoding: {
      x: { field: 'falseAlarms', type: 'quantitative', title: 'False alarms among the other rows', scale: { domain: [0, 1] }, axis: PERCENT_AXIS },
      y: { field: 'found', type: 'quantitative', title: `Found of ${name}`, scale: { domain: [0, 1] }, axis: PERCENT_AXIS },
    },
  };
  return drawChart(spec, `ROC curve of ${name} over ${formatCount(evaluation.actual.length)} rows`);
}

/** Evenly picked points, both ends among them. */
function thin(points: readonly RocPoint[]): RocPoint[] {
  if (points.length <= MOST_POINTS) return [...points];
  const step = (points.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, index) => points[Math.round(index * step)] ?? { found: 1, falseAlarms: 1 });
}
