/** The versions of a data set's model, as SageMaker's registry has them. */
import { DescribeModelPackageCommand, paginateListModelPackages } from '@aws-sdk/client-sagemaker';
import { DecisionSchema, keys, modelPackageGroup, RegistrationSchema, type Decision, type Registration } from '@dropforest/contracts';
import { isAwsError, readModelPackage, type ModelPackage } from '@dropforest/lambda-kit';
import { wrongInput } from './errors.ts';
import type { Session } from './session.ts';

export type ApprovalStatus = Decision['status'];

export interface ModelVersion {
  readonly version: number;
  readonly status: ApprovalStatus;
  readonly modelPackageArn: string;
  readonly createdAt: string | undefined;
}

/** Newest first; none where the data set has no model. */
export async function listVersions(dataset: string, { clients }: Session): Promise<readonly ModelVersion[]> {
  const found: ModelVersion[] = [];
  try {
    for await (const page of paginateListModelPackages({ client: clients.sagemaker }, { ModelPackageGroupName: modelPackageGroup(dataset), SortBy: 'CreationTime', SortOrder: 'Descending' })) {
      for (const { ModelPackageVersion: version = 0, ModelApprovalStatus: status = 'PendingManualApproval', ModelPackageArn = '', CreationTime } of page.ModelPackageSummaryList ?? []) {
        found.push({ version, status, modelPackageArn: ModelPackageArn, createdAt: CreationTime?.toISOString() });
      }
    }
  } catch (error) {
    if (!isAwsError(error, 'ValidationException', 'ResourceNotFound')) throw error;
  }
  return found.sort((a, b) => b.version - a.version);
}

/** @throws CliError exit code 2 when there is no such version of a model that was trained here */
export async function describeVersion(modelPackageArn: string, session: Session): Promise<ModelPackage> {
  const found = await readModelPackage(modelPackageArn, session);
  if (found === undefined) throw wrongInput(`${modelPackageArn} is no model that was trained here`, 'See: dropforest models <dataset>');
  return found;
}

/** When anything of a version was changed last, ISO 8601. */
export async function changedAt(modelPackageArn: string, { clients }: Session): Promise<string | undefined> {
  return (await clients.sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: modelPackageArn }))).LastModifiedTime?.toISOString();
}

/** What the gate said of a training job's model last; `undefined` while it has said nothing. */
export async function readDecision(dataset: string, job: string, { bucket }: Session): Promise<Decision | undefined> {
  return (await bucket.readJson(keys.decision(dataset, job), DecisionSchema))?.value;
}

/** Name, package and version of a training job's model; `undefined` while it has none. */
export async function readRegistration(dataset: string, job: string, { bucket }: Session): Promise<Registration | undefined> {
  return (await bucket.readJson(keys.registration(dataset, job), RegistrationSchema))?.value;
}

/** `3` or `v3`; `undefined` for anything else. */
export function parseVersion(text: string): number | undefined {
  const digits = /^v?([1-9][0-9]{0,5})$/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** @throws CliError exit code 2 */
export function versionFrom(text: string | undefined, dataset: string): number | undefined {
  if (text === undefined) return undefined;
  const version = parseVersion(text);
  if (version === undefined) throw wrongInput(`${JSON.stringify(text)} is no version`, `Name one as dropforest models ${dataset} lists them, such as 2`);
  return version;
}

/** @throws CliError exit code 2 when the data set has no such version */
export function requireVersion<T extends { readonly version: number }>(versions: readonly T[], version: number, dataset: string): T {
  const found = versions.find((one) => one.version === version);
  if (found !== undefined) return found;
  const all = versions.map((one) => one.version).sort((a, b) => a - b);
  const known = all.length === 0 ? 'it has none yet' : `it has ${all.length > 1 ? `${all[0]} to ${all.at(-1)}` : all[0]}`;
  throw wrongInput(`${dataset} has no version ${version}: ${known}`, all.length === 0 ? `Train a model: dropforest train ${dataset} <file.csv>` : `See: dropforest models ${dataset}`);
}
