/** Going back to an earlier version of a model. Pure: the same facts give the same actions. */
import { keys, makeEvent, promotionHappening, type Champion } from '@dropforest/contracts';
import type { Action, Stored } from '@dropforest/lambda-kit';
import { wrongInput } from './errors.ts';
import { requireVersion, type ModelVersion } from './registry.ts';
import { asDescription } from './review.ts';

export interface RollbackFacts {
  readonly dataset: string;
  /** The version that is to predict. */
  readonly target: number;
  /** Training job of the target. */
  readonly job: string;
  /** Whether the target has predicted before. */
  readonly hasPredicted: boolean;
  readonly champion: Stored<Champion>;
  readonly versions: readonly ModelVersion[];
  readonly who: string;
  readonly reason: string | undefined;
  readonly now: number;
}

/**
 * The version that a rollback goes to.
 * @throws CliError exit code 2 when there is none
 */
export function rollbackTarget(dataset: string, asked: number | undefined, champion: Champion | undefined): number {
  if (champion === undefined) throw wrongInput(`${dataset} has no model that predicts`, `Train one: dropforest train ${dataset} <file.csv>, or approve one: dropforest models ${dataset} lists them`);
  const { version, previousVersion } = champion;
  if (asked !== undefined) return asked;
  if (previousVersion !== undefined && previousVersion < version) return previousVersion;
  if (previousVersion !== undefined) throw wrongInput(`${dataset} was rolled back to version ${version} already, from version ${previousVersion}`, `To go further back, name a version: dropforest rollback ${dataset} <version>. To have version ${previousVersion} again: dropforest approve ${dataset} ${previousVersion}`);
  throw wrongInput(`version ${version} of ${dataset} is the first that predicts: there is nothing to roll back to`, `Train another: dropforest train ${dataset} <file.csv>`);
}

/**
 * The versions above the target are rejected first: whatever is told of them late, none takes over again. Then the
 * champion is exchanged; whoever was quicker makes the facts change.
 * @returns nothing where the target predicts already and not because of a rollback
 * @throws CliError exit code 2 when the target cannot predict
 */
export function decideRollback(facts: RollbackFacts): readonly Action[] {
  const { dataset, target, champion, versions } = facts;
  const version = requireVersion(versions, target, dataset);
  const current = champion.value;
  if (target === current.version) return isRolledBack(current) ? [promoted(dataset, current, facts.now)] : [];
  if (target > current.version) throw wrongInput(`version ${target} of ${dataset} is newer than version ${current.version}, which predicts`, `To let it predict: dropforest approve ${dataset} ${target}`);
  if (version.status !== 'Approved' && !facts.hasPredicted) {
    throw wrongInput(`version ${target} of ${dataset} is ${version.status} and has never predicted`, `Go back to one that has: dropforest models ${dataset} lists the versions that are Approved`);
  }
  return exchange(version, facts);
}

function exchange({ status, modelPackageArn, version }: ModelVersion, { dataset, job, champion, versions, who, reason, now }: RollbackFacts): readonly Action[] {
  const because = `rolled back to version ${version} by ${who}${reason === undefined ? '' : `: ${reason}`}`;
  const above = versions.filter((one) => one.version > version && one.status === 'Approved');
  const next: Champion = { job, model: job, modelPackageArn, version, promotedAt: new Date(now).toISOString(), previousVersion: champion.value.version };
  return [
    ...(status === 'Approved' ? [] : [update(modelPackageArn, 'Approved', because)]),
    ...above.map((one) => update(one.modelPackageArn, 'Rejected', because)),
    { type: 'write-json', key: keys.champion(dataset), value: next, condition: { ifMatch: champion.etag } },
    promoted(dataset, next, now),
  ];
}

function isRolledBack({ version, previousVersion }: Champion): boolean {
  return previousVersion !== undefined && previousVersion > version;
}

function update(ModelPackageArn: string, ModelApprovalStatus: 'Approved' | 'Rejected', because: string): Action {
  return { type: 'update-model-package', input: { ModelPackageArn, ModelApprovalStatus, ApprovalDescription: asDescription(because) } };
}

function promoted(dataset: string, champion: Champion, now: number): Action {
  const { job, modelPackageArn, version, previousVersion } = champion;
  const detail = { dataset, job, modelPackageArn, modelVersion: version, ...(previousVersion === undefined ? {} : { previousVersion }) };
  return { type: 'emit', event: makeEvent('ModelPromoted', promotionHappening(champion), now, detail) };
}
