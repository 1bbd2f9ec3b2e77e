/** What a transform job's logs say: the container's counts, and the reason of a failure. */
import { paginateFilterLogEvents, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { BatchLogLineSchema, type BatchLogLine } from '@dropforest/contracts';
import { isAwsError } from '@dropforest/lambda-kit';

const LOG_GROUP = '/aws/sagemaker/TransformJobs';
/** A failure reason is cut to what SageMaker itself would show. */
const LONGEST_REASON = 1024;

/** The counts of the last request that was answered, which is the only one unless it was retried. */
export async function readBatchCounts(logs: CloudWatchLogsClient, job: string): Promise<Omit<BatchLogLine, 'event'> | undefined> {
  const lines = (await read(logs, job, '"batch-request"')).flatMap(parseLine);
  const { event: _, ...counts } = lines.at(-1) ?? { event: undefined };
  return 'rows' in counts ? counts : undefined;
}

/**
 * SageMaker's own reason is "See job logs for more information"; the job's data log has what the container answered,
 * after a line that says `Message:`.
 */
export async function readFailure(logs: CloudWatchLogsClient, job: string): Promise<string | undefined> {
  const lines = await read(logs, job, undefined, '/data-log');
  const text = lines.join('\n');
  const message = text.slice(text.lastIndexOf('Message:') + 'Message:'.length).trim();
  return text.includes('Message:') && message !== '' ? message.slice(0, LONGEST_REASON) : undefined;
}

async function read(client: CloudWatchLogsClient, job: string, filterPattern?: string, stream = ''): Promise<readonly string[]> {
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
