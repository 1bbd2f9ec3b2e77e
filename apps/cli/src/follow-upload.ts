/** Reads what the flow has left of an upload, for its timeline. */
import { DescribeTrainingJobCommand, ListTrainingJobsCommand } from '@aws-sdk/client-sagemaker';
import {
  ClaimSchema,
  keys,
  parseDatasetConfig,
  parseJobName,
  ReceiptSchema,
  TrainingRequestSchema,
  trainingSettings,
  VerdictSchema,
  type Champion,
  type Lineage,
  type Verdict,
} from '@dropforest/contracts';
import { isDecidedByPerson } from '@dropforest/lambda-kit';
import { readChampion } from './champion.ts';
import { findHappening, findHappenings } from './journal.ts';
import { isCurrent } from './prediction.ts';
import { changedAt, describeVersion, readDecision, readRegistration } from './registry.ts';
import type { Session } from './session.ts';
import { runningComparison } from './standing.ts';
import { predictionTimeline, trainingTimeline, type JobFacts, type Timeline, type TrainingTimelineFacts } from './timeline.ts';
import { describeTransformJob } from './transform-job.ts';
import type { Content, Upload } from './upload-id.ts';

export function followUpload(dataset: string, upload: Upload, session: Session): Promise<Timeline> {
  if (upload.kind === 'training') return followTraining(dataset, upload.job, session);
  return upload.zone === 'train' ? followTrainingFile(dataset, upload, session) : followPrediction(dataset, upload, session);
}

async function followPrediction(dataset: string, content: Content, session: Session): Promise<Timeline> {
  const { key, file, etag } = content;
  const { bucket } = session;
  const [champion, claim, receipt, verdict, waiting] = await Promise.all([
    readChampion(dataset, session),
    bucket.readJson(keys.claim(dataset, file, etag), ClaimSchema),
    bucket.readJson(keys.receipt(dataset, file, etag), ReceiptSchema),
    readVerdict(dataset, content, session),
    findHappening('PredictionWaiting', dataset, [key, etag], session),
  ]);
  const name = claim?.value.job;
  const [job, failed] = name === undefined ? [] : await Promise.all([transformJobFacts(name, session), findHappening('PredictionFailed', dataset, [name, key], session)]);
  return predictionTimeline({
    dataset,
    key,
    etag,
    droppedAt: content.droppedAt,
    verdict,
    isRefused: verdict !== undefined && isCurrent(verdict, champion?.job),
    waiting: waiting?.detail,
    championVersion: champion?.version,
    claim: claim?.value,
    job,
    failed: failed?.detail,
    receipt: receipt?.value,
  });
}

async function transformJobFacts(name: string, session: Session): Promise<JobFacts | undefined> {
  const found = await describeTransformJob(name, session);
  if (found === undefined) return undefined;
  return { name, status: found.TransformJobStatus ?? '', createdAt: found.CreationTime?.toISOString(), startedAt: found.TransformStartTime?.toISOString(), endedAt: found.TransformEndTime?.toISOString() };
}

/** A training file is followed through the newest job that it is in. */
async function followTrainingFile(dataset: string, content: Content, session: Session): Promise<Timeline> {
  const job = await newestJobWith(dataset, content, session);
  const [verdict, configText] = await Promise.all([readVerdict(dataset, content, session), session.bucket.readText(keys.datasetConfig(dataset))]);
  const isRefused = verdict !== undefined && (verdict.settings === trainingSettings(configText) || verdict.settings === '');
  const file = { files: [content.key], id: content.etag, droppedAt: content.droppedAt, verdict, isRefused, startOn: startOn(configText) };
  return trainingTimeline({ dataset, ...file, ...(await trainingFacts(dataset, job, session)) });
}

async function followTraining(dataset: string, job: string, session: Session): Promise<Timeline> {
  const files = (await readLineage(job, session)).map(({ key }) => key);
  return trainingTimeline({ dataset, files, id: job, droppedAt: undefined, verdict: undefined, isRefused: false, startOn: 'quiet', ...(await trainingFacts(dataset, job, session)) });
}

type TrainingFacts = Pick<TrainingTimelineFacts, 'job' | 'failed' | 'registered' | 'decision' | 'comparison' | 'promotedAt' | 'championVersion'>;

async function trainingFacts(dataset: string, name: string | undefined, session: Session): Promise<TrainingFacts> {
  const champion = await readChampion(dataset, session);
  if (name === undefined) return { job: undefined, failed: undefined, registered: undefined, decision: undefined, comparison: undefined, promotedAt: undefined, championVersion: champion?.version };
  const [job, failed, decision, comparison, model] = await Promise.all([
    trainingJobFacts(name, session),
    findHappening('TrainingFailed', dataset, [name], session),
    readDecision(dataset, name, session),
    runningComparison(dataset, name, champion, session),
    readModel(dataset, name, champion, session),
  ]);
  return { job, failed: failed?.detail, decision, comparison, championVersion: champion?.version, ...model };
}

async function readModel(dataset: string, job: string, champion: Champion | undefined, session: Session): Promise<Pick<TrainingFacts, 'registered' | 'promotedAt'>> {
  const registration = await readRegistration(dataset, job, session);
  if (registration === undefined) return { registered: undefined, promotedAt: undefined };
  const { version, modelPackageArn } = registration;
  const [modelPackage, changed, told, promoted] = await Promise.all([
    describeVersion(modelPackageArn, session),
    changedAt(modelPackageArn, session),
    findHappening('ModelRegistered', dataset, [job], session),
    findHappenings('ModelPromoted', dataset, session),
  ]);
  const { status, explanation = '' } = modelPackage;
  const byHandAt = isDecidedByPerson(modelPackage) ? changed : undefined;
  return { registered: { version, at: told?.detail.at, status, explanation, byHandAt }, promotedAt: champion?.version === version ? champion.promotedAt : promoted.findLast(({ detail }) => detail.modelPackageArn === modelPackageArn)?.detail.at };
}

async function trainingJobFacts(name: string, { clients }: Session): Promise<JobFacts> {
  const found = await clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
  return {
    name,
    status: found.TrainingJobStatus ?? '',
    doing: found.SecondaryStatus,
    createdAt: found.CreationTime?.toISOString(),
    startedAt: found.TrainingStartTime?.toISOString(),
    endedAt: found.TrainingEndTime?.toISOString(),
  };
}

async function newestJobWith(dataset: string, { key, etag }: Content, session: Session): Promise<string | undefined> {
  const request = { NameContains: `df-${dataset}-`, SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 100 } as const;
  const { TrainingJobSummaries = [] } = await session.clients.sagemaker.send(new ListTrainingJobsCommand(request));
  for (const { TrainingJobName: job = '' } of TrainingJobSummaries) {
    if (parseJobName(job)?.dataset !== dataset) continue;
    if ((await readLineage(job, session)).some((file) => file.key === key && file.etag === etag)) return job;
  }
  return undefined;
}

/** The files that a job has trained on; none of one that only compares. */
async function readLineage(job: string, { bucket }: Session): Promise<Lineage['files']> {
  const request = (await bucket.readJson(`${keys.jobConfigFolder(job)}job.json`, TrainingRequestSchema))?.value;
  return request === undefined || request.compare !== undefined ? [] : request.lineage.files;
}

async function readVerdict(dataset: string, { zone, file, etag }: Content, { bucket }: Session): Promise<Verdict | undefined> {
  return (await bucket.readJson(keys.verdict(zone, dataset, file, etag), VerdictSchema))?.value;
}

/** Settings that cannot be read start nothing; the file's verdict says so. */
function startOn(configText: string | undefined): TrainingTimelineFacts['startOn'] {
  try {
    return parseDatasetConfig(configText).startOn;
  } catch {
    return 'quiet';
  }
}
