import { paginateListModelPackages } from '@aws-sdk/client-sagemaker';
import { assertDatasetName, ChampionSchema, keys, modelPackageGroup } from '@dropforest/contracts';
import { isAwsError } from '@dropforest/lambda-kit';
import type { Command } from '../command.ts';
import { withCloud, type Session } from '../session.ts';

interface ListedModel {
  readonly version: number;
  readonly status: string;
  readonly modelPackageArn: string;
  readonly createdAt: string | undefined;
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

async function listModels(dataset: string, { clients, bucket }: Session): Promise<readonly ListedModel[]> {
  const champion = (await bucket.readJson(keys.champion(dataset), ChampionSchema))?.value;
  const found: ListedModel[] = [];
  try {
    for await (const page of paginateListModelPackages({ client: clients.sagemaker }, { ModelPackageGroupName: modelPackageGroup(dataset), SortBy: 'CreationTime', SortOrder: 'Descending' })) {
      for (const { ModelPackageVersion: version = 0, ModelApprovalStatus: status = '', ModelPackageArn = '', CreationTime } of page.ModelPackageSummaryList ?? []) {
        found.push({ version, status, modelPackageArn: ModelPackageArn, createdAt: CreationTime?.toISOString(), isChampion: champion?.version === version });
      }
    }
  } catch (error) {
    if (!isAwsError(error, 'ValidationException', 'ResourceNotFound')) throw error;
  }
  return found;
}
