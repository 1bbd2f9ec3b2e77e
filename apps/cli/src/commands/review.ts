import { UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { assertDatasetName, rejectionHappening } from '@dropforest/contracts';
import { readChampion } from '../champion.ts';
import type { Arguments, Command, Outcome } from '../command.ts';
import { findHappening } from '../journal.ts';
import { describeVersion, listVersions, versionFrom, type ModelVersion } from '../registry.ts';
import { decideReview, describeReview, type ReviewFacts, type ReviewVerb } from '../review.ts';
import { withCloud, type Session } from '../session.ts';
import { awaitStanding } from '../standing.ts';
import type { Terminal } from '../terminal.ts';
import { waitFor } from '../wait-for.ts';

const OPTIONS = { reason: { type: 'string', value: '<text>', help: 'why, for those who read the registry later' } } as const;
const POSITIONALS = { least: 1, most: 2 } as const;

export const approve: Command = {
  name: 'approve',
  usage: '<dataset> [version]',
  summary: 'let a version predict that waits for a person, or that the gate has rejected',
  details: [
    'Without a version it is the newest one that waits. Only a version newer than the one that predicts takes over; to go back there is',
    'dropforest rollback. Whoever asks and why stand in the model registry beside the version.',
  ].join('\n'),
  examples: ['dropforest approve sales', 'dropforest approve sales 2 --reason "checked the report with finance"'],
  options: OPTIONS,
  positionals: POSITIONALS,
  run: (given, terminal) => review('approve', given, terminal),
};

export const reject: Command = {
  name: 'reject',
  usage: '<dataset> [version]',
  summary: 'say that a version is not to predict',
  details: 'Without a version it is the newest one that waits for a person. The version that predicts is taken back by dropforest rollback.',
  examples: ['dropforest reject sales', 'dropforest reject sales 3 --reason "trained on returns, too"'],
  options: OPTIONS,
  positionals: POSITIONALS,
  run: (given, terminal) => review('reject', given, terminal),
};

function review(verb: ReviewVerb, given: Arguments, terminal: Terminal): Promise<Outcome> {
  const [dataset = '', named] = given.positionals;
  assertDatasetName(dataset);
  const asked = versionFrom(named, dataset);
  return withCloud(given, terminal, async (session) => {
    const { version, nothingToDo } = decideReview(await gather(dataset, verb, asked, session));
    if (nothingToDo !== undefined) return outcome(dataset, version, nothingToDo, session);
    if (asked === undefined) terminal.say(`version ${version.version} of ${dataset} is the newest that waits`);
    await say(version, describeReview(verb, terminal.user, given.text('reason')), verb, session);
    return verb === 'approve' ? awaitPromotion(dataset, version, session, terminal) : awaitRejection(dataset, version, session, terminal);
  });
}

async function gather(dataset: string, verb: ReviewVerb, asked: number | undefined, session: Session): Promise<ReviewFacts> {
  const [versions, champion] = await Promise.all([listVersions(dataset, session), readChampion(dataset, session)]);
  return { dataset, verb, asked, champion: champion?.version, versions: await Promise.all(versions.map(async (version) => ({ ...version, isDecided: await isDecided(version, session) }))) };
}

/** Whether the gate is done with it: it leaves its word in the version's properties, and the job that compares while one does. */
async function isDecided({ status, modelPackageArn }: ModelVersion, session: Session): Promise<boolean> {
  if (status !== 'PendingManualApproval') return true;
  const { properties } = await describeVersion(modelPackageArn, session);
  return properties['gate'] !== undefined && properties['comparisonJob'] === undefined;
}

async function say({ modelPackageArn }: ModelVersion, description: string, verb: ReviewVerb, { clients }: Session): Promise<void> {
  const status = verb === 'approve' ? 'Approved' : 'Rejected';
  await clients.sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn: modelPackageArn, ModelApprovalStatus: status, ApprovalDescription: description }));
}

async function awaitPromotion(dataset: string, version: ModelVersion, session: Session, terminal: Terminal): Promise<Outcome> {
  const { predicts, status, explanation } = await awaitStanding(dataset, version, session, terminal);
  const how = predicts ? `model version ${version.version} of ${dataset} predicts from now on` : `model version ${version.version} of ${dataset} is ${status}: ${explanation}`;
  return outcome(dataset, version, how, session);
}

async function awaitRejection(dataset: string, version: ModelVersion, session: Session, terminal: Terminal): Promise<Outcome> {
  const { explanation = '' } = await describeVersion(version.modelPackageArn, session);
  await waitFor(() => findHappening('ModelRejected', dataset, rejectionHappening(version.modelPackageArn, explanation), session), terminal);
  return outcome(dataset, version, `model version ${version.version} of ${dataset} is rejected`, session);
}

async function outcome(dataset: string, { version, modelPackageArn }: ModelVersion, how: string, session: Session): Promise<Outcome> {
  const [{ status, explanation = '' }, champion] = await Promise.all([describeVersion(modelPackageArn, session), readChampion(dataset, session)]);
  const predicting = champion === undefined ? `${dataset} has no model that predicts` : `model version ${champion.version} predicts`;
  const text = [how, ...(champion?.version === version ? [] : [predicting])];
  return { text, json: { dataset, version, status, explanation, predicts: champion?.version ?? null } };
}
