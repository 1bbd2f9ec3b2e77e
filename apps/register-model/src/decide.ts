/** What a finished training job leads to. Pure: the same facts give the same actions. */
import { makeEvent, type DatasetConfig, type ModelMetrics, type Registration } from '@dropforest/contracts';
import type { Action } from '@dropforest/lambda-kit';
import { passGate } from './gate.ts';

type ApprovalStatus = 'Approved' | 'Rejected' | 'PendingManualApproval';

export interface ApprovalFacts {
  readonly dataset: string;
  readonly registration: Registration;
  readonly metrics: ModelMetrics;
  readonly gate: DatasetConfig['gate'];
  readonly approval: DatasetConfig['approval'];
  /** How the model package stands now, and the words that came with it. */
  readonly status: ApprovalStatus;
  readonly explanation: string | undefined;
  readonly now: number;
}

/** SageMaker's limit for an approval description. */
const LONGEST_DESCRIPTION = 1024;

/** Decides once: a package that is no longer pending was decided before, by the gate or by a person. */
export function decideApproval({ dataset, registration, metrics, gate, approval, status, explanation, now }: ApprovalFacts): readonly Action[] {
  const { job, modelPackageArn, version } = registration;
  const isOpen = status === 'PendingManualApproval' && explanation === undefined;
  const decision = isOpen ? judge(metrics, gate, approval) : { status, explanation: explanation ?? 'decided by a person' };
  const registered = { dataset, job, modelPackageArn, modelVersion: version };
  const actions: Action[] = [];
  if (isOpen) {
    actions.push({
      type: 'update-model-package',
      input: { ModelPackageArn: modelPackageArn, ModelApprovalStatus: decision.status, ApprovalDescription: decision.explanation.slice(0, LONGEST_DESCRIPTION) },
    });
  }
  actions.push({ type: 'emit', event: makeEvent('ModelRegistered', [job], now, { ...registered, metrics, decision }) });
  if (decision.status === 'Rejected') {
    actions.push({ type: 'emit', event: makeEvent('ModelRejected', [modelPackageArn], now, { ...registered, explanation: decision.explanation }) });
  }
  return actions;
}

function judge(metrics: ModelMetrics, gate: DatasetConfig['gate'], approval: DatasetConfig['approval']): { readonly status: ApprovalStatus; readonly explanation: string } {
  const { passed, explanation } = passGate(metrics, gate);
  if (!passed) return { status: 'Rejected', explanation: `${explanation}: rejected` };
  if (approval === 'manual') return { status: 'PendingManualApproval', explanation: `${explanation}: waits for a person's approval` };
  return { status: 'Approved', explanation: `${explanation}: approved` };
}

export interface FailureFacts {
  readonly dataset: string;
  readonly job: string;
  readonly status: 'Failed' | 'Stopped';
  readonly secondaryStatus: string;
  readonly reason: string | undefined;
  readonly now: number;
}

export function decideFailure({ dataset, job, status, secondaryStatus, reason, now }: FailureFacts): readonly Action[] {
  const detail = { dataset, job, status, reason: reason ?? `the job was stopped (${secondaryStatus})`, remedy: remedyFor(secondaryStatus) };
  return [{ type: 'emit', event: makeEvent('TrainingFailed', [job], now, detail) }];
}

function remedyFor(secondaryStatus: string): string {
  if (secondaryStatus === 'MaxRuntimeExceeded') return 'Raise instance.maxRuntimeInSeconds in dataset.json, or take a larger instance.type, and drop the file again';
  return 'Correct what the reason names, in the file or in dataset.json, and drop the file again; to run the very same job once more: dropforest train <dataset> <file> --retry';
}
