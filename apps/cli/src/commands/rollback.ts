import { assertDatasetName, ChampionSchema, keys, promotionHappening } from '@dropforest/contracts';
import { BUS } from '@dropforest/infra';
import { settle } from '@dropforest/lambda-kit';
import { readChampion } from '../champion.ts';
import type { Command } from '../command.ts';
import { findHappening, findHappenings } from '../journal.ts';
import { describeVersion, listVersions, requireVersion, versionFrom } from '../registry.ts';
import { decideRollback, rollbackTarget, type RollbackFacts } from '../rollback.ts';
import { withCloud, type Session } from '../session.ts';
import { waitFor } from '../wait-for.ts';

export const rollback: Command = {
  name: 'rollback',
  usage: '<dataset> [version]',
  summary: 'have an earlier version predict again, and reject those above it',
  details: [
    'Without a version it is the one that predicted before. Results that are there stay as they are; dropforest predict --retry asks for',
    'those of the earlier version. A version that was rejected by this predicts again only when it is approved: dropforest approve.',
  ].join('\n'),
  examples: ['dropforest rollback sales', 'dropforest rollback sales 2 --reason "version 3 doubts every return"'],
  options: { reason: { type: 'string', value: '<text>', help: 'why, for those who read the registry later' } },
  positionals: { least: 1, most: 2 },
  async run(given, terminal) {
    const [dataset = '', named] = given.positionals;
    assertDatasetName(dataset);
    const asked = versionFrom(named, dataset);
    return withCloud(given, terminal, async (session) => {
      const before = await readChampion(dataset, session);
      // Settled before anything changes: what "the one before" means must not move meanwhile.
      const target = rollbackTarget(dataset, asked, before);
      const order = { dataset, target, who: terminal.user, reason: given.text('reason') };
      const { clients, bucket } = session;
      const versions = await listVersions(dataset, session);
      await settle(() => gather(order, terminal.now(), session), decideRollback, { clients, bucket, bus: BUS });
      const after = await readChampion(dataset, session);
      if (after === undefined || before === undefined || before.version === target) return { text: [`version ${target} of ${dataset} predicts already`], json: { dataset, predicts: target, rejected: [] } };
      await waitFor(() => findHappening('ModelPromoted', dataset, promotionHappening(after), session), terminal);
      const rejected = versions.filter(({ version, status }) => version > target && status === 'Approved').map(({ version }) => version);
      const text = [`model version ${target} of ${dataset} predicts again; before it was version ${before.version}`, ...rejected.map((version) => `model version ${version} is rejected; dropforest approve ${dataset} ${version} takes that back`)];
      return { text, json: { dataset, predicts: target, before: before.version, rejected } };
    });
  },
};

type Order = Pick<RollbackFacts, 'dataset' | 'target' | 'who' | 'reason'>;

async function gather(order: Order, now: number, session: Session): Promise<RollbackFacts> {
  const { dataset, target } = order;
  const [versions, champion] = await Promise.all([listVersions(dataset, session), session.bucket.readJson(keys.champion(dataset), ChampionSchema)]);
  const { modelPackageArn } = requireVersion(versions, target, dataset);
  // There was one when the target was settled, and nothing takes a champion away.
  if (champion === undefined) throw new RangeError(`${keys.champion(dataset)} is gone`);
  const [{ job }, told] = await Promise.all([describeVersion(modelPackageArn, session), findHappenings('ModelPromoted', dataset, session)]);
  return { ...order, job, hasPredicted: told.some(({ detail }) => detail.modelPackageArn === modelPackageArn), champion, versions, now };
}
