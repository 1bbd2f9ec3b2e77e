/**
 * Versions of models in the registry, and the gate's word on them. The gate leaves a trace in the version's own
 * properties, in the same call that sets the status: where the status is another one, a person has set it since.
 */
import { DescribeModelPackageCommand, type DescribeModelPackageCommandOutput, type ModelApprovalStatus } from '@aws-sdk/client-sagemaker';
import { keys, modelPackageGroup, parseJobName, type Decision } from '@dropforest/contracts';
import type { Action } from './actions.ts';
import { asLabel, shorten } from './aws-text.ts';
import type { Bucket } from './bucket.ts';
import type { Clients } from './clients.ts';
import { isAwsError } from './errors.ts';

/** A version of a model that was trained here. */
export interface ModelPackage {
  readonly arn: string;
  readonly dataset: string;
  readonly version: number;
  /** The training job that the model comes from. */
  readonly job: string;
  readonly status: ModelApprovalStatus;
  /** The words that came with the status. */
  readonly explanation: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
}

/** SageMaker's limit for an approval description. */
const LONGEST_DESCRIPTION = 1024;

/** Properties that belong to one decision and go with it. */
const PASSING_PROPERTIES = ['comparedWith', 'difference', 'comparisonJob'];

/** `undefined` where there is no such version, or its model does not lie in this bucket: then it is somebody else's. */
export async function readModelPackage(arn: string, { clients, bucket }: { readonly clients: Clients; readonly bucket: Pick<Bucket, 'name'> }): Promise<ModelPackage | undefined> {
  try {
    return ownPackage(await clients.sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn })), bucket.name);
  } catch (error) {
    if (isAwsError(error, 'ValidationException', 'ResourceNotFound')) return undefined;
    throw error;
  }
}

/** What the registry says of a version, read for what it means here. */
export function ownPackage(found: Omit<DescribeModelPackageCommandOutput, '$metadata' | 'CreationTime' | 'ModelPackageStatus' | 'ModelPackageStatusDetails' | 'ModelPackageName'>, bucket: string): ModelPackage | undefined {
  const { ModelPackageArn: arn, ModelPackageVersion: version, InferenceSpecification } = found;
  const artifact = InferenceSpecification?.Containers?.[0]?.ModelDataUrl;
  const job = artifact?.slice(`s3://${bucket}/jobs/`.length).split('/')[0] ?? '';
  const dataset = parseJobName(job)?.dataset;
  if (arn === undefined || version === undefined || dataset === undefined) return undefined;
  if (artifact !== `s3://${bucket}/${keys.modelArtifact(job)}` || found.ModelPackageGroupName !== modelPackageGroup(dataset)) return undefined;
  return { arn, dataset, version, job, status: found.ModelApprovalStatus ?? 'PendingManualApproval', explanation: found.ApprovalDescription, properties: found.CustomerMetadataProperties ?? {} };
}

/** Whether a person has set the status since the gate did; after going back and forth it may be the same with other words. */
export function isDecidedByPerson({ status, explanation = '', properties }: ModelPackage): boolean {
  if (status !== (properties['gate'] ?? 'PendingManualApproval')) return true;
  return status !== 'PendingManualApproval' && asLabel(explanation) !== properties['decision'];
}

/** Whether it is this decision that the gate set last. */
export function isApplied({ at }: Decision, { properties }: ModelPackage): boolean {
  return properties['decidedAt'] === at;
}

/** Sets the status of a decision, with the words and figures that it was made of. */
export function applyDecision(decision: Decision, { arn, properties }: ModelPackage, facts: Readonly<Record<string, string>>): Action {
  const set = { ...facts, gate: decision.status, decision: decision.explanation, decidedAt: decision.at };
  const labels = Object.entries(set).map(([key, value]) => [key, asLabel(value)] as const);
  const gone = PASSING_PROPERTIES.filter((key) => key in properties && !(key in set));
  const kept = Object.entries(properties).filter(([key]) => !gone.includes(key));
  return {
    type: 'update-model-package',
    input: {
      ModelPackageArn: arn,
      ModelApprovalStatus: decision.status,
      ApprovalDescription: shorten(decision.explanation, LONGEST_DESCRIPTION),
      CustomerMetadataProperties: Object.fromEntries([...kept, ...labels]),
      ...(gone.length === 0 ? {} : { CustomerMetadataPropertiesToRemove: gone }),
    },
  };
}
