/** What a transform job's logs say: the container's counts, and the reasons of failures. */
import { paginateFilterLogEvents, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { BatchLogLineSchema, type BatchLogLine, type TransformFile } from '@dropforest/contracts';
import { isAwsError } from '@dropforest/lambda-kit';

const LOG_GROUP = '/aws/sagemaker/TransformJobs';
/** A failure reason is cut to what SageMaker itself would show. */
const LONGEST_REASON = 1024;

/** How many rows a file has, and what became of them. */
export type BatchCounts = Pick<BatchLogLine, 'rows' | 'predicted' | 'refused'>;

/** The counts of each content, by its SHA-256. Of a request that was sent again the last counts. */
export async function readBatchCounts(logs: CloudWatchLogsClient, job: string): Promise<ReadonlyMap<string, BatchCounts>> {
  return countsOf(await read(logs, job, { filterPattern: '"batch-request"' }));
}

export function countsOf(lines: readonly string[]): ReadonlyMap<string, BatchCounts> {
  return new Map(lines.flatMap(parseLine).map(({ sha256, rows, predicted, refused }) => [sha256, { rows, predicted, refused }]));
}

/** The lines of a job's data log, which says of each failed file what the container answered. */
export async function readDataLog(logs: CloudWatchLogsClient, job: string): Promise<readonly string[]> {
  return read(logs, job, { stream: '/data-log' });
}

/**
 * Why a file failed: SageMaker's own reason is "See job logs for more information"; the data log has, each line after
 * the object's name, a headline and, after `Message:`, what the container answered.
 * @example `2026-03-04T06:00:12Z:[sagemaker logs]: bucket/snapshots/sales/e1/a.csv: Message:`
 */
export function reasonOf({ snapshot }: TransformFile, bucket: string, lines: readonly string[]): string | undefined {
  const mark = `${bucket}/${snapshot}: `;
  const said = lines.flatMap((line) => {
    const text = line.replace(/^.*?\[sagemaker logs\]: /, '');
    return text.startsWith(mark) ? [text.slice(mark.length)] : [];
  });
  // Of a request that was sent again the last answer.
  const message = said.slice(said.lastIndexOf('Message:') + 1).join('\n').trim();
  const reason = message === '' ? said.filter((line) => line !== 'Message:').join('\n').trim() : message;
  return reason === '' ? undefined : reason.slice(0, LONGEST_REASON);
}

interface Selection {
  readonly filterPattern?: string;
  /** How the names of the streams end. */
  readonly stream?: string;
}

async function read(client: CloudWatchLogsClient, job: string, { filterPattern, stream = '' }: Selection): Promise<readonly string[]> {
  const lines: string[] = [];
  const request = { logGroupName: LOG_GROUP, logStreamNamePrefix: `${job}/`, ...(filterPattern === undefined ? {} : { filterPattern }) };
  try {
    for await (const page of paginateFilterLogEvents({ client }, request)) {
      for (const { message = '', logStreamName = '' } of page.events ?? []) if (logStreamName.endsWith(stream)) lines.push(message);
    }
  } catch (error) {
    if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
  }
  return lines;
}

function parseLine(line: string): readonly BatchLogLine[] {
  try {
    const result = BatchLogLineSchema.safeParse(JSON.parse(line));
    return result.success ? [result.data] : [];
  } catch {
    return [];
  }
}
