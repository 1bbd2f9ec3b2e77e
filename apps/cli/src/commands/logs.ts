import { ListTrainingJobsCommand, ListTransformJobsCommand } from '@aws-sdk/client-sagemaker';
import { parseJobName } from '@dropforest/contracts';
import type { Command } from '../command.ts';
import { wrongInput } from '../errors.ts';
import { readLog } from '../job-progress.ts';
import { withCloud, type Session } from '../session.ts';

export const logs: Command = {
  name: 'logs',
  usage: '<dataset or job>',
  summary: 'the log of a job, or of the data set’s newest one',
  examples: ['dropforest logs sales', 'dropforest logs df-sales-0123456789ab-1'],
  options: {},
  positionals: { least: 1, most: 1 },
  async run(given, terminal) {
    const [name = ''] = given.positionals;
    return withCloud(given, terminal, async (session) => {
      const job = parseJobName(name) === undefined ? await newestJob(name, session) : name;
      const lines = [...(await readLog('/aws/sagemaker/TrainingJobs', job, session)), ...(await readLog('/aws/sagemaker/TransformJobs', job, session))];
      return { text: lines.length === 0 ? [`${job} has not written anything`] : lines, json: { job, lines } };
    });
  },
};

async function newestJob(dataset: string, { clients }: Session): Promise<string> {
  const request = { NameContains: `df-${dataset}-`, MaxResults: 100, SortBy: 'CreationTime' as const, SortOrder: 'Descending' as const };
  const [training, transform] = await Promise.all([clients.sagemaker.send(new ListTrainingJobsCommand(request)), clients.sagemaker.send(new ListTransformJobsCommand(request))]);
  const jobs = [
    ...(training.TrainingJobSummaries ?? []).map(({ TrainingJobName: job = '', CreationTime: at }) => ({ job, at })),
    ...(transform.TransformJobSummaries ?? []).map(({ TransformJobName: job = '', CreationTime: at }) => ({ job, at })),
  ].filter(({ job }) => parseJobName(job)?.dataset === dataset);
  const newest = jobs.sort((a, b) => (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0))[0];
  if (newest === undefined) throw wrongInput(`${dataset} is no job, and there is no job of a data set of that name`, 'See: dropforest status');
  return newest.job;
}
