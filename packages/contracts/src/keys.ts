/**
 * Object keys of the one bucket. `train/` and `predict/` are the drop zones, `datasets/` holds dataset.json; everything
 * else is written by the system.
 */
import { ContractError } from './errors.ts';

export type Zone = 'train' | 'predict';

/** What the key of an object in a drop zone says. */
export type DroppedKey =
  /** A file for `dataset`; `file` is the key below the data set's folder and may hold slashes. */
  | { readonly kind: 'file'; readonly zone: Zone; readonly dataset: string; readonly file: string }
  /** `_SUCCESS` below a data set's folder: whoever dropped the files says that they are all there. */
  | { readonly kind: 'marker'; readonly zone: Zone; readonly dataset: string }
  /** Nothing to react to: a folder's own entry, a key outside the drop zones. */
  | { readonly kind: 'ignored' }
  /** A person meant something by it, but it cannot be used. `dataset` is as found, possibly empty. */
  | { readonly kind: 'refused'; readonly zone: Zone; readonly dataset: string; readonly file: string; readonly problem: UploadProblem };

/** Why a file was refused, in words for the person who dropped it. */
export interface UploadProblem {
  /** Stable and short, for programs: `missing-target`. */
  readonly code: string;
  /** What is wrong and where. */
  readonly message: string;
  /** What to do about it. Neither sentence ends with a full stop. */
  readonly remedy: string;
  /** Line of the file, counted from 1, where one is to blame. */
  readonly line?: number | undefined;
  /** Name of the column, where one is to blame. */
  readonly column?: string | undefined;
}

const DATASET_NAME = /^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/;
const TABLE_FILE = /\.(?:csv|tsv|txt)(?:\.gz)?$/i;

const BAD_NAME: UploadProblem = {
  code: 'invalid-dataset-name',
  message: 'the folder is not a data set name',
  remedy: 'Name data sets with at most 24 of a-z, 0-9 and inner hyphens, and drop files at train/<dataset>/<file>.csv or predict/<dataset>/<file>.csv',
};
const BAD_EXTENSION: UploadProblem = {
  code: 'not-a-table-file',
  message: 'the file name does not end in .csv, .tsv or .txt',
  remedy: 'Save the table as CSV and drop it under a name that ends in .csv',
};

/** Keys that are derived from a file's add to its length; S3 takes 1,024 bytes. */
const LONGEST_FILE = 800;
const LONGEST_SHOWN = 200;
const LONG_NAME: UploadProblem = {
  code: 'name-too-long',
  message: `the file name, folders included, has more than ${LONGEST_FILE} bytes`,
  remedy: 'Give the file a shorter name',
};

/** Reads the key of an object that was created in the bucket (raw, not URL-encoded: as EventBridge sends it). */
export function parseDroppedKey(key: string): DroppedKey {
  const match = /^(train|predict)\/(?:([^/]*)\/)?(.*)$/s.exec(key);
  if (match === null) return { kind: 'ignored' };
  const zone: Zone = match[1] === 'train' ? 'train' : 'predict';
  const dataset = match[2] ?? '';
  const file = match[3] ?? '';
  if (file === '' || file.endsWith('/')) return { kind: 'ignored' };
  if (baseName(file) === '_SUCCESS') return DATASET_NAME.test(dataset) ? { kind: 'marker', zone, dataset } : { kind: 'ignored' };
  if (!DATASET_NAME.test(dataset)) return { kind: 'refused', zone, dataset, file, problem: BAD_NAME };
  if (Buffer.byteLength(file) > LONGEST_FILE) return { kind: 'refused', zone, dataset, file: file.slice(0, LONGEST_SHOWN), problem: LONG_NAME };
  if (!TABLE_FILE.test(file)) return { kind: 'refused', zone, dataset, file, problem: BAD_EXTENSION };
  return { kind: 'file', zone, dataset, file };
}

/** @throws ContractError `invalid-dataset-name` */
export function assertDatasetName(name: string): void {
  if (DATASET_NAME.test(name)) return;
  throw new ContractError('invalid-dataset-name', `${JSON.stringify(name)} is not a data set name: use at most 24 of a-z, 0-9 and inner hyphens, such as "big-mart"`);
}

/** Where everything lies. Folders end in a slash. */
export const keys = {
  dropFolder: (zone: Zone, dataset: string) => `${zone}/${dataset}/`,
  drop: (zone: Zone, dataset: string, file: string) => `${zone}/${dataset}/${file}`,
  datasetConfig: (dataset: string) => `datasets/${dataset}/dataset.json`,
  snapshotFolder: (dataset: string) => `snapshots/${dataset}/`,
  snapshot: (dataset: string, etag: string, file: string) => `snapshots/${dataset}/${etag}/${file}`,
  /** The list of snapshots that a job reads, in SageMaker's manifest format. */
  inputManifest: (job: string) => `manifests/${job}/input.manifest`,
  jobConfigFolder: (job: string) => `jobs/${job}/config/`,
  jobOutputFolder: (job: string) => `jobs/${job}/output/`,
  /** How often a person has asked for the job of these inputs. `base` is a job name without its attempt. */
  jobAttempt: (base: string) => `jobs/${base}/attempt.json`,
  modelFile: (dataset: string, job: string, name: string) => `models/${dataset}/${job}/${name}`,
  /** What a training job left behind in SageMaker's hands; only jobs open it. */
  modelArtifact: (job: string) => `jobs/${job}/output/model.tar.gz`,
  registration: (dataset: string, job: string) => `models/${dataset}/${job}/registration.json`,
  /** What was decided of a model, and why. */
  decision: (dataset: string, job: string) => `models/${dataset}/${job}/decision.json`,
  champion: (dataset: string) => `models/${dataset}/champion.json`,
  predictions: (dataset: string, file: string, etag: string) => `results/${dataset}/${file}/${etag}/predictions.csv`,
  claim: (dataset: string, file: string, etag: string) => `results/${dataset}/${file}/${etag}/claim.json`,
  receipt: (dataset: string, file: string, etag: string) => `results/${dataset}/${file}/${etag}/receipt.json`,
  resultFolder: (dataset: string) => `results/${dataset}/`,
  resultAttempt: (dataset: string, file: string, etag: string) => `results/${dataset}/${file}/${etag}/attempt.json`,
  /** Which files a transform job was meant for. */
  transformSource: (job: string) => `jobs/${job}/source.json`,
  /** Which transform job runs in one of the places that there are for them. */
  slot: (index: number) => `jobs/slots/${index}.json`,
  verdictFolder: (zone: Zone, dataset: string) => `rejected/${dataset}/${zone}/`,
  verdict: (zone: Zone, dataset: string, file: string, etag: string) => ['rejected', dataset, zone, file, `${etag}.json`].filter((part) => part !== '').join('/'),
  journalFolder: (dataset: string) => `journal/${dataset === '' ? '_' : dataset}/`,
  journalEntry: (dataset: string, id: string) => `journal/${dataset === '' ? '_' : dataset}/${id}.json`,
  /** Says that a happening is being told, or was told, through a channel. `channel` is its place in dataset.json's list. */
  delivery: (dataset: string, id: string, channel: string) => `deliveries/${dataset === '' ? '_' : dataset}/${id}/${channel}.json`,
};

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
