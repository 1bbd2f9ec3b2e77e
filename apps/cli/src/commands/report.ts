import { ListTrainingJobsCommand } from '@aws-sdk/client-sagemaker';
import { assertDatasetName, keys, parseJobName } from '@dropforest/contracts';
import type { Command } from '../command.ts';
import { download } from '../download.ts';
import { wrongInput } from '../errors.ts';
import { withCloud, type Session } from '../session.ts';

export const report: Command = {
  name: 'report',
  usage: '<dataset> [--out <file>]',
  summary: 'write the report of the newest training, or of a job, as an HTML file',
  examples: ['dropforest report sales', 'dropforest report sales --job df-sales-0123456789ab-1 --out report.html'],
  options: {
    job: { type: 'string', value: '<job>', help: 'the training job (the newest one that has ended well)' },
    out: { type: 'string', value: '<file>', help: 'where to write it (<dataset>-report.html)' },
  },
  positionals: { least: 1, most: 1 },
  async run(given, terminal) {
    const [dataset = ''] = given.positionals;
    assertDatasetName(dataset);
    const out = given.text('out') ?? `${dataset}-report.html`;
    return withCloud(given, terminal, async (session) => {
      const job = given.text('job') ?? (await newestJob(dataset, session));
      const key = keys.modelFile(dataset, job, 'report.html');
      if ((await session.bucket.head(key)) === undefined) throw wrongInput(`${job} has left no report`, `See: dropforest models ${dataset}`);
      await download(key, out, session);
      return { text: [out], json: { dataset, job, report: out } };
    });
  },
};

/** Also of a model that was rejected: that is when people want to know. */
async function newestJob(dataset: string, { clients }: Session): Promise<string> {
  const request = { NameContains: `df-${dataset}-`, StatusEquals: 'Completed', SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 100 } as const;
  const { TrainingJobSummaries = [] } = await clients.sagemaker.send(new ListTrainingJobsCommand(request));
  const newest = TrainingJobSummaries.map(({ TrainingJobName = '' }) => TrainingJobName).find((job) => parseJobName(job)?.dataset === dataset);
  if (newest === undefined) throw wrongInput(`${dataset} has no training that ended well`, `Train a model: dropforest train ${dataset} <file.csv>`);
  return newest;
}
