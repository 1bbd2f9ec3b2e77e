import { ListTrainingJobsCommand, ListTransformJobsCommand } from '@aws-sdk/client-sagemaker';
import { assertDatasetName, parseJobName, type DropforestEvent } from '@dropforest/contracts';
import { inChunks } from '@dropforest/lambda-kit';
import { readChampion } from '../champion.ts';
import type { Command, Outcome } from '../command.ts';
import { followUpload } from '../follow-upload.ts';
import { readJournal } from '../journal.ts';
import { withCloud, type Session } from '../session.ts';
import { describeTimeline } from '../timeline.ts';
import { findUploads } from '../upload-id.ts';

const DEFAULT_LIMIT = 200;

export const status: Command = {
  name: 'status',
  usage: '[dataset] [id]',
  summary: 'what has happened and what is running; with an id, one upload from its drop to its result',
  details: [
    'The id is what train and predict print when they drop a file (its beginning will do, 6 characters or more); a key, the name of a',
    'file, of a job, or a version such as v3 means the same upload. It shows each step, what the upload waits for, and how long it took.',
  ].join('\n'),
  examples: ['dropforest status', 'dropforest status sales --json', 'dropforest status sales 5d41402abc4b', 'dropforest status sales march.csv', 'dropforest status sales v3'],
  options: { limit: { type: 'string', value: '<number>', help: `how many events of a data set to show, the newest (${DEFAULT_LIMIT})` } },
  positionals: { least: 0, most: 2 },
  async run(given, terminal) {
    const [dataset, id] = given.positionals;
    if (dataset !== undefined) assertDatasetName(dataset);
    if (dataset !== undefined && id !== undefined) return withCloud(given, terminal, (session) => statusOfUpload(dataset, id, session));
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

/** A thousand files may share a job: people are shown the first of them. */
const TIMELINES_SHOWN = 20;

async function statusOfUpload(dataset: string, id: string, session: Session): Promise<Outcome> {
  const timelines = await inChunks(await findUploads(dataset, id, session), (upload) => followUpload(dataset, upload, session));
  const more = timelines.length - TIMELINES_SHOWN;
  const text = [...timelines.slice(0, TIMELINES_SHOWN).flatMap(describeTimeline), ...(more > 0 ? [`and ${more} more: see --json`] : [])];
  return { text, json: { dataset, id, uploads: timelines } };
}

type DatasetStatus = Awaited<ReturnType<typeof statusOf>>;

async function statusOf(dataset: string, limit: number, session: Session) {
  const champion = await readChampion(dataset, session);
  return { dataset, champion: champion ?? null, running: await runningJobs(dataset, session), events: await readJournal(dataset, session, limit) };
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
