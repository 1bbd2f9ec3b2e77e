/** What the decision about a model leads to. Pure: the same facts give the same actions. */
import { comparisonJobBase, jobName, keys, makeEvent, promotionHappening, rejectionHappening, type Champion, type DatasetConfig, type Decision, type Lineage } from '@dropforest/contracts';
import { applyDecision, asLabel, isDecidedByPerson, startComparison, type Action, type FoundComparison, type ModelPackage, type Stored } from '@dropforest/lambda-kit';

/** How a version, the champion and the gate's word stand. */
export interface Standing {
  readonly modelPackage: ModelPackage;
  /** What the gate decided. */
  readonly decision: Stored<Decision> | undefined;
  /** The model that predicts. */
  readonly champion: Stored<Champion> | undefined;
}

/** What a comparison with the champion takes. */
export interface ComparisonFacts {
  readonly champion: Champion;
  readonly bucket: string;
  readonly image: string;
  readonly roleArn: string;
  /** What the model was trained with. */
  readonly config: DatasetConfig;
  readonly lineage: Lineage;
  /** The newest job that compares the two. */
  readonly found: FoundComparison | undefined;
}

export interface PromotionFacts extends Standing {
  /** Given where the model has to be compared again before it may predict. */
  readonly again: ComparisonFacts | undefined;
  readonly now: number;
}

/**
 * The champion that the gate's approval says nothing about, because another one predicted when it was given. A person's
 * approval needs no comparison, and an older version takes over from no newer one.
 */
export function championNotCompared({ modelPackage, decision, champion }: Standing): Champion | undefined {
  if (champion === undefined || champion.value.job === modelPackage.job || isDecidedByPerson(modelPackage)) return undefined;
  const { status, version, properties } = modelPackage;
  if (status === 'PendingManualApproval') return properties['comparisonJob'] === undefined ? undefined : champion.value;
  const isOutdated = status === 'Approved' && champion.value.version < version && decision?.value.comparedWith !== champion.value.job;
  return isOutdated ? champion.value : undefined;
}

export function decidePromotion(facts: PromotionFacts): readonly Action[] {
  if (facts.again !== undefined) return compareAgain(facts, facts.again);
  switch (facts.modelPackage.status) {
    case 'Approved':
      return promote(facts);
    case 'Rejected':
      return [rejection(facts)];
    case 'PendingManualApproval':
      return [];
  }
}

/**
 * Takes the approval back first, and names the job in the version's properties: whoever comes after a crash finds that
 * the job is not there yet. Its end brings the next decision.
 */
function compareAgain({ modelPackage, decision, now }: PromotionFacts, { champion, found, ...facts }: ComparisonFacts): readonly Action[] {
  const { dataset, job } = modelPackage;
  const pair = { challenger: job, champion: champion.job };
  const attempt = attemptAfter(found);
  const value: Decision = {
    ...decision?.value,
    status: 'PendingManualApproval',
    explanation: `approved before version ${champion.version} began to predict; is compared again with version ${champion.version}`,
    at: new Date(now).toISOString(),
  };
  return [
    { type: 'write-json', key: keys.decision(dataset, job), value, condition: decision === undefined ? { ifAbsent: true } : { ifMatch: decision.etag } },
    applyDecision(value, modelPackage, { comparisonJob: jobName(comparisonJobBase(dataset, pair), attempt) }),
    ...startComparison({ ...facts, ...pair, dataset, attempt }),
  ];
}

/** A job under way will do; the end of one that has ended has been heard already. */
function attemptAfter(found: FoundComparison | undefined): number {
  if (found === undefined) return 1;
  return found.status === 'Running' ? found.attempt : found.attempt + 1;
}

/** Only a newer version takes over: approvals may be told late and out of order. */
function promote({ modelPackage: { arn, dataset, job, version }, champion, now }: PromotionFacts): readonly Action[] {
  const current = champion?.value;
  if (current !== undefined && current.version > version) return [];
  if (current?.version === version) return [promotion(dataset, current, now)];
  const previous = current === undefined ? {} : { previousVersion: current.version };
  const value: Champion = { job, model: job, modelPackageArn: arn, version, ...previous, promotedAt: new Date(now).toISOString() };
  return [
    { type: 'write-json', key: keys.champion(dataset), value, condition: champion === undefined ? { ifAbsent: true } : { ifMatch: champion.etag } },
    promotion(dataset, value, now),
  ];
}

function promotion(dataset: string, champion: Champion, now: number): Action {
  const { job, modelPackageArn, version, previousVersion } = champion;
  const previous = previousVersion === undefined ? {} : { previousVersion };
  return { type: 'emit', event: makeEvent('ModelPromoted', promotionHappening(champion), now, { dataset, job, modelPackageArn, modelVersion: version, ...previous }) };
}

/** A person who rejects without a word leaves the gate's words in place, and they say something else. */
function rejection({ modelPackage, now }: PromotionFacts): Action {
  const { arn, dataset, job, version, explanation = '', properties } = modelPackage;
  const isSilent = explanation === '' || (isDecidedByPerson(modelPackage) && asLabel(explanation) === properties['decision']);
  const detail = { dataset, job, modelPackageArn: arn, modelVersion: version, explanation: isSilent ? 'rejected by a person' : explanation };
  return { type: 'emit', event: makeEvent('ModelRejected', rejectionHappening(arn, explanation), now, detail) };
}
