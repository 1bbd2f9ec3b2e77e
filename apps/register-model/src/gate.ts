/**
 * The gate: may this model predict? Its answers come with the figures that they were made of, in words for the person
 * who trained the model.
 */
import { judgedBy, type Comparison, type DatasetConfig, type Judgement, type ModelMetrics } from '@dropforest/contracts';
import { countText, decimalsFor, decimalText, figureText, percentText } from './figures.ts';

export interface Verdict {
  readonly passed: boolean;
  /** In plain words, without a full stop. */
  readonly explanation: string;
}

type Gate = DatasetConfig['gate'];
/** A comparison that has figures. */
export type ComparedFigures = Extract<Comparison, { readonly comparable: true }>;

/** Is the model better than a naive prediction, and within the bounds that the data set sets? */
export function passGate(metrics: ModelMetrics, gate: Gate): Verdict {
  const judged = judgedBy(metrics);
  if (judged === undefined) return { passed: false, explanation: 'there are no figures to judge the model by: too few rows' };
  const { figure, value, baseline, naive, source, rows } = judged;
  const improvement = baseline === 0 ? 0 : 1 - value / baseline;
  const where = source === 'holdout' ? 'held-out rows' : 'out-of-bag rows';
  const figures = `${figure} ${figureText(value)} on ${countText(rows)} ${where}, ${naive} ${figureText(baseline)}: ${change(improvement)}`;
  const objection = objectionTo(metrics, judged, improvement, gate);
  return { passed: objection === undefined, explanation: objection === undefined ? figures : `${figures}, ${objection}` };
}

/**
 * Is the model better than the one that predicts, beyond what may be luck? It is where the whole interval of the
 * difference lies above `margin`, a share of the champion's figure. What stands behind the ± is how far the lower end
 * of the interval lies from the difference: it is what the gate goes by.
 * @param version of the model that predicts
 */
export function beatChampion(comparison: ComparedFigures, version: number, { margin }: Pick<Gate, 'margin'>): Verdict {
  const { figure, rows, challengerValue, championValue, difference, interval } = comparison;
  const passed = interval[0] > margin * championValue;
  const uncertainty = Math.max(0, difference - interval[0]);
  const decimals = decimalsFor(Math.abs(difference), uncertainty, championValue);
  const text = (value: number) => decimalText(value, decimals);
  const figures = `${figure} ${text(challengerValue)} against ${text(championValue)} of version ${version} on ${countText(rows)} held-out rows`;
  const remark = passed ? allowance(comparison, margin) : shortfall(comparison, margin);
  const distance = difference === 0 ? 'no difference,' : `${difference > 0 ? 'better' : 'worse'} by ${text(Math.abs(difference))}`;
  return { passed, explanation: `${figures}: ${distance} ± ${text(uncertainty)}${remark}` };
}

/** Why a model passes that may be worse: the margin lets it. */
function allowance({ interval: [lower] }: ComparedFigures, margin: number): string {
  return lower > 0 ? '' : `, within the ${percentText(-margin)} that the gate allows it to be worse`;
}

function shortfall({ difference, interval: [lower] }: ComparedFigures, margin: number): string {
  if (margin < 0) return `, and it may be worse by more than the ${percentText(-margin)} that the gate allows`;
  if (difference <= 0) return '';
  return lower > 0 ? `, but not for certain by the ${percentText(margin)} that the gate asks for` : ', which may be luck';
}

function objectionTo(metrics: ModelMetrics, { value }: Judgement, improvement: number, { maximumRmse, minimumAccuracy, minimumImprovement }: Gate): string | undefined {
  if (!(improvement > 0)) return 'not better than the baseline';
  if (improvement < minimumImprovement) return `less than the ${percentText(minimumImprovement)} that the gate asks for`;
  if (metrics.task === 'regression') return maximumRmse !== undefined && value > maximumRmse ? `above the ${figureText(maximumRmse)} that the gate allows` : undefined;
  const accuracy = (metrics.holdout ?? metrics.outOfBag)?.accuracy;
  if (minimumAccuracy === undefined || accuracy === undefined || accuracy >= minimumAccuracy) return undefined;
  return `accuracy ${percentText(accuracy)}, below the ${percentText(minimumAccuracy)} that the gate asks for`;
}

function change(improvement: number): string {
  return improvement >= 0 ? `${percentText(improvement)} lower` : `${percentText(-improvement)} higher`;
}
