import { ListTrainingJobsCommand, ListTransformJobsCommand } from '@aws-sdk/client-sagemaker';
import { assertDatasetName, ChampionSchema, keys, parseJobName, type DropforestEvent } from '@dropforest/contracts';
import type { Command } from '../command.ts';
import { readJournal } from '../journal.ts';
import { withCloud, type Session } from '../session.ts';

const DEFAULT_LIMIT = 200;

export const status: Command = {
  name: 'status',
  usage: '[dataset]',
  summary: 'what has happened, oldest first, and what is running',
  examples: ['dropforest status', 'dropforest status sales --json'],
  options: { limit: { type: 'string', value: '<number>', help: `how many events of a data set to show, the newest (${DEFAULT_LIMIT})` } },
  positionals: { least: 0, most: 1 },
  async run(given, terminal) {
    const [dataset] = given.positionals;
    if (dataset !== undefined) assertDatasetName(dataset);
    const limit = Math.max(1, Number(given.text('limit') ?? DEFAULT_LIMIT) || DEFAULT_LIMIT);
    return withCloud(given, terminal, async (session) => {
      const names = dataset === undefined ? await datasetsIn(session) : [dataset];
      const datasets = [];
      for (const name of names) datasets.push(await statusOf(name, limit, session));
      const text = datasets.length === 0 ? ['nothing has been dropped yet: dropforest train <dataset> <file.csv>'] : datasets.flatMap(describe);
      return { text, json: { datasets } };
    });
  },
};

type DatasetStatus = Awaited<ReturnType<typeof statusOf>>;

async function statusOf(dataset: string, limit: number, session: Session) {
  const champion = await session.bucket.readJson(keys.champion(dataset), ChampionSchema);
  return { dataset, champion: champion?.value ?? null, running: await runningJobs(dataset, session), events: await readJournal(dataset, session, limit) };
}

/** Every data set has a journal as soon as something has come of a drop. */
async function datasetsIn({ bucket }: Session): Promise<readonly string[]> {
  const journal = await bucket.list('journal/');
  return [...new Set(journal.map(({ key }) => key.split('/')[1] ?? ''))].filter((name) => name !== '_');
}

async function runningJobs(dataset: string, { clients }: Session): Promise<readonly { readonly kind: string; readonly job: string }[]> {
  const request = { NameContains: `df-${dataset}-`, MaxResults: 100, StatusEquals: 'InProgress' as const };
  const [training, transform] = await Promise.all([clients.sagemaker.send(new ListTrainingJobsCommand(request)), clients.sagemaker.send(new ListTransformJobsCommand(request))]);
  const jobs = [
    ...(training.TrainingJobSummaries ?? []).map(({ TrainingJobName: job = '' }) => ({ kind: 'training', job })),
    ...(transform.TransformJobSummaries ?? []).map(({ TransformJobName: job = '' }) => ({ kind: 'transform', job })),
  ];
  return jobs.filter(({ job }) => parseJobName(job)?.dataset === dataset);
}

function describe({ dataset, champion, running, events }: DatasetStatus): readonly string[] {
  return [
    `${dataset}: ${champion === null ? 'no model yet' : `model version ${champion.version} predicts`}`,
    ...events.map((event) => `  ${event.detail.at}  ${event.type.padEnd(18)} ${subjectOf(event)}`),
    ...running.map(({ kind, job }) => `  running: ${kind} job ${job}`),
  ];
}

function subjectOf(event: DropforestEvent): string {
  switch (event.type) {
    case 'TrainingStarted':
      return `${event.detail.job} on ${event.detail.files.map(({ key }) => key).join(', ')}`;
    case 'TrainingFailed':
      return `${event.detail.job}: ${event.detail.reason}`;
    case 'ModelRegistered':
      return `version ${event.detail.modelVersion}: ${event.detail.decision.explanation}`;
    case 'ModelRejected':
      return `version ${event.detail.modelVersion}: ${event.detail.explanation}`;
    case 'ModelPromoted':
      return `version ${event.detail.modelVersion}`;
    case 'UploadRejected':
      return `${event.detail.key}: ${event.detail.problem.message}`;
    case 'PredictionWaiting':
      return `${event.detail.key}: ${event.detail.reason}`;
    case 'PredictionStarted':
      return `${event.detail.key} by version ${event.detail.modelVersion}`;
    case 'PredictionFailed':
      return `${event.detail.key}: ${event.detail.reason}`;
    case 'ResultsPublished':
      return `${event.detail.predictions}: ${event.detail.predicted} of ${event.detail.rows} rows`;
  }
}
