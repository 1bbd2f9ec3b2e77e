/** The gate: may this model predict? Its answer comes with the figures it was made of. */
import { judgedBy, type DatasetConfig, type ModelMetrics } from '@dropforest/contracts';

export interface Verdict {
  readonly passed: boolean;
  /** In plain words, without a full stop. */
  readonly explanation: string;
}

const FIGURE = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 5 });
const COUNT = new Intl.NumberFormat('en-US');
const PERCENT = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });

export function passGate(metrics: ModelMetrics, gate: DatasetConfig['gate']): Verdict {
  const judged = judgedBy(metrics);
  if (judged === undefined) return { passed: false, explanation: 'there are no figures to judge the model by: too few rows' };
  const { figure, value, baseline, naive, source, rows } = judged;
  const improvement = baseline === 0 ? 0 : 1 - value / baseline;
  const where = source === 'holdout' ? 'held-out rows' : 'out-of-bag rows';
  const figures = `${figure} ${FIGURE.format(value)} on ${COUNT.format(rows)} ${where}, ${naive} ${FIGURE.format(baseline)}: ${comparison(improvement)}`;
  const objection = objectionTo(metrics, improvement, gate);
  return { passed: objection === undefined, explanation: objection === undefined ? figures : `${figures}, ${objection}` };
}

function objectionTo(metrics: ModelMetrics, improvement: number, { maximumRmse, minimumAccuracy, minimumImprovement }: DatasetConfig['gate']): string | undefined {
  if (!(improvement > 0)) return 'not better than the baseline';
  if (improvement < minimumImprovement) return `less than the ${PERCENT.format(minimumImprovement)} that the gate asks for`;
  if (metrics.task === 'regression') {
    const rmse = (metrics.holdout ?? metrics.outOfBag)?.rmse ?? Infinity;
    if (maximumRmse !== undefined && rmse > maximumRmse) return `above the ${FIGURE.format(maximumRmse)} that the gate allows`;
  } else {
    const accuracy = (metrics.holdout ?? metrics.outOfBag)?.accuracy ?? 0;
    if (minimumAccuracy !== undefined && accuracy < minimumAccuracy) return `accuracy ${PERCENT.format(accuracy)}, below the ${PERCENT.format(minimumAccuracy)} that the gate asks for`;
  }
  return undefined;
}

function comparison(improvement: number): string {
  return improvement >= 0 ? `${PERCENT.format(improvement)} lower` : `${PERCENT.format(-improvement)} higher`;
}
