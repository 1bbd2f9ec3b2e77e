import type { TopLevelSpec } from 'vega-lite';
import { ACCENT, CHART_WIDTH, PERCENT_AXIS, REFERENCE, drawChart, shorten } from './chart.ts';
import { likeliest } from './confusion.ts';
import { formatCount } from './format.ts';
import type { Markup } from './html.ts';
import type { ClassificationEvaluation } from './report-input.ts';

const BINS = 10;

/** Rows whose predicted probabilities lie close together. */
export interface ReliabilityBin {
  /** Mean of their predicted probabilities. */
  readonly predicted: number;
  /** Share of them in which it came true. */
  readonly observed: number;
  readonly rows: number;
}

/**
 * Rows in ten bins of equal width by predicted probability; empty bins are left out. Of two classes the probability of
 * the second is taken, of more that of the predicted class.
 */
export function reliabilityBins(evaluation: ClassificationEvaluation): ReliabilityBin[] {
  const sums = Array.from({ length: BINS }, () => ({ predicted: 0, observed: 0, rows: 0 }));
  claimsOf(evaluation).forEach(({ probability, cameTrue }) => {
    const bin = sums[Math.min(BINS - 1, Math.floor(probability * BINS))];
    if (bin === undefined) return;
    bin.predicted += probability;
    bin.observed += cameTrue ? 1 : 0;
    bin.rows += 1;
  });
  return sums.filter(({ rows }) => rows > 0).map(({ predicted, observed, rows }) => ({ predicted: predicted / rows, observed: observed / rows, rows }));
}

/** How often what was given a probability came true. */
export async function drawReliability(evaluation: ClassificationEvaluation): Promise<Markup> {
  const { classes, actual } = evaluation;
  const claim = classes.length === 2 ? shorten(classes[1] ?? '') : 'the predicted class';
  const spec: TopLevelSpec = {
    width: CHART_WIDTH,
    height: CHART_WIDTH,
    layer: [
      { data: { values: [{ x: 0, y: 0 }, { x: 1, y: 1 }] }, mark: { type: 'line', color: REFERENCE, strokeDash: [5, 4], strokeWidth: 1.5 } },
      { data: { values: points(evaluation) }, mark: { type: 'line', color: ACCENT, strokeWidth: 1.5 } },
      {
        data: { values: points(evaluation) },
        mark: { type: 'circle', color: ACCENT, opacity: 0.85 },
        encoding: { size: { field: 'rows', type: 'quantitative', scale: { type: 'linear', range: [30, 500], zero: true }, legend: null } },
      },
    ],
    encoding: {
      x: { field: 'x', type: 'quantitative', title: `Predicted probability of ${claim}`, scale: { domain: [0, 1] }, axis: PERCENT_AXIS },
      y: { field: 'y', type: 'quantitative', title: 'Share that came true', scale: { domain: [0, 1] }, axis: PERCENT_AXIS },
    },
  };
  return drawChart(spec, `Reliability of the probabilities of ${formatCount(actual.length)} rows`);
}

function points(evaluation: ClassificationEvaluation): { x: number; y: number; rows: number }[] {
  return reliabilityBins(evaluation).map(({ predicted, observed, rows }) => ({ x: predicted, y: observed, rows }));
}

function claimsOf({ actual, probabilities, classes }: ClassificationEvaluation): { probability: number; cameTrue: boolean }[] {
  return Array.from(actual, (code, row) => {
    const start = row * classes.length;
    const claimed = classes.length === 2 ? 1 : likeliest(probabilities, start, classes.length);
    return { probability: probabilities[start + claimed] ?? 0, cameTrue: code === claimed };
  });
}
