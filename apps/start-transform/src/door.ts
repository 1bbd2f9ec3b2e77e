/** What a file to predict must have before a job is paid for. Only the head of the file is looked at. */
import { positionalNames, requiredColumns, type ModelManifest, type UploadProblem } from '@dropforest/contracts';
import type { Bucket, ObjectHead } from '@dropforest/lambda-kit';
import { closestName, inspectHead, type HeadInspection } from '@dropforest/tabular';
import { MOST_MEGABYTES } from './transform-job.ts';

/** A file is one request. */
export const LARGEST_FILE = MOST_MEGABYTES << 20;

/** Enough for the header of any reasonable table and some rows. */
const HEAD_BYTES = 256 * 1024;

/** What files are held against. */
interface Needs {
  readonly version: number;
  readonly manifest: ModelManifest;
}

/** Reads the head of a file. `undefined` where nothing is wrong. @throws FactsChanged */
export async function inspectFile({ key, etag, size }: ObjectHead, model: Needs | undefined, bucket: Bucket): Promise<UploadProblem | undefined> {
  const head = size === 0 ? new Uint8Array() : await bucket.readHead(key, etag, HEAD_BYTES);
  const reading = model === undefined ? {} : { reading: { header: model.manifest.schema.header } };
  return checkPredictionHead(inspectHead(head, { complete: head.length === size, ...reading }), size, model);
}

/** `undefined` where nothing is wrong. */
export function checkPredictionHead(head: HeadInspection, size: number, model: Needs | undefined): UploadProblem | undefined {
  if (!head.ok) return head.problem;
  if (size > LARGEST_FILE) {
    return {
      code: 'too-large',
      message: `the file has ${Math.ceil(size / (1 << 20))} MB; a file to predict may have ${LARGEST_FILE / (1 << 20)} MB`,
      remedy: 'Split the file, with the header in each part, and drop the parts',
    };
  }
  return model === undefined ? undefined : missingColumns(head.header, model.version, model.manifest);
}

function missingColumns(header: readonly string[], version: number, manifest: ModelManifest): UploadProblem | undefined {
  const names = manifest.schema.header ? header : positionalNames(manifest, header.length).slice(0, header.length);
  const missing = requiredColumns(manifest).filter((column) => !names.includes(column));
  if (missing.length === 0) return undefined;
  return {
    code: 'missing-column',
    line: 1,
    column: missing[0],
    message: `line 1: the ${manifest.schema.header ? 'header' : 'file, which has no header,'} lacks ${missing.map((column) => describe(column, names)).join(', ')}, which model version ${version} needs`,
    remedy: 'Add the named columns, spelled as they were in the training file, in any order; a cell may be empty where the value is unknown',
  };
}

function describe(column: string, header: readonly string[]): string {
  const near = closestName(column, header);
  return near === undefined ? JSON.stringify(column) : `${JSON.stringify(column)} (it has ${JSON.stringify(near)})`;
}
