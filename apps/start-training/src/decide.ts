/** What a training file's arrival leads to. Pure: the same facts give the same actions. */
import { jobName, keys, makeEvent, trainingJobBase, type DatasetConfig, type TrainingRequest, type UploadProblem } from '@dropforest/contracts';
import { refuse, trainingJobInput, type Action, type ObjectHead, type TrainingJob } from '@dropforest/lambda-kit';

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
  /** The event that is handled: which file, when it was created, and whether it is the `_SUCCESS` beside the others. */
  readonly trigger: { readonly key: string; readonly at: number; readonly isMarker: boolean };
  readonly files: readonly DroppedFile[];
  /** Jobs that were created since the event: whoever created them, as this event may have, could be cut off before telling of it. */
  readonly createdSince: readonly TrainingRequest[];
  readonly now: number;
}

interface ReadableFacts extends CommonFacts {
  readonly config: DatasetConfig;
  readonly instanceType: TrainingJob['instanceType'];
  /** Training job of the model that predicts, which the new one is compared with. */
  readonly champion: string | undefined;
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
  const told = facts.createdSince.map((request) => started(request, facts.now));
  if ('configProblem' in facts) return [...told, ...refuseTrigger(facts, facts.configProblem)];
  const before = [...told, ...facts.files.flatMap((file) => refuseIfBad(file, facts))];
  const good = trainable(facts.files);
  if (good.length === 0 || !isStarter(facts)) return before;
  const wait = secondsToWait(good, facts);
  if (wait > 0 && !facts.jobExists) {
    return [...before, { type: 'wait', seconds: wait, why: `files of ${facts.dataset} may still be coming` }];
  }
  return [...before, ...train(good, facts)];
}

/** Where a marker starts trainings, files by themselves do not; where the quiet does, a marker means nothing. */
function isStarter({ config, trigger }: ReadableFacts): boolean {
  return trigger.isMarker === (config.startOn === '_SUCCESS');
}

/** The name, without its attempt, of the job on all files that can be trained on. */
export function jobBaseOf(dataset: string, files: readonly DroppedFile[], config: DatasetConfig, image: string): string {
  return trainingJobBase(dataset, { files: trainable(files), config, image });
}

function trainable(files: readonly DroppedFile[]): readonly DroppedFile[] {
  return files.filter((file) => file.problem === undefined);
}

/** With a dataset.json that cannot be read nothing can be trained: the file that came, or all that a marker stands for, are refused. */
function refuseTrigger(facts: CommonFacts, message: string): readonly Action[] {
  const { trigger } = facts;
  const problem = { code: 'invalid-dataset-config', message, remedy: `Correct ${keys.datasetConfig(facts.dataset)} and drop the file again` };
  const files = facts.files.filter(({ key }) => trigger.isMarker || key === trigger.key);
  return files.flatMap((file) => refuse({ ...file, zone: 'train', dataset: facts.dataset, settings: facts.settings, problem }, facts.now));
}

/** A file's own event tells of its refusal again, in case the first telling was cut short. */
function refuseIfBad(file: DroppedFile, { dataset, settings, trigger, now }: CommonFacts): readonly Action[] {
  if (file.problem === undefined || (file.hasVerdict && file.key !== trigger.key)) return [];
  return refuse({ ...file, zone: 'train', dataset, settings, problem: file.problem }, now);
}

/** How long the files may still be coming, in seconds; 0 once they are all there. */
export function secondsToWait(files: readonly ObjectHead[], { config, trigger, lastJobAt = 0, now }: Pick<ReadableFacts, 'config' | 'trigger' | 'lastJobAt' | 'now'>): number {
  if (trigger.isMarker) return 0;
  const quiet = config.quietSeconds * 1000;
  if (now - Math.max(trigger.at, lastJobAt) >= quiet * LONGEST_WAIT_IN_QUIET_PERIODS) return 0;
  const newest = Math.max(...files.map((file) => file.lastModified));
  return Math.max(0, Math.ceil((newest + quiet - now) / 1000));
}

function train(files: readonly DroppedFile[], facts: ReadableFacts): readonly Action[] {
  const { dataset, config, image, attempt, now } = facts;
  const job = jobName(jobBaseOf(dataset, files, config, image), attempt);
  const sources = files.map((file) => ({ key: file.key, etag: file.etag, snapshot: keys.snapshot(dataset, file.etag, file.file) }));
  const request: TrainingRequest = { dataset, lineage: { job, image, files: sources } };
  if (facts.jobExists) return [started(request, now)];
  const folder = keys.snapshotFolder(dataset);
  return [
    ...files.map(({ key, etag, size, file }): Action => ({ type: 'copy', from: key, etag, size, to: keys.snapshot(dataset, etag, file) })),
    { type: 'write-json', key: keys.inputManifest(job), value: [{ prefix: `s3://${facts.bucket}/${folder}` }, ...sources.map(({ snapshot }) => snapshot.slice(folder.length))] },
    { type: 'write-json', key: `${keys.jobConfigFolder(job)}dataset.json`, value: config },
    { type: 'write-json', key: `${keys.jobConfigFolder(job)}job.json`, value: request },
    { type: 'create-training-job', input: trainingJobInput({ ...facts, job, inputManifest: keys.inputManifest(job), models: { champion: facts.champion } }) },
    started(request, now),
  ];
}

function started({ dataset, lineage: { job, files } }: TrainingRequest, now: number): Action {
  const told = files.slice(0, FILES_TOLD).map(({ key, etag }) => ({ key, etag }));
  return { type: 'emit', event: makeEvent('TrainingStarted', [job], now, { dataset, job, files: told, fileCount: files.length }) };
}
