import { assertDatasetName } from '@dropforest/contracts';
import { readChampion } from '../champion.ts';
import type { Command } from '../command.ts';
import { listVersions, type ModelVersion } from '../registry.ts';
import { withCloud, type Session } from '../session.ts';

interface ListedModel extends ModelVersion {
  readonly isChampion: boolean;
}

export const models: Command = {
  name: 'models',
  usage: '<dataset>',
  summary: 'the versions of a data set’s model, newest first, and which one predicts',
  examples: ['dropforest models sales', 'dropforest models sales --json'],
  options: {},
  positionals: { least: 1, most: 1 },
  async run(given, terminal) {
    const [dataset = ''] = given.positionals;
    assertDatasetName(dataset);
    const listed = await withCloud(given, terminal, (session) => listModels(dataset, session));
    const text = listed.map(({ version, status, createdAt, isChampion }) => `version ${String(version).padStart(3)}  ${status.padEnd(21)}  ${createdAt ?? ''}${isChampion ? '  predicts' : ''}`);
    return { text: text.length === 0 ? [`${dataset} has no model yet`] : text, json: { dataset, models: listed } };
  },
};

async function listModels(dataset: string, session: Session): Promise<readonly ListedModel[]> {
  const champion = await readChampion(dataset, session);
  return (await listVersions(dataset, session)).map((version) => ({ ...version, isChampion: champion?.version === version.version }));
}
