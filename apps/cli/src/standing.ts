/** How a registered model stands, once nobody but a person can change it. */
import { promotionHappening, type Champion } from '@dropforest/contracts';
import { findComparison } from '@dropforest/lambda-kit';
import { readChampion } from './champion.ts';
import { findHappening } from './journal.ts';
import { describeVersion, type ApprovalStatus, type ModelVersion } from './registry.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';
import { waitFor } from './wait-for.ts';

export interface Standing {
  readonly status: ApprovalStatus;
  /** What the gate or a person said of it. */
  readonly explanation: string;
  /** Whether it is the version that predicts. */
  readonly predicts: boolean;
}

/**
 * Waits while the model is on its way to be the champion, or is compared with the one that became it meanwhile: a
 * comparison may change what was decided before.
 */
export function awaitStanding(dataset: string, model: Pick<ModelVersion, 'version' | 'modelPackageArn'>, session: Session, terminal: Terminal): Promise<Standing> {
  const tell = followComparison(terminal);
  return waitFor(async () => {
    const champion = await readChampion(dataset, session);
    const { status, explanation = 'no reason was given', job, properties } = await describeVersion(model.modelPackageArn, session);
    const predicts = champion?.version === model.version;
    const standing = { status, explanation, predicts };
    if (status === 'Rejected') return standing;
    if (status === 'Approved') return (await isTaken(dataset, model, champion, session)) ? standing : undefined;
    const comparison = await runningComparison(dataset, job, champion, session);
    if (comparison !== undefined) return tell(comparison, champion);
    // An approval that was taken back names the job that compares again, from before there is one until it has ended.
    return properties['gate'] === undefined || properties['comparisonJob'] !== undefined ? undefined : standing;
  }, terminal);
}

/** Says once what the model is being compared with. */
export function followComparison(terminal: Terminal): (comparison: string, champion: Champion | undefined) => undefined {
  let said: string | undefined;
  return (comparison, champion) => {
    if (said !== comparison) terminal.say(`comparison job ${comparison} holds it against model version ${champion?.version ?? '?'} on the same rows`);
    said = comparison;
  };
}

/** A newer model may have taken over meanwhile; that counts too. */
async function isTaken(dataset: string, { version }: Pick<ModelVersion, 'version'>, champion: Champion | undefined, session: Session): Promise<boolean> {
  if (champion === undefined || champion.version < version) return false;
  return champion.version > version || (await findHappening('ModelPromoted', dataset, promotionHappening(champion), session)) !== undefined;
}

/** Name of the job that holds a training job's model against the champion, while it runs. */
export async function runningComparison(dataset: string, challenger: string, champion: Champion | undefined, { clients }: Session): Promise<string | undefined> {
  if (champion === undefined || champion.job === challenger) return undefined;
  const found = await findComparison(dataset, { challenger, champion: champion.job }, clients.sagemaker);
  return found?.status === 'Running' ? found.job : undefined;
}
