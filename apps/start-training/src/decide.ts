/** What a training file's arrival leads to. Pure: the same facts give the same actions. */
import { jobName, keys, makeEvent, trainingJobBase, type DatasetConfig, type TrainingRequest, type UploadProblem } from '@dropforest/contracts';
import { refuse, type Action, type ObjectHead } from '@dropforest/lambda-kit';
import type { TrainingInstanceType } from '@aws-sdk/client-sagemaker';
import { trainingJobInput } from './training-job.ts';

/** A file under `train/<dataset>/`. */
export interface DroppedFile extends ObjectHead {
  /** Its key below the data set's folder. */
  readonly file: string;
  /** Why it cannot be trained on. */
  readonly problem?: UploadProblem;
  /** Whether it was refused before under the same settings. */
  readonly hasVerdict: boolean;
}

interface CommonFacts {
  readonly dataset: string;
  readonly bucket: string;
  readonly image: string;
  readonly roleArn: string;
  /** Digest of what files are held against. */
  readonly settings: string;
  /** The event that is handled: which file, and when it was created. */
  readonly trigger: { readonly key: string; readonly at: number };
  readonly files: readonly DroppedFile[];
  readonly now: number;
}

interface ReadableFacts extends CommonFacts {
  readonly config: DatasetConfig;
  readonly instanceType: TrainingInstanceType;
  /** The attempt that a person has asked for last. */
  readonly attempt: number;
  /** When the data set's newest training job was created. */
  readonly lastJobAt: number | undefined;
  /** Whether the job of these inputs and this attempt was created before. */
  readonly jobExists: boolean;
}

export type TrainingFacts = ReadableFacts | (CommonFacts & { readonly configProblem: string });

/** An event has room for so many. */
const FILES_TOLD = 100;

/** However many files keep coming, they are trained on once in so many quiet periods. */
const LONGEST_WAIT_IN_QUIET_PERIODS = 10;

export function decideTraining(facts: TrainingFacts): readonly Action[] {
  if ('configProblem' in facts) return refuseTrigger(facts, facts.configProblem);
  const refusals = facts.files.flatMap((file) => refuseIfBad(file, facts));
  const good = trainable(facts.files);
  if (good.length === 0) return refusals;
  const wait = secondsToWait(good, facts);
  if (wait > 0 && !facts.jobExists) {
    return [...refusals, { type: 'wait', seconds: wait, why: `files of ${facts.dataset} may still be coming` }];
  }
  return [...refusals, ...train(good, facts)];
}

/** The name, without its attempt, of the job on all files that can be trained on. */
export function jobBaseOf(dataset: string, files: readonly DroppedFile[], config: DatasetConfig, image: string): string {
  return trainingJobBase(dataset, { files: trainable(files), config, image });
}

function trainable(files: readonly DroppedFile[]): readonly DroppedFile[] {
  return files.filter((file) => file.problem === undefined);
}

/** With a dataset.json that cannot be read nothing can be trained: the file that came is refused and says why. */
function refuseTrigger(facts: CommonFacts, message: string): readonly Action[] {
  const file = facts.files.find(({ key }) => key === facts.trigger.key);
  if (file === undefined) return [];
  const problem = { code: 'invalid-dataset-config', message, remedy: `Correct ${keys.datasetConfig(facts.dataset)} and drop the file again` };
  return refuse({ ...file, zone: 'train', dataset: facts.dataset, settings: facts.settings, problem }, facts.now);
}

/** A file's own event tells of its refusal again, in case the first telling was cut short. */
function refuseIfBad(file: DroppedFile, { dataset, settings, trigger, now }: CommonFacts): readonly Action[] {
  if (file.problem === undefined || (file.hasVerdict && file.key !== trigger.key)) return [];
  return refuse({ ...file, zone: 'train', dataset, settings, problem: file.problem }, now);
}

function secondsToWait(files: readonly ObjectHead[], { config, trigger, lastJobAt = 0, now }: ReadableFacts): number {
  const quiet = config.quietSeconds * 1000;
  if (now - Math.max(trigger.at, lastJobAt) >= quiet * LONGEST_WAIT_IN_QUIET_PERIODS) return 0;
  const newest = Math.max(...files.map((file) => file.lastModified));
  return Math.max(0, Math.ceil((newest + quiet - now) / 1000));
}

function train(files: readonly DroppedFile[], facts: ReadableFacts): readonly Action[] {
  const { dataset, config, image, attempt, now } = facts;
  const job = jobName(jobBaseOf(dataset, files, config, image), attempt);
  const started: Action = {
    type: 'emit',
    event: makeEvent('TrainingStarted', [job], now, { dataset, job, files: files.slice(0, FILES_TOLD).map(({ key, etag }) => ({ key, etag })), fileCount: files.length }),
  };
  if (facts.jobExists) return [started];
  const sources = files.map((file) => ({ key: file.key, etag: file.etag, snapshot: keys.snapshot(dataset, file.etag, file.file) }));
  const request: TrainingRequest = { dataset, lineage: { job, image, files: sources } };
  const folder = keys.snapshotFolder(dataset);
  return [
    ...sources.map(({ key, etag, snapshot }): Action => ({ type: 'copy', from: key, etag, to: snapshot })),
    { type: 'write-json', key: keys.inputManifest(job), value: [{ prefix: `s3://${facts.bucket}/${folder}` }, ...sources.map(({ snapshot }) => snapshot.slice(folder.length))] },
    { type: 'write-json', key: `${keys.jobConfigFolder(job)}dataset.json`, value: config },
    { type: 'write-json', key: `${keys.jobConfigFolder(job)}job.json`, value: request },
    { type: 'create-training-job', input: trainingJobInput({ ...facts, job }) },
    started,
  ];
}
