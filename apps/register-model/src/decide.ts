/** What becomes of a trained model. Pure: the same facts give the same actions. */
import { keys, makeEvent, type Comparison, type DatasetConfig, type Decision, type Lineage, type ModelManifest, type Registration } from '@dropforest/contracts';
import { applyDecision, isApplied, isDecidedByPerson, shorten, startComparison, type Action, type ModelPackage, type Stored } from '@dropforest/lambda-kit';
import { beatChampion, passGate } from './gate.ts';
import { comparisonProperties, modelProperties, tagDecision } from './metadata.ts';
import type { Rival } from './rival.ts';

export interface ApprovalFacts {
  readonly dataset: string;
  readonly bucket: string;
  readonly image: string;
  readonly roleArn: string;
  readonly registration: Registration;
  /** What the model was trained with. */
  readonly config: DatasetConfig;
  readonly lineage: Lineage;
  readonly manifest: Pick<ModelManifest, 'task' | 'metrics' | 'lineage'>;
  readonly modelPackage: ModelPackage;
  /** What was decided before. */
  readonly decision: Stored<Decision> | undefined;
  /** `undefined` where no other model predicts. */
  readonly rival: Rival | undefined;
  readonly now: number;
}

type Words = Pick<Decision, 'status' | 'explanation' | 'comparedWith'>;

/** A reason that somebody else wrote is cut, so that what follows it is not. */
const LONGEST_REASON = 500;

/**
 * Decides once. While the model is being compared there is nothing to tell; what a person has decided stays; what was
 * decided before is set and told again, in case that was cut short.
 */
export function decideApproval(facts: ApprovalFacts): readonly Action[] {
  const { modelPackage, decision } = facts;
  if (isDecidedByPerson(modelPackage)) return [tell(facts, decision?.value ?? personsWords(modelPackage))];
  const isBeingCompared = modelPackage.properties['comparisonJob'] !== undefined;
  if (decision !== undefined && !isBeingCompared) return [...(isApplied(decision.value, modelPackage) ? [] : apply(facts, decision.value)), tell(facts, decision.value)];
  return decideNow(facts);
}

function decideNow(facts: ApprovalFacts): readonly Action[] {
  const naive = passGate(facts.manifest.metrics, facts.config.gate);
  if (!naive.passed) return conclude(facts, rejected(naive.explanation));
  const { rival } = facts;
  if (rival === undefined) return conclude(facts, accepted(naive.explanation, facts));
  switch (rival.comparison.state) {
    case 'none':
      return startComparison({ ...facts, challenger: facts.registration.job, champion: rival.job, attempt: 1 });
    case 'running':
      return [];
    case 'failed':
      return conclude(facts, { ...leftToPerson(naive.explanation, rival, rival.comparison.reason), comparedWith: rival.job });
    case 'done':
      return conclude(facts, { ...compared(rival.comparison.value, naive.explanation, rival, facts), comparedWith: rival.job });
  }
}

/** What a comparison with the model that predicts leads to. */
function compared(comparison: Comparison, naive: string, rival: Rival, facts: ApprovalFacts): Words {
  if (!comparison.comparable) return leftToPerson(naive, rival, comparison.reason);
  const { passed, explanation } = beatChampion(comparison, rival.version, facts.config.gate);
  return passed ? accepted(explanation, facts) : rejected(explanation);
}

function rejected(explanation: string): Words {
  return { status: 'Rejected', explanation: `${explanation}; rejected` };
}

function accepted(explanation: string, { config, rival, registration }: ApprovalFacts): Words {
  if (config.approval === 'manual') return { status: 'PendingManualApproval', explanation: `${explanation}; waits for a person's approval` };
  const isTooLate = rival !== undefined && rival.version > registration.version;
  return { status: 'Approved', explanation: `${explanation}, approved${isTooLate ? `; version ${rival.version} is newer and goes on predicting` : ''}` };
}

function leftToPerson(naive: string, { version }: Rival, reason: string): Words {
  return { status: 'PendingManualApproval', explanation: `${naive}; could not be compared with version ${version}: ${shorten(reason, LONGEST_REASON)}; a person decides` };
}

/** Writes the decision down before it has any effect: whoever comes after a crash finds it and goes on. */
function conclude(facts: ApprovalFacts, words: Words): readonly Action[] {
  const { dataset, registration, decision, now } = facts;
  const value: Decision = { ...words, at: new Date(now).toISOString() };
  return [
    ...keepComparison(facts),
    { type: 'write-json', key: keys.decision(dataset, registration.job), value, condition: decision === undefined ? { ifAbsent: true } : { ifMatch: decision.etag } },
    ...apply(facts, value),
    tell(facts, value),
  ];
}

/** A comparison that a job of its own has made moves to the model's folder, where people find it. */
function keepComparison({ dataset, registration: { job }, rival }: ApprovalFacts): readonly Action[] {
  if (rival?.comparison.state !== 'done' || rival.comparison.isStored) return [];
  return [{ type: 'write-json', key: keys.modelFile(dataset, job, 'comparison.json'), value: rival.comparison.value }];
}

function apply({ dataset, registration: { job }, manifest, rival, modelPackage }: ApprovalFacts, decision: Decision): readonly Action[] {
  const comparison = rival !== undefined && rival.job === decision.comparedWith ? comparisonProperties(rival) : {};
  return [tagDecision(decision, modelPackage), applyDecision(decision, modelPackage, { ...modelProperties(dataset, job, manifest), ...comparison })];
}

/** Told once, with the first decision: later ones have the same id. */
function tell({ dataset, registration, manifest, now }: ApprovalFacts, { status, explanation }: Words): Action {
  const { job, modelPackageArn, version } = registration;
  const detail = { dataset, job, modelPackageArn, modelVersion: version, metrics: manifest.metrics, decision: { status, explanation } };
  return { type: 'emit', event: makeEvent('ModelRegistered', [job], now, detail) };
}

function personsWords({ status, explanation }: ModelPackage): Words {
  return { status, explanation: explanation ?? 'decided by a person' };
}
